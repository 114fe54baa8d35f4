//! Operations of smart accounts: written down before they are sent, and never forgotten.
//!
//! - `operation`  an operation, what it is for, and how it stands
//! - `read`       the newest of a purpose, the live ones of an account
//! - `write`      beginning, adding to, settling
//! - `list`       all of them, for people; and what they have cost

mod list;
mod operation;
mod read;
mod write;

pub use operation::{
    Executed, ListedOperation, NewOperation, OperationBegun, OperationFilter, OperationKey, OperationRow,
    OperationState,
};

use super::Db;

/// The record of signed operations. Of each account's nonce, and of each purpose, it lets one operation be live at a time.
#[derive(Debug, Clone)]
pub struct Operations {
    db: Db,
}

impl Operations {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}
