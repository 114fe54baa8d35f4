pragma circom 2.1.6;

include "ladder_hints.circom";

// Baby Jubjub as the Montgomery curve v² = u³ + A·u² + u: the affine chord-and-tangent formulas, three
// constraints an addition and four a doubling.
//
// They are not complete. A template below says what its caller must rule out; then its hints are the only
// values that satisfy its constraints.

function montgomeryA() {
    return 168698;
}

// Needs x ≠ 0 and y ≠ 1, which every point of the curve but (0, ±1) has.
template ToMontgomery() {
    signal input point[2];
    signal output out[2];

    out[0] <-- (1 + point[1]) / (1 - point[1]);
    out[0] * (1 - point[1]) === 1 + point[1];
    out[1] <-- out[0] / point[0];
    out[1] * point[0] === out[0];
}

// Needs v ≠ 0: not the point of order 2. (u = -1 is on no point: A - 2 is not a square.)
template ToEdwards() {
    signal input point[2];
    signal output out[2];

    out[0] <-- point[0] / point[1];
    out[0] * point[1] === point[0];
    out[1] <-- (point[0] - 1) / (point[0] + 1);
    out[1] * (point[0] + 1) === point[0] - 1;
}

// Needs p ≠ ±q.
template MontgomeryAdd() {
    signal input p[2];
    signal input q[2];
    signal output out[2];

    signal slope <-- (q[1] - p[1]) / (q[0] - p[0]);
    slope * (q[0] - p[0]) === q[1] - p[1];
    out[0] <== slope * slope - montgomeryA() - p[0] - q[0];
    out[1] <== slope * (p[0] - out[0]) - p[1];
}

// Needs v ≠ 0.
template MontgomeryDouble() {
    signal input p[2];
    signal output out[2];

    signal square <== p[0] * p[0];
    signal slope <-- (3 * square + 2 * montgomeryA() * p[0] + 1) / (2 * p[1]);
    slope * (2 * p[1]) === 3 * square + 2 * montgomeryA() * p[0] + 1;
    out[0] <== slope * slope - montgomeryA() - 2 * p[0];
    out[1] <== slope * (p[0] - out[0]) - p[1];
}

// start, then `steps` times: 2·accumulator + point if the bit is 1, 2·accumulator - point if it is 0.
//
// With start = m·point the result is n·point for the integer n that the recurrence m ← 2m ± 1 gives. A step is
// (accumulator ± point) + accumulator, two additions; the v of the first sum is never needed, so a step costs
// five constraints and one for the sign. Needs, at every step, m·point and (2m ± 1)·point ≠ neutral and
// m·point ≠ ±point.
template DoubleAndAdd(steps) {
    signal input start[2];
    signal input point[2];
    signal input bits[steps]; // most significant first
    signal output out[2];

    assert(steps <= maxLadderSteps());
    var accumulators[2][256] = ladderAccumulators(start, point, bits, steps);
    var gaps[256];
    for (var i = 0; i < steps; i++) {
        gaps[i] = accumulators[0][i] - point[0];
    }
    var inverse[256] = inverses(gaps, steps);
    var slopes[256];
    for (var i = 0; i < steps; i++) {
        slopes[i] = (accumulators[1][i] - (2 * bits[i] - 1) * point[1]) * inverse[i];
        // The accumulator's u less that of the first sum.
        gaps[i] = 2 * accumulators[0][i] - slopes[i] * slopes[i] + montgomeryA() + point[0];
    }
    inverse = inverses(gaps, steps);

    signal u[steps + 1];
    signal v[steps + 1];
    signal signedV[steps];
    signal firstSlope[steps];
    signal firstU[steps];
    signal secondSlope[steps];

    u[0] <== start[0];
    v[0] <== start[1];
    for (var i = 0; i < steps; i++) {
        signedV[i] <== (2 * bits[i] - 1) * point[1];
        firstSlope[i] <-- slopes[i];
        firstSlope[i] * (u[i] - point[0]) === v[i] - signedV[i];
        firstU[i] <== firstSlope[i] * firstSlope[i] - montgomeryA() - u[i] - point[0];
        // The chord through the sum and the accumulator, without the sum's v.
        secondSlope[i] <-- 2 * v[i] * inverse[i] - slopes[i];
        (firstSlope[i] + secondSlope[i]) * (u[i] - firstU[i]) === 2 * v[i];
        u[i + 1] <== secondSlope[i] * secondSlope[i] - montgomeryA() - u[i] - firstU[i];
        v[i + 1] <== secondSlope[i] * (u[i] - u[i + 1]) - v[i];
    }
    out[0] <== u[steps];
    out[1] <== v[steps];
}
