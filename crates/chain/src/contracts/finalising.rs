//! MessageProcessor and Tally: the two contracts that take a poll's proofs.

use alloy::sol;

sol! {
    #[sol(rpc)]
    interface IMessageProcessor {
        function processMessages(uint256 _newSbCommitment, uint256[8] _proof);

        function processingComplete() view returns (bool);
        function totalBatchesProcessed() view returns (uint256);
        function currentBatchIndex() view returns (uint256);
        function sbCommitment() view returns (uint256);
        function mode() view returns (uint8);
        function poll() view returns (address);
        function getPublicCircuitInputs(uint256 _currentMessageBatchIndex, uint256 _newSbCommitment, uint256 _outputBatchHash) view returns (uint256[] publicInputs);
    }
}

sol! {
    #[sol(rpc)]
    interface ITally {
        struct AddTallyResultsArgs {
            uint256[] voteOptionIndices;
            uint256[] tallyResults;
            uint256[][][] tallyResultProofs;
            uint256 totalSpent;
            uint256 totalSpentSalt;
            uint256 tallyResultSalt;
            uint256 newResultsCommitment;
            uint256 spentVoiceCreditsHash;
            uint256 perVOSpentVoiceCreditsHash;
        }
        struct TallyResult { uint256 value; bool isSet; }

        /// Generation B only; nothing depends on it.
        event ResultAdded(uint256 indexed voteOptionIndex, uint256 indexed tallyResult);

        function updateSbCommitment();
        function tallyVotes(uint256 _newTallyCommitment, uint256[8] _proof);
        function addTallyResults(AddTallyResultsArgs args);

        function isTallied() view returns (bool tallied);
        function tallyBatchNum() view returns (uint256);
        function tallyCommitment() view returns (uint256);
        function sbCommitment() view returns (uint256);
        function totalTallyResults() view returns (uint256);
        function totalSpent() view returns (uint256);
        function mode() view returns (uint8);
        function getTallyResults(uint256 index) view returns (TallyResult);
        function getPublicCircuitInputs(uint256 _batchStartIndex, uint256 _newTallyCommitment) view returns (uint256[] publicInputs);
        function verifyTallyResult(uint256 _voteOptionIndex, uint256 _tallyResult, uint256[][] _tallyResultProof, uint256 _tallyResultSalt, uint8 _voteOptionTreeDepth, uint256 _spentVoiceCreditsHash, uint256 _perVoteOptionSpentVoiceCreditsHash) view returns (bool isValid);
        function verifySpentVoiceCredits(uint256 _totalSpent, uint256 _totalSpentSalt, uint256 _resultCommitment, uint256 _perVoteOptionSpentVoiceCreditsHash) view returns (bool isValid);
        function verifyPerVoteOptionSpentVoiceCredits(uint256 _voteOptionIndex, uint256 _spent, uint256[][] _spentProof, uint256 _spentSalt, uint8 _voteOptionTreeDepth, uint256 _spentVoiceCreditsHash, uint256 _resultCommitment) view returns (bool isValid);
    }
}
