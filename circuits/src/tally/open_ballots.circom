pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";
include "../poseidon/hash.circom";
include "../trees/binary.circom";
include "../trees/quinary.circom";

// Opens the ballots of one batch: 2^batchDepth neighbours, from number `index` on, under sbCommitment.
template OpenBallots(stateTreeDepth, batchDepth, voteOptionTreeDepth) {
    signal input sbCommitment;
    signal input index;
    signal input totalSignups;
    signal input stateRoot;
    signal input ballotRoot;
    signal input sbSalt;
    signal input ballots[2 ** batchDepth][2];
    signal input ballotPathElements[stateTreeDepth - batchDepth][1];
    signal input votes[2 ** batchDepth][5 ** voteOptionTreeDepth];

    var batchSize = 2 ** batchDepth;
    var pathDepth = stateTreeDepth - batchDepth;

    signal opened <== Hash(3)([stateRoot, ballotRoot, sbSalt]);
    opened === sbCommitment;

    // index is a multiple of the batch size, and at most totalSignups.
    signal batchBits[pathDepth];
    var batchNumber = 0;
    var place = 1;
    for (var i = 0; i < pathDepth; i++) {
        batchBits[i] <-- (index >> (batchDepth + i)) & 1;
        batchBits[i] * (batchBits[i] - 1) === 0;
        batchNumber += batchBits[i] * place;
        place += place;
    }
    batchNumber * batchSize === index;
    component remaining = Num2Bits(stateTreeDepth + 1);
    remaining.in <== totalSignups - index;

    // The batch's subtree, then the path from it to the root.
    component node[2 * batchSize - 1];
    signal level[2 * batchSize - 1];
    for (var i = 0; i < 2 * batchSize - 1; i++) {
        node[i] = Hash(2);
        if (i < batchSize) {
            node[i].in <== ballots[i];
        } else {
            node[i].in[0] <== level[2 * (i - batchSize)];
            node[i].in[1] <== level[2 * (i - batchSize) + 1];
        }
        level[i] <== node[i].out;
    }
    component path = BinaryPath(pathDepth);
    path.leaf <== level[2 * batchSize - 2];
    for (var i = 0; i < pathDepth; i++) {
        path.bits[i] <== batchBits[i];
        path.siblings[i] <== ballotPathElements[i][0];
    }
    path.nodes[pathDepth] === ballotRoot;

    // Each ballot holds the root of its votes.
    signal voteRoot[batchSize];
    for (var i = 0; i < batchSize; i++) {
        voteRoot[i] <== QuinaryRoot(voteOptionTreeDepth)(votes[i]);
        voteRoot[i] === ballots[i][1];
    }
}
