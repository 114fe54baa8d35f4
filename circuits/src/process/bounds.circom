pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";

// The number of bits that hold 0 … value - 1.
function bitsFor(value) {
    var bits = 0;
    while ((1 << bits) < value) {
        bits++;
    }
    return bits;
}

// Whether an index of 50 bits is below a bound of 0 … 2^width, and its low `width` bits.
//
// An index with a higher bit is beyond the bound: counting those bits replaces a comparison of 50 bits by one
// of `width`.
template IsIndexBelow(width) {
    signal input indexBits[50];
    signal input bound;
    signal output out;
    signal output low;

    var sum = 0;
    var highBits = 0;
    var place = 1;
    for (var i = 0; i < 50; i++) {
        if (i < width) {
            sum += indexBits[i] * place;
            place += place;
        } else {
            highBits += indexBits[i];
        }
    }
    low <== sum;
    component difference = Num2Bits(width + 1);
    difference.in <== low - bound + place;
    signal fits <== IsZero()(highBits);
    out <== fits * (1 - difference.out[width]);
}

// There is a witness only for 0 ≤ value ≤ bound.
template AtMost(bound) {
    signal input value;

    var width = bitsFor(bound + 1);
    component low = Num2Bits(width);
    low.in <== value;
    component high = Num2Bits(width);
    high.in <== bound - value;
}
