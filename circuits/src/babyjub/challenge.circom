pragma circom 2.1.6;

include "../arithmetic/compare.circom";
include "edwards.circom";
include "montgomery.circom";

// 22·l, the first multiple of l from 2^255 on, less 2^255.
function challengeOffset() {
    return 22 * 2736030358979909402780800718157159386076813972158567259200215660948447373041 - 4 * (1 << 253);
}

// The 254 bits of e + offset, as integers, for the canonical representative e < p of the input.
//
// With offset = 22·l - 2^255 the number e + 22·l lies between 2^255 and 3·2^254: it starts with 10, and these are
// the bits behind. The field knows e + offset only modulo p; the right representative lies in
// [offset, offset + p), and a comparison with one of the two ends decides, with which one the two top bits say.
template ChallengeBits() {
    signal input in;
    signal output out[254];

    // As integers, in two halves: the field would wrap.
    var offset = challengeOffset();
    var half = 1 << 128;
    var low = in % half + offset % half;
    var high = in \ half + offset \ half + low \ half;
    var sum = 0;
    var place = 1;
    for (var i = 0; i < 254; i++) {
        out[i] <-- (i < 128 ? low >> i : high >> (i - 128)) & 1;
        out[i] * (out[i] - 1) === 0;
        sum += out[i] * place;
        place += place;
    }
    sum === in + offset;

    // The upper end is offset + p, less 3·2^252 for the top bits.
    signal top <== out[252] * out[253];
    component below = IsBelowConstant252(challengeOffset(), challengeOffset() - 3 * (1 << 252));
    below.selected <== top;
    for (var i = 0; i < 252; i++) {
        below.bits[i] <== out[i];
    }
    // Both top bits: the rest stays below offset + p. Neither: the number is not below offset.
    top * (1 - below.out) === 0;
    var neither = 1 - out[252] - out[253] + top;
    neither * below.out === 0;
}

// e·(8·point), for a usable point and the challenge e of a signature.
//
// 8·point has order l, so e + 22·l multiplies like e. The ladder fails only for a few hundred values of e, those
// for which a prefix of e + 22·l is within 1 of a multiple of l; e is a hash over point, so nobody can aim at them.
template MultiplyChallenge() {
    signal input challenge;
    signal input point[2];
    signal output out[2];

    signal bits[254] <== ChallengeBits()(challenge);

    signal double[2] <== MontgomeryDouble()(ToMontgomery()(point));
    signal quadruple[2] <== MontgomeryDouble()(double);
    signal base[2] <== MontgomeryDouble()(quadruple);

    // 10 and the next bit are 4 or 5 by value: the ladder starts at 5.
    signal two[2] <== MontgomeryDouble()(base);
    signal three[2] <== MontgomeryAdd()(two, base);
    signal five[2] <== MontgomeryAdd()(three, two);

    component ladder = DoubleAndAdd(253);
    ladder.start <== five;
    ladder.point <== base;
    for (var i = 0; i < 253; i++) {
        ladder.bits[i] <== bits[253 - i];
    }

    signal edwards[2] <== ToEdwards()(base);
    signal excess[2] <== PointOrNeutral()(1 - bits[0], [-edwards[0], edwards[1]]);
    out <== EdwardsAdd()(ToEdwards()(ladder.out), excess);
}
