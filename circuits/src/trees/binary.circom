pragma circom 2.1.6;

include "../poseidon/permutation.circom";
include "../poseidon/hash.circom";

// H2 of a node and its sibling; `bit` is 1 if the node is the right one.
template BinaryParent() {
    signal input bit;
    signal input node;
    signal input sibling;
    signal output out;

    signal left <== node + bit * (sibling - node);
    out <== Hash(2)([left, node + sibling - left]);
}

// The nodes from a leaf up to level `depth`; nodes[0] is the leaf.
template BinaryPath(depth) {
    signal input bits[depth];
    signal input leaf;
    signal input siblings[depth];
    signal output nodes[depth + 1];

    nodes[0] <== leaf;
    for (var i = 0; i < depth; i++) {
        nodes[i + 1] <== BinaryParent()(bits[i], nodes[i], siblings[i]);
    }
}

// BinaryParent for two nodes in the same place, before and after an update.
//
// The sibling's first S-box is the same in both hashes, so it is made once. That is possible because selection
// by `bit` comes behind the first layer: a place has its own round constant, linear in `bit`, before it.
template BinaryParents() {
    signal input bit;
    signal input old;
    signal input new;
    signal input sibling;
    signal output oldOut;
    signal output newOut;

    var C[3 * 8 + 57] = POSEIDON_C(3);

    signal siblingPower <== FifthPower()(sibling + C[2] + bit * (C[1] - C[2]));
    signal oldPower <== FifthPower()(old + C[1] + bit * (C[2] - C[1]));
    signal newPower <== FifthPower()(new + C[1] + bit * (C[2] - C[1]));

    signal oldLeft <== oldPower + bit * (siblingPower - oldPower);
    signal newLeft <== newPower + bit * (siblingPower - newPower);
    signal oldOuts[1] <== PoseidonBehindFirstLayer(3, 1)([fifthPower(C[0]), oldLeft, oldPower + siblingPower - oldLeft]);
    signal newOuts[1] <== PoseidonBehindFirstLayer(3, 1)([fifthPower(C[0]), newLeft, newPower + siblingPower - newLeft]);
    oldOut <== oldOuts[0];
    newOut <== newOuts[0];
}

// The nodes from a leaf up to level `depth`, before and after the leaf is replaced.
template BinaryPaths(depth) {
    signal input bits[depth];
    signal input oldLeaf;
    signal input newLeaf;
    signal input siblings[depth];
    signal output oldNodes[depth + 1];
    signal output newNodes[depth + 1];

    oldNodes[0] <== oldLeaf;
    newNodes[0] <== newLeaf;
    for (var i = 0; i < depth; i++) {
        (oldNodes[i + 1], newNodes[i + 1]) <== BinaryParents()(bits[i], oldNodes[i], newNodes[i], siblings[i]);
    }
}

// Flags for 0 … depth, all 0 but the one at `level`; there is no witness for a level beyond.
template LevelFlags(depth) {
    signal input level;
    signal output out[depth + 1];

    var sum = 0;
    var position = 0;
    for (var i = 0; i <= depth; i++) {
        out[i] <-- level == i;
        out[i] * (out[i] - 1) === 0;
        sum += out[i];
        position += i * out[i];
    }
    sum === 1;
    position === level;
}

// The node at the flagged level.
template NodeAtLevel(depth) {
    signal input flags[depth + 1];
    signal input nodes[depth + 1];
    signal output out;

    signal selected[depth + 1];
    var sum = 0;
    for (var i = 0; i <= depth; i++) {
        selected[i] <== flags[i] * nodes[i];
        sum += selected[i];
    }
    out <== sum;
}
