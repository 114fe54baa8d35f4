//! Between columns and the protocol's types.

use maci_protocol::ids::EthAddress;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::StoreError;

/// A number as a column takes it.
pub(crate) fn number(what: &'static str, number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::TooLarge { what, number })
}

pub(crate) fn read_number(row: &SqliteRow, column: &'static str) -> Result<u64, StoreError> {
    let number: i64 = row.try_get(column).map_err(|_| StoreError::Damaged { what: column })?;
    u64::try_from(number).map_err(|_| StoreError::Damaged { what: column })
}

pub(crate) fn read_bytes(row: &SqliteRow, column: &'static str) -> Result<Vec<u8>, StoreError> {
    row.try_get(column).map_err(|_| StoreError::Damaged { what: column })
}

pub(crate) fn read_hash(row: &SqliteRow, column: &'static str) -> Result<[u8; 32], StoreError> {
    read_bytes(row, column)?
        .try_into()
        .map_err(|_| StoreError::Damaged { what: column })
}

pub(crate) fn read_text(row: &SqliteRow, column: &'static str) -> Result<String, StoreError> {
    row.try_get(column).map_err(|_| StoreError::Damaged { what: column })
}

pub(crate) fn read_address(row: &SqliteRow, column: &'static str) -> Result<EthAddress, StoreError> {
    read_text(row, column)?
        .parse()
        .map_err(|_| StoreError::Damaged { what: column })
}
