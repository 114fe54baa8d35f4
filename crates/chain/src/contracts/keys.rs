//! VerifyingKeysRegistry, which remembers one key per circuit size, and the stateless Verifier.

use alloy::sol;

sol! {
    struct G1Point { uint256 x; uint256 y; }
    /// Coordinates with the imaginary part first, as the pairing precompile takes them.
    struct G2Point { uint256[2] x; uint256[2] y; }
    struct VerifyingKeyWords {
        G1Point alpha1;
        G2Point beta2;
        G2Point gamma2;
        G2Point delta2;
        G1Point[] ic;
    }

    #[sol(rpc)]
    interface IVerifyingKeysRegistry {
        struct SetVerifyingKeysBatchArgs {
            uint256 stateTreeDepth;
            uint256 pollStateTreeDepth;
            uint256 tallyProcessingStateTreeDepth;
            uint256 voteOptionTreeDepth;
            uint8 messageBatchSize;
            uint8[] modes;
            VerifyingKeyWords pollJoiningVerifyingKey;
            VerifyingKeyWords pollJoinedVerifyingKey;
            VerifyingKeyWords[] processVerifyingKeys;
            VerifyingKeyWords[] tallyVerifyingKeys;
        }

        constructor(address _initialOwner);
        function owner() view returns (address);

        function setVerifyingKeysBatch(SetVerifyingKeysBatchArgs _args);
        function setPollJoiningVerifyingKey(uint256 _stateTreeDepth, VerifyingKeyWords _pollJoiningVerifyingKey);
        function setPollJoinedVerifyingKey(uint256 _stateTreeDepth, VerifyingKeyWords _pollJoinedVerifyingSignature);
        function setProcessVerifyingKey(uint256 _stateTreeDepth, uint256 _voteOptionTreeDepth, uint8 _messageBatchSize, uint8 _mode, VerifyingKeyWords _processVerifyingKey);
        function setTallyVerifyingKey(uint256 _stateTreeDepth, uint256 _intStateTreeDepth, uint256 _voteOptionTreeDepth, uint8 _mode, VerifyingKeyWords _tallyVerifyingKey);

        function getPollJoiningVerifyingKey(uint256 _stateTreeDepth) view returns (VerifyingKeyWords verifyingKey);
        function getPollJoinedVerifyingKey(uint256 _stateTreeDepth) view returns (VerifyingKeyWords verifyingKey);
        function getProcessVerifyingKey(uint256 _stateTreeDepth, uint256 _voteOptionTreeDepth, uint8 _messageBatchSize, uint8 _mode) view returns (VerifyingKeyWords verifyingKey);
        function getTallyVerifyingKey(uint256 _stateTreeDepth, uint256 _intStateTreeDepth, uint256 _voteOptionTreeDepth, uint8 _mode) view returns (VerifyingKeyWords verifyingKey);
    }

    #[sol(rpc)]
    interface IVerifier {
        function verify(uint256[8] _proof, VerifyingKeyWords verifyingKey, uint256[] inputs) view returns (bool isValid);
    }
}
