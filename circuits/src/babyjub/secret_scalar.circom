pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";
include "../arithmetic/compare.circom";
include "multiply_base8.circom";

// The 251 bits of a secret scalar, which must be below l.
template SecretScalarBits() {
    signal input in;
    signal output out[251];

    var subgroupOrder = 2736030358979909402780800718157159386076813972158567259200215660948447373041;

    out <== Num2Bits(251)(in);
    component below = IsBelowConstant252(subgroupOrder, subgroupOrder);
    below.selected <== 0;
    for (var i = 0; i < 251; i++) {
        below.bits[i] <== out[i];
    }
    below.bits[251] <== 0;
    below.out === 1;
}

// The public key of a secret scalar given as bits.
template PublicKey() {
    signal input secretBits[251];
    signal output out[2];

    component multiply = MultiplyBase8();
    for (var i = 0; i < 249; i++) {
        multiply.low[i] <== secretBits[i];
    }
    multiply.top <== [secretBits[249], secretBits[250], 0];
    out <== multiply.out;
}
