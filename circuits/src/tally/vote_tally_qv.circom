pragma circom 2.1.6;

include "circomlib/circuits/comparators.circom";
include "../poseidon/hash.circom";
include "commitments.circom";
include "open_ballots.circom";

// Adds one batch of ballots to the tally of a QV poll.
template VoteTallyQv(stateTreeDepth, tallyProcessingStateTreeDepth, voteOptionTreeDepth) {
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
    signal input currentPerVoteOptionSpentVoiceCredits[5 ** voteOptionTreeDepth];
    signal input currentPerVoteOptionSpentVoiceCreditsRootSalt;
    signal input newPerVoteOptionSpentVoiceCreditsRootSalt;

    assert(tallyProcessingStateTreeDepth < stateTreeDepth && stateTreeDepth <= 32);
    assert(voteOptionTreeDepth >= 1 && voteOptionTreeDepth <= 5);

    var batchSize = 2 ** tallyProcessingStateTreeDepth;
    var options = 5 ** voteOptionTreeDepth;

    OpenBallots(stateTreeDepth, tallyProcessingStateTreeDepth, voteOptionTreeDepth)(
        sbCommitment, index, totalSignups, stateRoot, ballotRoot, sbSalt, ballots, ballotPathElements, votes
    );

    // Votes of the batch by option, and what they cost: their squares.
    signal square[batchSize][options];
    signal addedVotes[options];
    signal addedCosts[options];
    var spent = 0;
    for (var j = 0; j < options; j++) {
        var votesSum = 0;
        var costSum = 0;
        for (var i = 0; i < batchSize; i++) {
            square[i][j] <== votes[i][j] * votes[i][j];
            votesSum += votes[i][j];
            costSum += square[i][j];
        }
        addedVotes[j] <== votesSum;
        addedCosts[j] <== costSum;
        spent += costSum;
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

    component perOption = ListCommitments(voteOptionTreeDepth);
    perOption.isFirst <== isFirst;
    perOption.current <== currentPerVoteOptionSpentVoiceCredits;
    perOption.added <== addedCosts;
    perOption.currentSalt <== currentPerVoteOptionSpentVoiceCreditsRootSalt;
    perOption.newSalt <== newPerVoteOptionSpentVoiceCreditsRootSalt;

    // The tally before the first batch is the literal 0.
    signal before <== Hash(3)([results.currentCommitment, total.currentCommitment, perOption.currentCommitment]);
    signal after <== Hash(3)([results.newCommitment, total.newCommitment, perOption.newCommitment]);
    before * (1 - isFirst) === currentTallyCommitment;
    after === newTallyCommitment;
}
