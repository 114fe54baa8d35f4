pragma circom 2.1.6;

include "../trees/binary.circom";

// The root over a leaf of a tree of any depth up to maxDepth; the index has no bits beyond that depth.
template LeanPath(maxDepth) {
    signal input leaf;
    signal input siblings[maxDepth][1];
    signal input index;
    signal input depth;
    signal output out;

    signal flags[maxDepth + 1] <== LevelFlags(maxDepth)(depth);

    component path = BinaryPath(maxDepth);
    path.leaf <== leaf;
    signal bits[maxDepth];
    var sum = 0;
    var place = 1;
    var above = 1; // 1 on the levels below the root
    for (var i = 0; i < maxDepth; i++) {
        above -= flags[i];
        bits[i] <-- (index >> i) & 1;
        bits[i] * (bits[i] - above) === 0;
        sum += bits[i] * place;
        place += place;
        path.bits[i] <== bits[i];
        path.siblings[i] <== siblings[i][0];
    }
    sum === index;
    out <== NodeAtLevel(maxDepth)(flags, path.nodes);
}
