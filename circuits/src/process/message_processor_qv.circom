pragma circom 2.1.6;

include "message_processor.circom";

// MessageProcessor for polls of mode QV.
template MessageProcessorQv(stateTreeDepth, batchSize, voteOptionTreeDepth) {
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

    MessageProcessor(QV(), stateTreeDepth, batchSize, voteOptionTreeDepth)(
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
}
