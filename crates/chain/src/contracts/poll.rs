//! Poll: one vote, from its first join to its merged state.

use alloy::sol;

sol! {
    #[sol(rpc)]
    interface IPoll {
        struct Message { uint256[10] data; }
        struct PublicKey { uint256 x; uint256 y; }

        event PublishMessage(Message _message, PublicKey _encryptionPublicKey);
        event MergeState(uint256 indexed _stateRoot, uint256 indexed _totalSignups);
        event PollJoined(uint256 indexed _pollPublicKeyX, uint256 indexed _pollPublicKeyY, uint256 _voiceCreditBalance, uint256 _nullifier, uint256 _pollStateIndex);
        event ChainHashUpdated(uint256 indexed _chainHash);
        event IpfsHashAdded(bytes32 indexed _ipfsHash);

        function joinPoll(uint256 _nullifier, PublicKey _publicKey, uint256 _stateRootIndex, uint256[8] _proof, bytes _signUpPolicyData, bytes _initialVoiceCreditProxyData);
        function publishMessage(Message _message, PublicKey _encryptionPublicKey);
        function publishMessageBatch(Message[] _messages, PublicKey[] _encryptionPublicKeys);
        function relayMessagesBatch(uint256[] _messageHashes, bytes32 _ipfsHash);
        function mergeState();
        function padLastBatch();

        function pollId() view returns (uint256);
        function startDate() view returns (uint256);
        function endDate() view returns (uint256);
        function coordinatorPublicKey() view returns (uint256 x, uint256 y);
        function coordinatorPublicKeyHash() view returns (uint256);
        function treeDepths() view returns (uint8 tallyProcessingStateTreeDepth, uint8 voteOptionTreeDepth, uint8 stateTreeDepth);
        function messageBatchSize() view returns (uint8);
        function voteOptions() view returns (uint256);
        function totalSignups() view returns (uint256 signups);
        function numMessages() view returns (uint256);
        function chainHash() view returns (uint256);
        function batchHashes(uint256) view returns (uint256);
        function getBatchHashes() view returns (uint256[]);
        function isBatchHashesPadded() view returns (bool);
        function stateMerged() view returns (bool);
        function mergedStateRoot() view returns (uint256);
        function currentSbCommitment() view returns (uint256);
        function actualStateTreeDepth() view returns (uint8);
        function emptyBallotRoot() view returns (uint256);
        function extContracts() view returns (address maci, address verifier, address verifyingKeysRegistry, address policy, address initialVoiceCreditProxy);
        function relayers(address) view returns (bool);
        function pollNullifiers(uint256) view returns (bool);
        function pollStateRootsOnJoin(uint256) view returns (uint256);
        function getPublicJoiningCircuitInputs(uint256 _nullifier, uint256 _index, PublicKey _publicKey) view returns (uint256[] publicInputs);
        function getPublicJoinedCircuitInputs(uint256 _index) view returns (uint256[] publicInputs);
        function verifyJoiningPollProof(uint256 _nullifier, uint256 _index, PublicKey _publicKey, uint256[8] _proof) view returns (bool isValid);
        function verifyJoinedPollProof(uint256 _index, uint256[8] _proof) view returns (bool isValid);
    }
}
