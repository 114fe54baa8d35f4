//! Between the words of contracts and the protocol's types.

use alloy::primitives::{Address, B256, U256};
use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_crypto::field::{fr_from_be_bytes_mod_order, fr_to_be_bytes};
use maci_protocol::ids::{EthAddress, TxHash};

/// An address as the bindings take it.
pub fn address(of: EthAddress) -> Address {
    Address::from(of.0)
}

/// An address as the protocol's crates take it.
pub fn eth_address(of: Address) -> EthAddress {
    EthAddress(of.into_array())
}

/// A transaction hash as the protocol's crates take it.
pub fn tx_hash(of: B256) -> TxHash {
    TxHash(of.0)
}

/// A field element as a contract takes it.
pub fn word(of: &Fr) -> U256 {
    U256::from_be_bytes(fr_to_be_bytes(of))
}

/// A contract's word as the field element that the contract's own Poseidon and the circuits make
/// of it: reduced, because contracts accept any 256 bits in messages and balances.
pub fn field(of: U256) -> Fr {
    fr_from_be_bytes_mod_order(&of.to_be_bytes::<32>())
}

/// Two words as a pair of coordinates, on the curve or not.
pub fn point(x: U256, y: U256) -> Point {
    Point {
        x: field(x),
        y: field(y),
    }
}
