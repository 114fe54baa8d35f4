//! Every error the official contracts can revert with, both generations, their policies and the
//! libraries below them; so that a refusal reaches a person by its name.

use alloy::sol;

sol! {
    #[derive(Debug)]
    interface KnownErrors {
        // MACI
        error InvalidPublicKey();
        error LeafAlreadyExists();
        error LeafCannotBeZero();
        error LeafGreaterThanSnarkScalarField();
        error PollDoesNotExist(uint256 pollId);
        error PoseidonHashLibrariesNotLinked();
        error TooManySignups();
        error UserNotSignedUp();
        error InvalidVoteOptionTreeDepth(uint8 depth);

        // Poll
        error AlreadyInitialized();
        error BatchHashesAlreadyPadded();
        error DefaultZeroBadIndex();
        error DepthTooLarge();
        error InvalidBatchLength();
        error InvalidMessage();
        error InvalidPollProof();
        error NotRelayer();
        error NumberOfLeavesCannotBeZero();
        error PollAlreadyInit();
        error StateAlreadyMerged();
        error StateLeafNotFound();
        error TooManyMessages();
        error TooManyVoteOptions();
        error UserAlreadyJoined();
        error VotingPeriodNotOver();
        error VotingPeriodNotStarted();
        error VotingPeriodOver();

        // MessageProcessor
        error BatchEndIndexTooLarge();
        error CurrentMessageBatchIndexTooLarge();
        error InvalidProcessMessageProof();
        error NoMoreMessages();
        error StateNotMerged();
        error totalSignupsTooLarge();

        // Tally
        error AllBallotsTallied();
        error BatchStartIndexTooLarge();
        error IncorrectSpentVoiceCredits();
        error InvalidTallyVotesProof();
        error NotSupported();
        error ProcessingNotComplete();
        error TallyBatchSizeTooLarge();
        error VotesNotTallied();

        // Verifying keys and the verifier
        error OwnableInvalidOwner(address owner);
        error OwnableUnauthorizedAccount(address account);
        error InvalidKeysParams();
        error VerifyingKeyAlreadySet();
        error VerifyingKeyNotSet();
        error PairingAddFailed();
        error PairingMulFailed();
        error PairingOpcodeFailed();
        error InvalidInputVal();
        error InvalidProofQ();

        // Policies and checkers
        error InvalidNullifierSeed();
        error InvalidProof();
        error InvalidSignal();
        error AlreadyEnforced();
        error TargetAlreadySet();
        error TargetNotSet();
        error TargetOnly();
        error UnsuccessfulCheck();
        error ZeroAddress();
        error AttestationRevoked();
        error AttesterNotTrusted();
        error InvalidSchema();
        error NotYourAttestation();
        error BalanceTooLow();
        error ScoreTooLow();
        error NotCriterionHat();
        error NotWearingCriterionHat();
        error InvalidRoot();
        error InvalidGroup();
        error InvalidProver();
        error NotTokenOwner();
        error InvalidEventId();
        error InvalidSigners();
        error InvalidWatermark();
        error AttestationExpired(uint256 expirationTime);

        // Clones and libraries
        error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner);
        error ERC721InsufficientApproval(address operator, uint256 tokenId);
        error ERC721InvalidApprover(address approver);
        error ERC721InvalidOperator(address operator);
        error ERC721InvalidOwner(address owner);
        error ERC721InvalidReceiver(address receiver);
        error ERC721InvalidSender(address sender);
        error ERC721NonexistentToken(uint256 tokenId);
        error VotesExpiredSignature(uint256 expiry);
        error ERC1155InsufficientBalance(address sender, uint256 balance, uint256 needed, uint256 tokenId);
        error ERC1155InvalidApprover(address approver);
        error ERC1155InvalidArrayLength(uint256 idsLength, uint256 valuesLength);
        error ERC1155InvalidOperator(address operator);
        error ERC1155InvalidReceiver(address receiver);
        error ERC1155InvalidSender(address sender);
        error ERC1155MissingApprovalForAll(address operator, address owner);
        error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
        error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
        error ERC20InvalidApprover(address approver);
        error ERC20InvalidReceiver(address receiver);
        error ERC20InvalidSender(address sender);
        error ERC20InvalidSpender(address spender);
        error StringsInsufficientHexLength(uint256 value, uint256 length);
        error StringsInvalidAddressFormat();
        error StringsInvalidChar();
        error MerkleProofInvalidMultiproof();
        error SafeCastOverflowedIntDowncast(uint8 bits, int256 value);
        error SafeCastOverflowedIntToUint(int256 value);
        error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value);
        error SafeCastOverflowedUintToInt(uint256 value);
        error DeploymentFailed();
        error ETHTransferFailed();
        error SaltDoesNotStartWith();
    }
}
