pragma circom 2.1.6;

include "circomlib/circuits/poseidon_constants.circom";

function poseidonPartialRounds(t) {
    var rounds[5] = [56, 57, 56, 60, 60];
    return rounds[t - 2];
}

// circomlib's sparse matrices of the partial rounds of width t, 2t - 1 values each: the weights of the new first
// element, then what the S-box adds to the others, the latter divided by the S-box's own weight.
function poseidonSparse(t, matrices) {
    for (var row = 0; row < poseidonPartialRounds(t) * (2 * t - 1); row += 2 * t - 1) {
        for (var i = 0; i < t - 1; i++) {
            matrices[row + t + i] /= matrices[row];
        }
    }
    return matrices;
}

// The S-box of Poseidon, of a constant.
function fifthPower(x) {
    var square = x * x;
    return square * square * x;
}

// The S-box of Poseidon.
template FifthPower() {
    signal input base;
    signal output out;

    signal square <== base * base;
    signal fourth <== square * square;
    out <== fourth * base;
}

// The Poseidon permutation of width t, from behind its first layer of S-boxes.
//
// `powers` is that layer's output. Who calls may have made it in a cheaper way: a constant stays a constant, a
// Merkle sibling is raised once for the old and the new path.
template PoseidonBehindFirstLayer(t, outputs) {
    signal input powers[t];
    signal output out[outputs];

    // As an argument the matrices are computed by the compiler; in a variable they would be by every witness.
    out <== PoseidonRounds(t, outputs, poseidonSparse(t, POSEIDON_S(t)))(powers);
}

// The same, given the sparse matrices.
//
// Linear layers are kept in variables, so they cost neither signals nor linear constraints. A full round has its
// S-boxes' outputs as signals. A partial round has its S-box's input: what the S-box puts out is then a linear
// combination of inputs, dense as it must be, but used only on the right side of one constraint, so the rows of
// A and B stay short.
template PoseidonRounds(t, outputs, sparse) {
    signal input powers[t];
    signal output out[outputs];

    var partialRounds = poseidonPartialRounds(t);
    var C[t * 8 + partialRounds] = POSEIDON_C(t);
    var M[t][t] = POSEIDON_M(t);
    var P[t][t] = POSEIDON_P(t);

    var state[t];
    var mixed[t];
    signal square[7][t];
    signal fourth[7][t];
    signal fifth[7][t];

    // The rest of full round 1, and full rounds 2 to 4; the last of them mixes with P.
    for (var j = 0; j < t; j++) {
        state[j] = powers[j] + C[t + j];
    }
    for (var r = 0; r < 4; r++) {
        if (r > 0) {
            for (var j = 0; j < t; j++) {
                square[r - 1][j] <== mixed[j] * mixed[j];
                fourth[r - 1][j] <== square[r - 1][j] * square[r - 1][j];
                fifth[r - 1][j] <== fourth[r - 1][j] * mixed[j];
                state[j] = fifth[r - 1][j] + C[(r + 1) * t + j];
            }
        }
        for (var i = 0; i < t; i++) {
            mixed[i] = 0;
            for (var j = 0; j < t; j++) {
                mixed[i] += (r == 3 ? P[j][i] : M[j][i]) * state[j];
            }
        }
    }

    // Partial rounds: sboxIn[r] goes through the S-box, the other elements of `mixed` do not.
    signal sboxIn[partialRounds + 1];
    signal sboxSquare[partialRounds];
    signal sboxFourth[partialRounds];
    sboxIn[0] <== mixed[0];
    for (var r = 0; r < partialRounds; r++) {
        var row = (2 * t - 1) * r;
        sboxSquare[r] <== sboxIn[r] * sboxIn[r];
        sboxFourth[r] <== sboxSquare[r] * sboxSquare[r];
        var others = 0;
        for (var i = 1; i < t; i++) {
            others += sparse[row + i] * mixed[i];
        }
        sboxIn[r + 1] <== sparse[row] * sboxFourth[r] * sboxIn[r] + others + sparse[row] * C[5 * t + r];
        for (var i = 1; i < t; i++) {
            mixed[i] += sparse[row + t + i - 1] * (sboxIn[r + 1] - others);
        }
    }
    mixed[0] = sboxIn[partialRounds];

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
