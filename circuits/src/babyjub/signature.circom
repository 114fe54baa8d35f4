pragma circom 2.1.6;

include "circomlib/circuits/comparators.circom";
include "../arithmetic/canonical.circom";
include "../poseidon/hash.circom";
include "challenge.circom";
include "multiply_base8.circom";
include "usable.circom";

// Whether (R8, S) signs `message` under `publicKey`; there is a witness for every input.
//
// Valid iff the key is a point of the curve whose eightfold is not neutral, S is in range, and
// S·Base8 - e·(8·key) = R8. R8 needs no test of its own: what it is compared with is a point of the curve.
// S in range has bits 251 and 252 clear, so leaving them out of the product changes no verdict.
template IsSigned() {
    signal input publicKey[2];
    signal input r8[2];
    signal input s;
    signal input message;
    signal output valid;

    component key = UsablePoint();
    key.point <== publicKey;

    component scalar = SignatureScalar();
    scalar.in <== s;
    component multiply = MultiplyBase8();
    for (var i = 0; i < 249; i++) {
        multiply.low[i] <== scalar.bits[i];
    }
    multiply.top <== [scalar.bits[249], scalar.bits[250], scalar.bits[253]];

    signal challenge <== Hash(5)([r8[0], r8[1], publicKey[0], publicKey[1], message]);
    signal product[2] <== MultiplyChallenge()(challenge, key.safe);
    signal expected[2] <== EdwardsAdd()(multiply.out, [-product[0], product[1]]);

    signal sameX <== IsEqual()([expected[0], r8[0]]);
    signal sameY <== IsEqual()([expected[1], r8[1]]);
    valid <== IsEqual()([key.usable + scalar.inRange + sameX + sameY, 4]);
}
