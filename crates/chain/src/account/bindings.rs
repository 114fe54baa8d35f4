//! EntryPoint v0.7, Kernel v3.1 and what stands around them, as far as they are called or heard here.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::too_many_arguments,
    reason = "the items are generated from Solidity"
)]

use alloy::sol;

sol! {
    /// A user operation as the EntryPoint takes it.
    #[derive(Debug, PartialEq, Eq)]
    struct PackedUserOperation {
        address sender;
        uint256 nonce;
        bytes initCode;
        bytes callData;
        bytes32 accountGasLimits;
        uint256 preVerificationGas;
        bytes32 gasFees;
        bytes paymasterAndData;
        bytes signature;
    }

    #[sol(rpc)]
    interface IEntryPoint {
        event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed);
        event UserOperationRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason);
        event PostOpRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason);
        event BeforeExecution();

        function handleOps(PackedUserOperation[] ops, address beneficiary);
        function getNonce(address sender, uint192 key) view returns (uint256 nonce);
        function balanceOf(address account) view returns (uint256);
    }

    #[sol(rpc)]
    interface IKernel {
        struct ValidationConfig { uint32 nonce; address hook; }
        struct PermissionConfig { bytes2 permissionFlag; address signer; bytes22[] policyData; }

        function initialize(bytes21 rootValidator, address hook, bytes validatorData, bytes hookData, bytes[] initConfig);
        function execute(bytes32 mode, bytes executionCalldata);
        function currentNonce() view returns (uint32);
        function validNonceFrom() view returns (uint32);
        function validationConfig(bytes21 vId) view returns (ValidationConfig);
        function permissionConfig(bytes4 pId) view returns (PermissionConfig);
        function invalidateNonce(uint32 nonce);
        function uninstallValidation(bytes21 vId, bytes deinitData, bytes hookDeinitData);
    }

    interface IKernelFactory {
        function createAccount(bytes data, bytes32 salt) returns (address);
    }

    interface IMetaFactory {
        function deployWithFactory(address factory, bytes createData, bytes32 salt) returns (address);
    }

    /// Safe's contract that makes contracts.
    interface ICreateCall {
        event ContractCreation(address indexed newContract);

        function performCreate(uint256 value, bytes deploymentData) returns (address newContract);
        function performCreate2(uint256 value, bytes deploymentData, bytes32 salt) returns (address newContract);
    }

    /// One call of a batch.
    struct Execution {
        address target;
        uint256 value;
        bytes callData;
    }

    /// What an owner signs so that a permission may install itself.
    struct Enable {
        bytes21 validationId;
        uint32 nonce;
        address hook;
        bytes validatorData;
        bytes hookData;
        bytes selectorData;
    }
}

pub(crate) mod refusals {
    use alloy::sol;

    sol! {
        /// What the EntryPoint, Kernel and its modules refuse with.
        #[derive(Debug)]
        interface AccountErrors {
            error FailedOp(uint256 opIndex, string reason);
            error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner);
            error PostOpReverted(bytes returnData);
            error SignatureValidationFailed(address aggregator);

            error EnableNotApproved();
            error InvalidNonce();
            error InvalidValidator();
            error PolicyFailed(uint256 index);
            error InvalidMode();
            error InvalidCallType();
            error InvalidSelectorData();
            error InvalidSignature();
            error InvalidCaller();
            error OnlyExecuteUserOp();
            error PermissionNotAlllowedForUserOp();
            error PermissionNotAlllowedForSignature();
            error PolicySignatureOrderError();
            error SignerPrefixNotPresent();
            error RootValidatorCannotBeRemoved();
        }
    }
}

mod call_policy {
    use alloy::sol;

    sol! {
        struct Rule { uint8 condition; uint64 offset; bytes32[] params; }
        struct Permission { bytes1 callType; address target; bytes4 selector; uint256 valueLimit; Rule[] rules; }
    }
}

/// The call policy before 0.0.2, whose rules have one value.
mod first_call_policy {
    use alloy::sol;

    sol! {
        struct Rule { uint8 condition; uint64 offset; bytes32 params; }
        struct Permission { bytes1 callType; address target; bytes4 selector; uint256 valueLimit; Rule[] rules; }
    }
}

pub(super) use call_policy::{Permission as CallEntry, Rule as CallRule};
pub(super) use first_call_policy::{Permission as FirstCallEntry, Rule as FirstCallRule};
