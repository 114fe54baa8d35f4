// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

// Stand-ins for contracts of which no package has the code: they check what the deployed ones check, as far as tests
// look. Tests put them at the deployed ones' addresses.

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

/// Calls another factory.
contract MetaFactory {
    function deployWithFactory(address factory, bytes calldata createData, bytes32 salt)
        external
        payable
        returns (address account)
    {
        bytes memory call = abi.encodeWithSignature("createAccount(bytes,bytes32)", createData, salt);
        (bool done, bytes memory answer) = factory.call{value: msg.value}(call);
        require(done, "the factory refused");
        account = abi.decode(answer, (address));
    }
}

/// Whose signature it is, whether of a hash or of it as a personal message.
abstract contract Signatures {
    function isBy(address signer, bytes32 hash, bytes calldata signature) internal pure returns (bool) {
        if (signature.length != 65 || signer == address(0)) return false;
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        bytes32 personal = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", hash));
        return ecrecover(personal, v, r, s) == signer || ecrecover(hash, v, r, s) == signer;
    }
}

/// Module of type 1: the key of an account's owner.
contract OwnerValidator is Signatures {
    mapping(address account => address owner) public owners;

    function onInstall(bytes calldata data) external payable {
        owners[msg.sender] = address(bytes20(data[0:20]));
    }

    function onUninstall(bytes calldata) external payable {
        delete owners[msg.sender];
    }

    function isModuleType(uint256 kind) external pure returns (bool) {
        return kind == 1;
    }

    function isInitialized(address account) external view returns (bool) {
        return owners[account] != address(0);
    }

    function validateUserOp(PackedUserOperation calldata operation, bytes32 hash) external payable returns (uint256) {
        return isBy(owners[msg.sender], hash, operation.signature) ? 0 : 1;
    }

    function isValidSignatureWithSender(address, bytes32 hash, bytes calldata signature)
        external
        view
        returns (bytes4)
    {
        return isBy(owners[msg.sender], hash, signature) ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

/// Module of type 6: a session key.
contract SessionSigner is Signatures {
    mapping(bytes32 permission => mapping(address account => address key)) public keys;

    function onInstall(bytes calldata data) external payable {
        bytes32 permission = bytes32(data[0:32]);
        require(keys[permission][msg.sender] == address(0), "installed already");
        keys[permission][msg.sender] = address(bytes20(data[32:52]));
    }

    function onUninstall(bytes calldata data) external payable {
        delete keys[bytes32(data[0:32])][msg.sender];
    }

    function isModuleType(uint256 kind) external pure returns (bool) {
        return kind == 6;
    }

    function isInitialized(address) external pure returns (bool) {
        return true;
    }

    function checkUserOpSignature(bytes32 permission, PackedUserOperation calldata operation, bytes32 hash)
        external
        payable
        returns (uint256)
    {
        return isBy(keys[permission][msg.sender], hash, operation.signature) ? 0 : 1;
    }

    function checkSignature(bytes32 permission, address, bytes32 hash, bytes calldata signature)
        external
        view
        returns (bytes4)
    {
        return isBy(keys[permission][msg.sender], hash, signature) ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

/// Modules of type 5.
abstract contract Policy {
    function isModuleType(uint256 kind) external pure returns (bool) {
        return kind == 5;
    }

    function isInitialized(address) external pure returns (bool) {
        return true;
    }

    function onUninstall(bytes calldata) external payable virtual {}

    function checkSignaturePolicy(bytes32, address, bytes32, bytes calldata) external pure returns (uint256) {
        return 0;
    }
}

/// Allows everything.
contract SudoPolicy is Policy {
    function onInstall(bytes calldata) external payable {}

    function checkUserOpPolicy(bytes32, PackedUserOperation calldata) external payable returns (uint256) {
        return 0;
    }
}

/// Allows for a time, which the EntryPoint compares with its clock.
contract TimestampPolicy is Policy {
    mapping(bytes32 permission => mapping(address account => uint256 bounds)) public bounds;

    function onInstall(bytes calldata data) external payable {
        (uint48 validAfter, uint48 validUntil) = abi.decode(data[32:], (uint48, uint48));
        bounds[bytes32(data[0:32])][msg.sender] = (uint256(validAfter) << 208) | (uint256(validUntil) << 160);
    }

    function checkUserOpPolicy(bytes32 permission, PackedUserOperation calldata) external payable returns (uint256) {
        return bounds[permission][msg.sender];
    }
}

/// Allows some calls, by contract and function; any contract where the target is zero.
contract CallPolicy is Policy {
    struct Rule {
        uint8 condition;
        uint64 offset;
        bytes32[] params;
    }

    struct Permission {
        bytes1 callType;
        address target;
        bytes4 selector;
        uint256 valueLimit;
        Rule[] rules;
    }

    struct Execution {
        address target;
        uint256 value;
        bytes callData;
    }

    mapping(bytes32 entry => mapping(address account => uint256 limitPlusOne)) public limits;

    function onInstall(bytes calldata data) external payable {
        bytes32 permission = bytes32(data[0:32]);
        Permission[] memory allowed = abi.decode(data[32:], (Permission[]));
        for (uint256 i = 0; i < allowed.length; i++) {
            bytes32 entry = entryOf(permission, allowed[i].callType, allowed[i].target, allowed[i].selector);
            limits[entry][msg.sender] = allowed[i].valueLimit + 1;
        }
    }

    function checkUserOpPolicy(bytes32 permission, PackedUserOperation calldata operation)
        external
        payable
        returns (uint256)
    {
        (bytes32 mode, bytes memory data) = abi.decode(operation.callData[4:], (bytes32, bytes));
        bytes1 callType = bytes1(mode);
        if (callType == 0x01) {
            Execution[] memory calls = abi.decode(data, (Execution[]));
            for (uint256 i = 0; i < calls.length; i++) {
                if (!allows(permission, 0x00, calls[i].target, calls[i].value, bytes4(calls[i].callData))) return 1;
            }
            return 0;
        }
        (address target, uint256 value, bytes4 selector) = single(data);
        return allows(permission, callType, target, value, selector) ? 0 : 1;
    }

    function single(bytes memory data) private pure returns (address target, uint256 value, bytes4 selector) {
        assembly {
            target := shr(96, mload(add(data, 32)))
            value := mload(add(data, 52))
            selector := mload(add(data, 84))
        }
    }

    function allows(bytes32 permission, bytes1 callType, address target, uint256 value, bytes4 selector)
        private
        view
        returns (bool)
    {
        uint256 limit = limits[entryOf(permission, callType, target, selector)][msg.sender];
        if (limit == 0) limit = limits[entryOf(permission, callType, address(0), selector)][msg.sender];
        return limit > value;
    }

    function entryOf(bytes32 permission, bytes1 callType, address target, bytes4 selector)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(permission, callType, target, selector));
    }
}

/// Pays for everything.
contract Paymaster {
    function validatePaymasterUserOp(PackedUserOperation calldata, bytes32, uint256)
        external
        pure
        returns (bytes memory, uint256)
    {
        return ("", 0);
    }

    function postOp(uint8, bytes calldata, uint256, uint256) external {}
}

/// Something to call.
contract Bell {
    event Rung(address indexed by, uint256 times);

    error Broken(uint256 times);

    uint256 public total;

    function ring(uint256 times) external {
        total += times;
        emit Rung(msg.sender, times);
    }

    function jam(uint256 times) external pure {
        revert Broken(times);
    }
}
