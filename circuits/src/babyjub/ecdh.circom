pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";
include "edwards.circom";
include "montgomery.circom";
include "usable.circom";

// The bits that multiply encryption keys by the coordinator's secret scalar s, made once for a batch.
//
// Every usable point has an order that divides 8·l, so s + 8·l multiplies like s. As 0 ≤ s < l, it lies between
// 8·l and 9·l, has 254 bits and starts with 110: a double-and-add needs no care for leading zeros. `out` are
// the 251 bits behind that 110.
//
// s < 8 and s = l - 1 are refused: only there could the ladder meet a neutral point or its starting point. Such
// a scalar is found by trying, so no coordinator has a use for it.
template EcdhScalar() {
    signal input secretBits[251]; // of s < l
    signal output out[251];

    var subgroupOrder = 2736030358979909402780800718157159386076813972158567259200215660948447373041;

    var secretScalar = 0;
    var highBits = 0;
    var place = 1;
    for (var i = 0; i < 251; i++) {
        secretScalar += secretBits[i] * place;
        place += place;
        if (i >= 3) {
            highBits += secretBits[i];
        }
    }
    signal isTiny <== IsZero()(highBits);
    isTiny === 0;
    signal isLast <== IsEqual()([secretScalar, subgroupOrder - 1]);
    isLast === 0;

    out <== Num2Bits(251)(secretScalar + 8 * subgroupOrder - 6 * place);
}

// The key shared with an encryption key, s·key, or (0, 1) if the key is not usable; and whether a message with this
// key may count. The released circuits read keys with x = 0 with (0, 1) too, and have no witness for orders 4 and 8.
template SharedKey() {
    signal input scalar[251]; // from EcdhScalar
    signal input encryptionPublicKey[2];
    signal output out[2];
    signal output sound;

    component key = UsablePoint();
    key.point <== encryptionPublicKey;
    signal point[2] <== ToMontgomery()(key.safe);

    // 110 and the next bit are 13 or 12 by value; the ladder works on odd numbers, so it starts at 13.
    signal two[2] <== MontgomeryDouble()(point);
    signal three[2] <== MontgomeryAdd()(two, point);
    signal five[2] <== MontgomeryAdd()(three, two);
    signal eight[2] <== MontgomeryAdd()(five, three);
    signal thirteen[2] <== MontgomeryAdd()(eight, five);

    component ladder = DoubleAndAdd(250);
    ladder.start <== thirteen;
    ladder.point <== point;
    for (var i = 0; i < 250; i++) {
        ladder.bits[i] <== scalar[250 - i];
    }

    // The ladder's number is s + 8·l if that is odd, and one more if it is even.
    signal excess[2] <== PointOrNeutral()(1 - scalar[0], [-key.safe[0], key.safe[1]]);
    signal product[2] <== EdwardsAdd()(ToEdwards()(ladder.out), excess);
    out <== PointOrNeutral()(key.usable, product);
    sound <== key.sound;
}
