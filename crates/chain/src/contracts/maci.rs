//! MACI: sign-ups, and the making of polls. Two generations differ in the constructor and in
//! `deployPoll`; everything else is the same.

use alloy::sol;

sol! {
    /// What both generations answer alike.
    #[sol(rpc)]
    interface IMaci {
        struct PublicKey { uint256 x; uint256 y; }
        struct PollContracts { address poll; address messageProcessor; address tally; }

        event SignUp(uint256 _stateIndex, uint256 _timestamp, uint256 indexed _userPublicKeyX, uint256 indexed _userPublicKeyY);
        event DeployPoll(uint256 _pollId, uint256 indexed _coordinatorPublicKeyX, uint256 indexed _coordinatorPublicKeyY, uint8 _mode);

        function signUp(PublicKey _publicKey, bytes _signUpPolicyData);
        function getPoll(uint256 _pollId) view returns (PollContracts pollContracts);
        function polls(uint256) view returns (address poll, address messageProcessor, address tally);
        function nextPollId() view returns (uint256);
        function totalSignups() view returns (uint256 signUps);
        function stateTreeDepth() view returns (uint8);
        function signUpPolicy() view returns (address);
        function getStateIndex(uint256 _publicKeyHash) view returns (uint256);
        function getStateTreeRoot() view returns (uint256 root);
        function getStateRootOnIndexedSignUp(uint256 _index) view returns (uint256 stateRoot);
    }
}

sol! {
    /// Packages `0.0.0-ci.*` of 2025: verifier and registry are chosen per poll.
    #[sol(rpc)]
    interface IMaciA {
        struct TreeDepths { uint8 tallyProcessingStateTreeDepth; uint8 voteOptionTreeDepth; uint8 stateTreeDepth; }
        struct CoordinatorKey { uint256 x; uint256 y; }
        struct DeployPollArgs {
            uint256 startDate;
            uint256 endDate;
            TreeDepths treeDepths;
            uint8 messageBatchSize;
            CoordinatorKey coordinatorPublicKey;
            address verifier;
            address verifyingKeysRegistry;
            uint8 mode;
            address policy;
            address initialVoiceCreditProxy;
            address[] relayers;
            uint256 voteOptions;
        }

        constructor(address _pollFactory, address _messageProcessorFactory, address _tallyFactory, address _signUpPolicy, uint8 _stateTreeDepth, uint256[5] _emptyBallotRoots);
        function deployPoll(DeployPollArgs args) returns (address poll, address messageProcessor, address tally);
    }
}

sol! {
    /// Release 3.0.0 of June 2026: verifier and registry belong to the MACI contract.
    #[sol(rpc)]
    interface IMaciB {
        struct DepthsOfTrees { uint8 tallyProcessingStateTreeDepth; uint8 voteOptionTreeDepth; uint8 stateTreeDepth; }
        struct KeyOfCoordinator { uint256 x; uint256 y; }
        struct InitParams {
            address pollFactory;
            address messageProcessorFactory;
            address tallyFactory;
            address signUpPolicy;
            address verifier;
            address verifyingKeysRegistry;
            uint8 stateTreeDepth;
            uint256[5] emptyBallotRoots;
        }
        struct PollParams {
            uint256 startDate;
            uint256 endDate;
            DepthsOfTrees treeDepths;
            uint8 messageBatchSize;
            KeyOfCoordinator coordinatorPublicKey;
            uint8 mode;
            address policy;
            address initialVoiceCreditProxy;
            address[] relayers;
            uint256 voteOptions;
        }

        constructor(InitParams initParams);
        function deployPoll(PollParams args) returns (address poll, address messageProcessor, address tally);
        function verifier() view returns (address);
        function verifyingKeysRegistry() view returns (address);
    }
}
