use maci_protocol::ids::PollRef;

use crate::error::StoreError;

/// A poll as a key.
pub(super) fn poll_key(poll: &PollRef) -> String {
    let PollRef { chain, maci, poll } = poll;
    format!("{chain}/{}/{poll}", maci.to_lower_hex())
}

/// A number as the database's 64-bit signed integers hold it.
pub(super) fn signed(what: &'static str, number: u64) -> Result<i64, StoreError> {
    number.try_into().map_err(|_| StoreError::TooLarge { what, number })
}

/// A stored number, which is never negative.
pub(super) fn unsigned(what: &str, number: i64) -> Result<u64, StoreError> {
    number.try_into().map_err(|_| StoreError::DamagedRow {
        what: format!("{what} is negative"),
    })
}

/// Stored bytes of a known length.
pub(super) fn exactly<const N: usize>(what: &str, bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::DamagedRow {
        what: format!("{what} has {} bytes in place of {N}", bytes.len()),
    })
}
