pragma circom 2.1.6;

include "../babyjub/ecdh.circom";
include "../babyjub/secret_scalar.circom";
include "../poseidon/hash.circom";
include "../trees/binary.circom";
include "bounds.circom";
include "command.circom";
include "message.circom";

// One batch of messages, processed from the last to the first: from currentSbCommitment to newSbCommitment.
// The statement and its signals are MACI's, the same in all modes.
template MessageProcessor(mode, stateTreeDepth, batchSize, voteOptionTreeDepth) {
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

    assert(stateTreeDepth >= 1 && stateTreeDepth <= 32);
    assert(voteOptionTreeDepth >= 1 && voteOptionTreeDepth <= 13);

    AtMost(2 ** stateTreeDepth)(totalSignups);
    AtMost(5 ** voteOptionTreeDepth)(voteOptions);
    signal before <== Hash(3)([currentStateRoot, currentBallotRoot, currentSbSalt]);
    before === currentSbCommitment;

    // The coordinator's key.
    signal secretBits[251] <== SecretScalarBits()(coordinatorPrivateKey);
    signal publicKeyHash <== Hash(2)(PublicKey()(secretBits));
    publicKeyHash === coordinatorPublicKeyHash;
    signal ecdhScalar[251] <== EcdhScalar()(secretBits);

    // Which slots hold messages: the first batchEndIndex - index.
    signal active[batchSize];
    var messageCount = 0;
    for (var i = 0; i < batchSize; i++) {
        active[i] <-- index + i < batchEndIndex;
        active[i] * (active[i] - 1) === 0;
        if (i > 0) {
            active[i] * (1 - active[i - 1]) === 0;
        }
        messageCount += active[i];
    }
    messageCount === batchEndIndex - index;

    // The messages are those of the chain, and all of them.
    signal chain[batchSize + 1];
    signal link[batchSize];
    chain[0] <== inputBatchHash;
    for (var i = 0; i < batchSize; i++) {
        link[i] <== Hash(2)([chain[i], MessageHash()(messages[i], encryptionPublicKeys[i])]);
        chain[i + 1] <== chain[i] + active[i] * (link[i] - chain[i]);
    }
    chain[batchSize] === outputBatchHash;

    // From the last slot to the first.
    signal stateLevelFlags[stateTreeDepth + 1] <== LevelFlags(stateTreeDepth)(actualStateTreeDepth);
    component slot[batchSize];
    for (var i = batchSize - 1; i >= 0; i--) {
        slot[i] = ProcessMessage(mode, stateTreeDepth, voteOptionTreeDepth);
        slot[i].active <== active[i];
        slot[i].message <== messages[i];
        slot[i].encryptionPublicKey <== encryptionPublicKeys[i];
        slot[i].ecdhScalar <== ecdhScalar;
        slot[i].totalSignups <== totalSignups;
        slot[i].voteOptions <== voteOptions;
        slot[i].stateLevelFlags <== stateLevelFlags;
        slot[i].stateLeaf <== currentStateLeaves[i];
        slot[i].stateLeafPathElements <== currentStateLeavesPathElements[i];
        slot[i].ballot <== currentBallots[i];
        slot[i].ballotPathElements <== currentBallotsPathElements[i];
        slot[i].voteWeight <== currentVoteWeights[i];
        slot[i].voteWeightPathElements <== currentVoteWeightsPathElements[i];
        if (i == batchSize - 1) {
            slot[i].stateRoot <== currentStateRoot;
            slot[i].ballotRoot <== currentBallotRoot;
        } else {
            slot[i].stateRoot <== slot[i + 1].newStateRoot;
            slot[i].ballotRoot <== slot[i + 1].newBallotRoot;
        }
    }

    signal after <== Hash(3)([slot[0].newStateRoot, slot[0].newBallotRoot, newSbSalt]);
    after === newSbCommitment;
}
