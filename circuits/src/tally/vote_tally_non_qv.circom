pragma circom 2.1.6;

include "circomlib/circuits/comparators.circom";
include "../poseidon/hash.circom";
include "commitments.circom";
include "open_ballots.circom";

// Adds one batch of ballots to the tally of a NON_QV or FULL poll.
template VoteTallyNonQv(stateTreeDepth, tallyProcessingStateTreeDepth, voteOptionTreeDepth) {
    signal input sbCommitment;
    signal input currentTallyCommitment;
    signal input newTallyCommitment;
    signal input index;
    signal input totalSignups;
    signal input stateRoot;
    signal input ballotRoot;
    signal input sbSalt;
    signal input ballots[2 ** tallyProcessingStateTreeDepth][2];
    signal input ballotPathElements[stateTreeDepth - tallyProcessingStateTreeDepth][1];
    signal input votes[2 ** tallyProcessingStateTreeDepth][5 ** voteOptionTreeDepth];
    signal input currentResults[5 ** voteOptionTreeDepth];
    signal input currentResultsRootSalt;
    signal input newResultsRootSalt;
    signal input currentSpentVoiceCreditSubtotal;
    signal input currentSpentVoiceCreditSubtotalSalt;
    signal input newSpentVoiceCreditSubtotalSalt;

    assert(tallyProcessingStateTreeDepth < stateTreeDepth && stateTreeDepth <= 32);
    assert(voteOptionTreeDepth >= 1 && voteOptionTreeDepth <= 5);

    var batchSize = 2 ** tallyProcessingStateTreeDepth;
    var options = 5 ** voteOptionTreeDepth;

    OpenBallots(stateTreeDepth, tallyProcessingStateTreeDepth, voteOptionTreeDepth)(
        sbCommitment, index, totalSignups, stateRoot, ballotRoot, sbSalt, ballots, ballotPathElements, votes
    );

    // Votes of the batch by option; a vote costs one credit.
    signal addedVotes[options];
    var spent = 0;
    for (var j = 0; j < options; j++) {
        var votesSum = 0;
        for (var i = 0; i < batchSize; i++) {
            votesSum += votes[i][j];
        }
        addedVotes[j] <== votesSum;
        spent += votesSum;
    }

    signal isFirst <== IsZero()(index);
    component results = ListCommitments(voteOptionTreeDepth);
    results.isFirst <== isFirst;
    results.current <== currentResults;
    results.added <== addedVotes;
    results.currentSalt <== currentResultsRootSalt;
    results.newSalt <== newResultsRootSalt;

    component total = ValueCommitments();
    total.isFirst <== isFirst;
    total.current <== currentSpentVoiceCreditSubtotal;
    total.added <== spent;
    total.currentSalt <== currentSpentVoiceCreditSubtotalSalt;
    total.newSalt <== newSpentVoiceCreditSubtotalSalt;

    // The tally before the first batch is the literal 0.
    signal before <== Hash(2)([results.currentCommitment, total.currentCommitment]);
    signal after <== Hash(2)([results.newCommitment, total.newCommitment]);
    before * (1 - isFirst) === currentTallyCommitment;
    after === newTallyCommitment;
}
