pragma circom 2.1.6;

include "src/process/message_processor_qv.circom";
include "src/babyjub/edwards.circom";

// Stands in for release 3.0.0's MessageProcessorQv, which no npm package ships: the same verdict for every message
// that the release can prove, and like it no witness for a batch with an encryption key of order 4 or 8.
template ReleaseMessageProcessorQv(stateTreeDepth, batchSize, voteOptionTreeDepth) {
    signal input totalSignups;
    signal input outputBatchHash;
    signal input actualStateTreeDepth;
    signal input coordinatorPublicKeyHash;
    signal input voteOptions;
    signal input currentSbCommitment;
    signal input newSbCommitment;
    signal input index;
    signal input batchEndIndex;
    signal input inputBatchHash;
    signal input messages[batchSize][10];
    signal input encryptionPublicKeys[batchSize][2];
    signal input coordinatorPrivateKey;
    signal input currentStateRoot;
    signal input currentBallotRoot;
    signal input currentSbSalt;
    signal input newSbSalt;
    signal input currentStateLeaves[batchSize][3];
    signal input currentStateLeavesPathElements[batchSize][stateTreeDepth][1];
    signal input currentBallots[batchSize][2];
    signal input currentBallotsPathElements[batchSize][stateTreeDepth][1];
    signal input currentVoteWeights[batchSize];
    signal input currentVoteWeightsPathElements[batchSize][voteOptionTreeDepth][4];

    MessageProcessorQv(stateTreeDepth, batchSize, voteOptionTreeDepth)(
        totalSignups,
        outputBatchHash,
        actualStateTreeDepth,
        coordinatorPublicKeyHash,
        voteOptions,
        currentSbCommitment,
        newSbCommitment,
        index,
        batchEndIndex,
        inputBatchHash,
        messages,
        encryptionPublicKeys,
        coordinatorPrivateKey,
        currentStateRoot,
        currentBallotRoot,
        currentSbSalt,
        newSbSalt,
        currentStateLeaves,
        currentStateLeavesPathElements,
        currentBallots,
        currentBallotsPathElements,
        currentVoteWeights,
        currentVoteWeightsPathElements
    );

    // x² of the points of order 8; of order 4, a·x² is 1.
    var orderEight = 13862874335524385404093788619067331614407010556828562385171431015707730962518;
    signal xSquare[batchSize];
    signal lowOrder[batchSize];
    signal inverse[batchSize];
    for (var i = 0; i < batchSize; i++) {
        xSquare[i] <== encryptionPublicKeys[i][0] * encryptionPublicKeys[i][0];
        lowOrder[i] <== (edwardsA() * xSquare[i] - 1) * (xSquare[i] - orderEight);
        inverse[i] <-- 1 / lowOrder[i];
        lowOrder[i] * inverse[i] === 1;
    }
}

component main {
    public [
        totalSignups,
        outputBatchHash,
        actualStateTreeDepth,
        coordinatorPublicKeyHash,
        voteOptions,
        currentSbCommitment,
        newSbCommitment,
        index,
        batchEndIndex
    ]
} = ReleaseMessageProcessorQv(5, 3, 1);
