//! Contracts that have the same address on every chain.

use alloy::primitives::{Address, B256, FixedBytes, address, b256, fixed_bytes};

/// EntryPoint v0.7.
pub const ENTRY_POINT: Address = address!("0000000071727De22E5E9d8BAf0edAc6f37da032");
/// Kernel v3.1's factory.
pub const KERNEL_FACTORY: Address = address!("aac5D4240AF87249B3f71BC8E4A2cae074A3E419");
/// The staked factory that calls other factories.
pub const META_FACTORY: Address = address!("d703aaE79538628d27099B8c4f621bE4CCd142d5");
/// The validator of an owner's key, Kernel 3.1 and later.
pub const ECDSA_VALIDATOR: Address = address!("845ADb2C711129d4f3966735eD98a9F09fC4cE57");
/// The module that checks session keys' signatures.
pub const ECDSA_SIGNER: Address = address!("6A6F069E2a08c2468e7724Ab3250CdBFBA14D4FF");
/// Allows everything.
pub const SUDO_POLICY: Address = address!("67b436caD8a6D025DF6C82C5BB43fbF11fC5B9B7");
/// Allows for a time.
pub const TIMESTAMP_POLICY: Address = address!("B9f8f524bE6EcD8C945b1b87f9ae5C192FdCE20F");
/// Allows so much gas.
pub const GAS_POLICY: Address = address!("aeFC5AbC67FfD258abD0A3E54f65E70326F84b23");
/// Allows so many operations.
pub const RATE_LIMIT_POLICY: Address = address!("f63d4139B25c836334edD76641356c6b74C86873");
/// Allows so many operations in each interval.
pub const RATE_LIMIT_WITH_RESET_POLICY: Address = address!("6a06358e6b283921deceabe7e8a3741d506cca9b");
/// Allows signatures asked for by some contracts.
pub const SIGNATURE_CALLER_POLICY: Address = address!("F6A936c88D97E6fad13b98d2FD731Ff17eeD591d");
/// Call policies 0.0.1 to 0.0.4.
pub const CALL_POLICIES: [Address; 4] = [
    address!("e4Fec84B7B002273ecC86baa65a831ddB92d30a8"),
    address!("67Fa43ca2D689beA4d10b9F2C96828828A2Ab275"),
    address!("B3CB5f502250360335614df1421f2AAbE98CE503"),
    address!("9a52283276A0ec8740DF50bF01B28A80D880eaf2"),
];
/// Safe 1.4.1's CreateCall.
pub const CREATE_CALL: Address = address!("9b35Af71d77eaf8d7e40252370304687390A1A52");

/// Hash of the code with which Kernel v3.1's factory makes accounts.
pub(super) const PROXY_INIT_CODE_HASH: B256 = b256!("85d96aa1c9a65886d094915d76ccae85f14027a02c1647dde659f869460f03e6");

/// `execute(bytes32,bytes)`, the only function a session key can be given.
pub(super) const EXECUTE: FixedBytes<4> = fixed_bytes!("e9ae5c53");
