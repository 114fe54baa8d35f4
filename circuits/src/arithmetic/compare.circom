pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";

// Whether a < b, for two numbers given as n digits of `width` bits, least significant first.
//
// Each digit must be known to lie in [0, 2^width). `difference` keeps the first difference that is not zero,
// looking from the top: two constraints to see whether it is zero, one to take the next digits' difference.
// The sign of what remains decides. Digits are mostly linear in bits or constants, so this costs
// 3(n - 1) + width + 1 where a bit-by-bit comparison costs about one constraint a bit.
template IsLess(n, width) {
    signal input a[n];
    signal input b[n];
    signal output out;

    signal difference[n];
    signal same[n];
    difference[n - 1] <== a[n - 1] - b[n - 1];
    for (var i = n - 2; i >= 0; i--) {
        same[i] <== IsZero()(difference[i + 1]);
        difference[i] <== difference[i + 1] + same[i] * (a[i] - b[i]);
    }

    component sign = Num2Bits(width + 1);
    sign.in <== difference[0] + (1 << width);
    out <== 1 - sign.out[width];
}

// Digit i of a number, least significant first.
function digit(value, i, width) {
    return (value >> (i * width)) & ((1 << width) - 1);
}

// Whether the number of 252 bits is below `bound` (selected = 0) or `otherBound` (selected = 1).
//
// Both bounds are constants up to 2^252, so a digit of the bound in force is linear in `selected`.
template IsBelowConstant252(bound, otherBound) {
    signal input bits[252];
    signal input selected;
    signal output out;

    component less = IsLess(9, 28);
    for (var i = 0; i < 9; i++) {
        var sum = 0;
        var place = 1;
        for (var j = 0; j < 28; j++) {
            sum += bits[28 * i + j] * place;
            place += place;
        }
        less.a[i] <== sum;
        less.b[i] <== digit(bound, i, 28) + selected * (digit(otherBound, i, 28) - digit(bound, i, 28));
    }
    out <== less.out;
}
