pragma circom 2.1.6;

include "circomlib/circuits/poseidon_constants.circom";

function poseidonPartialRounds(t) {
    var rounds[5] = [56, 57, 56, 60, 60];
    return rounds[t - 2];
}

// The S-box of Poseidon, x^5, for x = base + constant.
template FifthPower() {
    signal input base;
    signal output out;

    signal square <== base * base;
    signal fourth <== square * square;
    out <== fourth * base;
}

// The Poseidon permutation of width t, from behind its first layer of S-boxes.
//
// `powers` is that layer's output. Who calls may have computed the first layer in a cheaper way (a constant
// stays a constant, a Merkle sibling is raised once for the old and the new path). Linear layers are kept in
// variables, so they cost neither signals nor linear constraints.
//
// Constants and sparse matrices are circomlib's: C (round constants), M (mixing matrix), P (its variant before
// the partial rounds), S (sparse matrices of the partial rounds).
template PoseidonBehindFirstLayer(t, outputs) {
    signal input powers[t];
    signal output out[outputs];

    var partialRounds = poseidonPartialRounds(t);
    var C[t * 8 + partialRounds] = POSEIDON_C(t);
    var S[partialRounds * (t * 2 - 1)] = POSEIDON_S(t);
    var M[t][t] = POSEIDON_M(t);
    var P[t][t] = POSEIDON_P(t);

    var state[t];
    var mixed[t];

    for (var j = 0; j < t; j++) {
        state[j] = powers[j] + C[t + j];
    }
    for (var i = 0; i < t; i++) {
        mixed[i] = 0;
        for (var j = 0; j < t; j++) {
            mixed[i] += M[j][i] * state[j];
        }
    }

    // Full rounds 2 to 4; the last of them mixes with P.
    signal square[7][t];
    signal fourth[7][t];
    signal fifth[7][t];
    for (var r = 0; r < 3; r++) {
        for (var j = 0; j < t; j++) {
            square[r][j] <== mixed[j] * mixed[j];
            fourth[r][j] <== square[r][j] * square[r][j];
            fifth[r][j] <== fourth[r][j] * mixed[j];
            state[j] = fifth[r][j] + C[(r + 2) * t + j];
        }
        for (var i = 0; i < t; i++) {
            mixed[i] = 0;
            for (var j = 0; j < t; j++) {
                mixed[i] += (r == 2 ? P[j][i] : M[j][i]) * state[j];
            }
        }
    }

    // Partial rounds: one S-box each.
    signal partialSquare[partialRounds];
    signal partialFourth[partialRounds];
    signal partialFifth[partialRounds];
    for (var r = 0; r < partialRounds; r++) {
        partialSquare[r] <== mixed[0] * mixed[0];
        partialFourth[r] <== partialSquare[r] * partialSquare[r];
        partialFifth[r] <== partialFourth[r] * mixed[0];
        var first = partialFifth[r] + C[5 * t + r];
        var row = (t * 2 - 1) * r;
        var dot = S[row] * first;
        for (var i = 1; i < t; i++) {
            dot += S[row + i] * mixed[i];
            mixed[i] += S[row + t + i - 1] * first;
        }
        mixed[0] = dot;
    }

    // Full rounds 5 to 8; nothing is added after the last one.
    for (var r = 3; r < 7; r++) {
        for (var j = 0; j < t; j++) {
            square[r][j] <== mixed[j] * mixed[j];
            fourth[r][j] <== square[r][j] * square[r][j];
            fifth[r][j] <== fourth[r][j] * mixed[j];
            state[j] = fifth[r][j];
            if (r < 6) {
                state[j] += C[5 * t + partialRounds + (r - 3) * t + j];
            }
        }
        for (var i = 0; i < t; i++) {
            mixed[i] = 0;
            for (var j = 0; j < t; j++) {
                mixed[i] += M[j][i] * state[j];
            }
        }
    }

    for (var i = 0; i < outputs; i++) {
        out[i] <== mixed[i];
    }
}
