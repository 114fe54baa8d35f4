pragma circom 2.1.6;

include "compare.circom";

// p - 3·2^252: what the low 252 bits of a field element stay below when its two top bits are set.
function topRemainder() {
    return -3 * (1 << 252);
}

// The 254 bits of a field element, of the one representative below p.
//
// A second representative, value + p, starts at p > 3·2^252, so it has both top bits set; only then must the
// rest be compared.
template CanonicalBits() {
    signal input in;
    signal output out[254];

    out <== Num2Bits(254)(in);

    component below = IsBelowConstant252(topRemainder(), topRemainder());
    below.selected <== 0;
    for (var i = 0; i < 252; i++) {
        below.bits[i] <== out[i];
    }
    signal top <== out[252] * out[253];
    top * (1 - below.out) === 0;
}

// The canonical bits of a signature's S, and whether its low 253 bits are at most l - 1.
//
// Bit 253 is not part of that test (protocol.md 28.3): S + k·l in [2^253, 2^253 + l) is in range too.
// With both top bits set S is out of range whatever the rest is, and the comparison serves the canonical form;
// otherwise every representative is canonical and it serves the range.
template SignatureScalar() {
    signal input in;
    signal output bits[254];
    signal output inRange;

    var subgroupOrder = 2736030358979909402780800718157159386076813972158567259200215660948447373041;

    bits <== Num2Bits(254)(in);

    signal top <== bits[252] * bits[253];
    component below = IsBelowConstant252(subgroupOrder, topRemainder());
    below.selected <== top;
    for (var i = 0; i < 252; i++) {
        below.bits[i] <== bits[i];
    }
    top * (1 - below.out) === 0;
    inRange <== below.out * (1 - bits[252]);
}
