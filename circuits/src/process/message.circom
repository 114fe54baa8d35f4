pragma circom 2.1.6;

include "circomlib/circuits/comparators.circom";
include "../babyjub/signature.circom";
include "../poseidon/hash.circom";
include "../trees/binary.circom";
include "../trees/quinary.circom";
include "bounds.circom";
include "command.circom";
include "credits.circom";

// Takes one message into the state: opens the leaf, ballot and vote it names (those at index 0 if it names none),
// judges it, and gives the roots behind it. An invalid message leaves the roots as they are.
template ProcessMessage(mode, stateTreeDepth, voteOptionTreeDepth) {
    signal input active; // 1 for a message of the poll, 0 for padding
    signal input message[10];
    signal input encryptionPublicKey[2];
    signal input ecdhScalar[251];
    signal input totalSignups; // at most 2^stateTreeDepth
    signal input voteOptions; // at most 5^voteOptionTreeDepth
    signal input stateLevelFlags[stateTreeDepth + 1];
    signal input stateRoot;
    signal input ballotRoot;
    signal input stateLeaf[3];
    signal input stateLeafPathElements[stateTreeDepth][1];
    signal input ballot[2];
    signal input ballotPathElements[stateTreeDepth][1];
    signal input voteWeight;
    signal input voteWeightPathElements[voteOptionTreeDepth][4];
    signal output newStateRoot;
    signal output newBallotRoot;

    component command = OpenMessage();
    command.message <== message;
    command.encryptionPublicKey <== encryptionPublicKey;
    command.ecdhScalar <== ecdhScalar;

    // Which leaf and which option are opened.
    component leafIndex = IsIndexBelow(stateTreeDepth);
    leafIndex.indexBits <== command.stateIndexBits;
    leafIndex.bound <== totalSignups;
    signal namesLeaf <== active * leafIndex.out;
    signal leafBits[stateTreeDepth];
    for (var i = 0; i < stateTreeDepth; i++) {
        leafBits[i] <== namesLeaf * command.stateIndexBits[i];
    }

    component optionIndex = IsIndexBelow(bitsFor(5 ** voteOptionTreeDepth));
    optionIndex.indexBits <== command.voteOptionIndexBits;
    optionIndex.bound <== voteOptions;
    signal optionFlags[voteOptionTreeDepth][4] <== QuinaryDigits(voteOptionTreeDepth)(optionIndex.out * optionIndex.low);

    // The verdict.
    component credits = SpendCredits(mode);
    credits.balance <== stateLeaf[2];
    credits.currentVotes <== voteWeight;
    credits.newVoteWeight <== command.newVoteWeight;
    signal signed <== IsSigned()([stateLeaf[0], stateLeaf[1]], command.r8, command.s, command.hash);
    signal inTurn <== IsEqual()([command.nonce, ballot[0] + 1]);
    signal valid <== IsEqual()(
        [command.keyIsSound + namesLeaf + optionIndex.out + credits.enough + signed + inTurn, 6]
    );

    // Leaf, vote and ballot behind the message.
    signal newStateLeaf[3];
    newStateLeaf[0] <== stateLeaf[0] + valid * (command.newPublicKey[0] - stateLeaf[0]);
    newStateLeaf[1] <== stateLeaf[1] + valid * (command.newPublicKey[1] - stateLeaf[1]);
    newStateLeaf[2] <== stateLeaf[2] + valid * credits.refund;
    signal newVoteWeight <== voteWeight + valid * (command.newVoteWeight - voteWeight);

    component votes = QuinaryRoots(voteOptionTreeDepth);
    votes.flags <== optionFlags;
    votes.oldLeaf <== voteWeight;
    votes.newLeaf <== newVoteWeight;
    votes.siblings <== voteWeightPathElements;
    votes.oldRoot === ballot[1];

    component state = BinaryPaths(stateTreeDepth);
    component ballots = BinaryPaths(stateTreeDepth);
    state.oldLeaf <== Hash(3)(stateLeaf);
    state.newLeaf <== Hash(3)(newStateLeaf);
    ballots.oldLeaf <== Hash(2)(ballot);
    ballots.newLeaf <== Hash(2)([ballot[0] + valid, votes.newRoot]);
    for (var i = 0; i < stateTreeDepth; i++) {
        state.bits[i] <== leafBits[i];
        state.siblings[i] <== stateLeafPathElements[i][0];
        ballots.bits[i] <== leafBits[i];
        ballots.siblings[i] <== ballotPathElements[i][0];
    }

    // The state tree ends at the poll's own depth, the ballot tree at the full one.
    signal oldStateRoot <== NodeAtLevel(stateTreeDepth)(stateLevelFlags, state.oldNodes);
    oldStateRoot === stateRoot;
    ballots.oldNodes[stateTreeDepth] === ballotRoot;
    newStateRoot <== NodeAtLevel(stateTreeDepth)(stateLevelFlags, state.newNodes);
    newBallotRoot <== ballots.newNodes[stateTreeDepth];
}
