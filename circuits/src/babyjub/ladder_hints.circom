pragma circom 2.1.6;

include "edwards.circom";

// Hints for DoubleAndAdd. A slope is a quotient, and field inversions are what a witness spends most of its time
// on. So all accumulators are computed in projective Edwards coordinates first, and then inverted together.
// Nothing here is trusted: the template's constraints define every value.

function maxLadderSteps() {
    return 255;
}

// The inverses of the first `count` values for one inversion; zeros if one of them is zero.
function inverses(values, count) {
    var products[256];
    var product = 1;
    for (var i = 0; i < count; i++) {
        products[i] = product;
        product *= values[i];
    }
    var inverse = product != 0 ? 1 / product : 0;
    var result[256];
    for (var i = count - 1; i >= 0; i--) {
        result[i] = inverse * products[i];
        inverse *= values[i];
    }
    return result;
}

// p + q in projective Edwards coordinates.
function projectiveSum(p, q) {
    var z = p[2] * q[2];
    var zz = z * z;
    var x = p[0] * q[0];
    var y = p[1] * q[1];
    var xy = edwardsD() * x * y;
    var f = zz - xy;
    var g = zz + xy;
    return [z * f * ((p[0] + p[1]) * (q[0] + q[1]) - x - y), z * g * (y - edwardsA() * x), f * g];
}

// A Montgomery point in projective Edwards coordinates.
function projective(point) {
    return [point[0] * (point[0] + 1), (point[0] - 1) * point[1], (point[0] + 1) * point[1]];
}

// The accumulators of a ladder, first to last, in Montgomery coordinates: all u, then all v.
function ladderAccumulators(start, point, bits, steps) {
    var p[3] = projective(point);
    var minus[3] = [-p[0], p[1], p[2]];
    var accumulator[3] = projective(start);
    var numerator[2][256];
    var denominator[256];
    for (var i = 0; i <= steps; i++) {
        // u = (Z + Y) / (Z - Y) and v = u·Z / X, over the common denominator.
        numerator[0][i] = (accumulator[2] + accumulator[1]) * accumulator[0];
        numerator[1][i] = (accumulator[2] + accumulator[1]) * accumulator[2];
        denominator[i] = (accumulator[2] - accumulator[1]) * accumulator[0];
        if (i < steps) {
            accumulator = projectiveSum(accumulator, accumulator);
            if (bits[i] == 1) {
                accumulator = projectiveSum(accumulator, p);
            } else {
                accumulator = projectiveSum(accumulator, minus);
            }
        }
    }
    var inverse[256] = inverses(denominator, steps + 1);
    for (var i = 0; i <= steps; i++) {
        numerator[0][i] *= inverse[i];
        numerator[1][i] *= inverse[i];
    }
    return numerator;
}
