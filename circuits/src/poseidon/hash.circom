pragma circom 2.1.6;

include "permutation.circom";

// Poseidon of n inputs: H1 to H5 of the protocol.
template Hash(n) {
    signal input in[n];
    signal output out;

    var t = n + 1;
    var C[t * 8 + poseidonPartialRounds(t)] = POSEIDON_C(t);

    component rest = PoseidonBehindFirstLayer(t, 1);
    rest.powers[0] <== fifthPower(C[0]);
    for (var i = 0; i < n; i++) {
        rest.powers[i + 1] <== FifthPower()(in[i] + C[i + 1]);
    }
    out <== rest.out[0];
}
