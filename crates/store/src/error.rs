use std::path::PathBuf;

use maci_protocol::ids::BlockNumber;

use crate::LedgerOf;

/// Who acts now that something failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Nobody: the same call may succeed later.
    Retry,
    /// A person has to change something: a disk, a file, a permission.
    AskOperator,
}

/// The database did not do what it was asked; nothing was changed by the call that failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or created.
    #[error("cannot open the database {}: {source}; check that the folder exists and may be written", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
    /// The file is of a newer version, or of something else.
    #[error("the database {} cannot be brought up to date: {source}; was it written by a newer version?", path.display())]
    Migrate {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// A statement failed.
    #[error("the database failed while {doing}: {source}")]
    Sql {
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: sqlx::Error,
    },
    /// A row holds something that was never written there.
    #[error("the database holds a damaged {what}; restore a backup")]
    Damaged {
        /// What kind of value.
        what: &'static str,
    },
    /// A number does not fit the database.
    #[error("the {what} {number} is too large for the database")]
    TooLarge {
        /// What kind of number.
        what: &'static str,
        /// The number.
        number: u64,
    },
    /// A stretch of logs does not follow what is there.
    #[error(
        "{of}: a stretch from block {given} on was to be stored, but block {expected} is next; read the cursor again"
    )]
    NotNext {
        /// Which ledger.
        of: LedgerOf,
        /// The block that is next.
        expected: BlockNumber,
        /// The block given.
        given: BlockNumber,
    },
    /// A stretch ends before it begins, or holds logs that are not its own.
    #[error("{of}: a stretch to be stored holds a log that does not belong to it")]
    Foreign {
        /// Which ledger.
        of: LedgerOf,
    },
    /// An intent that must be there is not.
    #[error("there is no live intent with nonce {nonce} for `{purpose}`")]
    NoIntent {
        /// The purpose.
        purpose: String,
        /// The nonce.
        nonce: u64,
    },
}

impl StoreError {
    /// For `map_err`: what was being done when a statement failed.
    pub(crate) fn doing(doing: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |source| Self::Sql { doing, source }
    }

    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Sql { .. } | Self::NotNext { .. } | Self::Foreign { .. } | Self::NoIntent { .. } => Remedy::Retry,
            Self::Open { .. } | Self::Migrate { .. } | Self::Damaged { .. } | Self::TooLarge { .. } => {
                Remedy::AskOperator
            }
        }
    }
}
