pragma circom 2.1.6;

include "permutation.circom";

// Opens a message: the first seven plaintext elements under the Poseidon duplex cipher with nonce 0.
//
// Neither the tag nor the padding is looked at: the protocol decrypts unchecked, and what was tampered with is
// judged by its content. So the permutation that would make the tag is left out, and the last element of the
// ciphertext is used by the message hash alone.
template DecryptCommand() {
    signal input ciphertext[10];
    signal input sharedKey[2];
    signal output plaintext[7];

    var C[4 * 8 + 56] = POSEIDON_C(4);

    component block[3];
    for (var b = 0; b < 3; b++) {
        block[b] = PoseidonBehindFirstLayer(4, b == 2 ? 2 : 4);
        if (b == 0) {
            block[b].powers[0] <== fifthPower(C[0]);
            block[b].powers[1] <== FifthPower()(sharedKey[0] + C[1]);
            block[b].powers[2] <== FifthPower()(sharedKey[1] + C[2]);
            block[b].powers[3] <== fifthPower(C[3] + 7 * (1 << 128));
        } else {
            block[b].powers[0] <== FifthPower()(block[b - 1].out[0] + C[0]);
            for (var j = 0; j < 3; j++) {
                block[b].powers[j + 1] <== FifthPower()(ciphertext[3 * (b - 1) + j] + C[j + 1]);
            }
        }
        for (var j = 0; j < 3 && 3 * b + j < 7; j++) {
            plaintext[3 * b + j] <== ciphertext[3 * b + j] - block[b].out[j + 1];
        }
    }
}
