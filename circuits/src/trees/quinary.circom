pragma circom 2.1.6;

include "../poseidon/permutation.circom";
include "../poseidon/hash.circom";

// The root of 5^depth leaves.
template QuinaryRoot(depth) {
    signal input leaves[5 ** depth];
    signal output out;

    var count = 5 ** depth;
    var hashes = (count - 1) \ 4;
    component parent[hashes];
    // Parent h hashes nodes 5h … 5h + 4, leaves first, then the parents in their order.
    for (var h = 0; h < hashes; h++) {
        parent[h] = Hash(5);
        for (var j = 0; j < 5; j++) {
            if (5 * h + j < count) {
                parent[h].in[j] <== leaves[5 * h + j];
            } else {
                parent[h].in[j] <== parent[5 * h + j - count].out;
            }
        }
    }
    out <== parent[hashes - 1].out;
}

// The quinary digits of an index, least significant first: per digit, four flags for the values 1 … 4.
template QuinaryDigits(depth) {
    signal input index;
    signal output flags[depth][4];

    var sum = 0;
    var place = 1;
    for (var i = 0; i < depth; i++) {
        var any = 0;
        for (var j = 0; j < 4; j++) {
            flags[i][j] <-- (index \ place) % 5 == j + 1;
            flags[i][j] * (flags[i][j] - 1) === 0;
            any += flags[i][j];
            sum += flags[i][j] * (j + 1) * place;
        }
        any * (any - 1) === 0;
        place *= 5;
    }
    sum === index;
}

// H5 of two nodes in the same place, before and after an update, with their four siblings.
//
// The siblings' first S-boxes are made once for both hashes, as in BinaryParents. Sibling j stands in place j if
// the node stands behind it, else in place j + 1; `shift[j]`, sibling power minus node power if the node stands
// behind place j, then gives every place without a further product.
template QuinaryParents() {
    signal input flags[4];
    signal input old;
    signal input new;
    signal input siblings[4];
    signal output oldOut;
    signal output newOut;

    var C[6 * 8 + 60] = POSEIDON_C(6);

    // behind[j]: the node's place is beyond j.
    var behind[4];
    behind[3] = flags[3];
    for (var j = 2; j >= 0; j--) {
        behind[j] = behind[j + 1] + flags[j];
    }
    var nodeConstant = C[1];
    for (var j = 0; j < 4; j++) {
        nodeConstant += flags[j] * (C[j + 2] - C[1]);
    }

    signal siblingPower[4];
    for (var j = 0; j < 4; j++) {
        siblingPower[j] <== FifthPower()(siblings[j] + C[j + 2] + behind[j] * (C[j + 1] - C[j + 2]));
    }

    signal nodes[2] <== [old, new];
    signal nodePower[2];
    signal shift[2][4];
    component rest[2];
    for (var n = 0; n < 2; n++) {
        nodePower[n] <== FifthPower()(nodes[n] + nodeConstant);
        for (var j = 0; j < 4; j++) {
            shift[n][j] <== behind[j] * (siblingPower[j] - nodePower[n]);
        }
        rest[n] = PoseidonBehindFirstLayer(6, 1);
        rest[n].powers[0] <== fifthPower(C[0]);
        rest[n].powers[1] <== nodePower[n] + shift[n][0];
        for (var j = 1; j < 4; j++) {
            rest[n].powers[j + 1] <== siblingPower[j - 1] + shift[n][j] - shift[n][j - 1];
        }
        rest[n].powers[5] <== siblingPower[3] - shift[n][3];
    }
    oldOut <== rest[0].out[0];
    newOut <== rest[1].out[0];
}

// The roots above a leaf, before and after it is replaced.
template QuinaryRoots(depth) {
    signal input flags[depth][4];
    signal input oldLeaf;
    signal input newLeaf;
    signal input siblings[depth][4];
    signal output oldRoot;
    signal output newRoot;

    signal old[depth + 1];
    signal new[depth + 1];
    old[0] <== oldLeaf;
    new[0] <== newLeaf;
    for (var i = 0; i < depth; i++) {
        (old[i + 1], new[i + 1]) <== QuinaryParents()(flags[i], old[i], new[i], siblings[i]);
    }
    oldRoot <== old[depth];
    newRoot <== new[depth];
}
