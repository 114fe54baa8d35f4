use std::io;
use std::path::{Path, PathBuf};

use maci_protocol::Remedy;
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, PollRef};
use uuid::Uuid;

use crate::database::needs_operator;

/// The store did not do what it was asked; the call that failed changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A statement failed.
    #[error("the database failed while {doing}: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: sqlx::Error,
    },
    /// The database's URL cannot be read. It is not shown, for the password in it.
    #[error("the database's URL is not of the form postgres://user:password@host/database")]
    BadDatabaseUrl,
    /// The database is of a newer version, or of something else.
    #[error("the database {database} cannot be brought up to date: {source}; was it written by a newer version?")]
    Migration {
        /// Which one.
        database: String,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// A file or folder could not be used.
    #[error("cannot {doing} {}: {source}; check permissions and free space", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file holds something that was never written there.
    #[error("{} is damaged: {reason}; restore it or move it away", path.display())]
    DamagedFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// An object could not be used.
    #[error("cannot {doing} {place}: {source}; check access and free space")]
    Objects {
        /// What was being done.
        doing: &'static str,
        /// The object, folder or bucket.
        place: String,
        /// Why.
        source: object_store::Error,
    },
    /// The settings name a bucket that nobody made.
    #[error(
        "there is no bucket `{bucket}` at {endpoint}; make it, or correct `bucket`, `region` or `endpoint` in [storage.objects]"
    )]
    NoBucket {
        /// Its name.
        bucket: String,
        /// Where it was looked for.
        endpoint: String,
    },
    /// A row holds something that was never written there.
    #[error("the database is damaged: {what}; restore a backup")]
    DamagedRow {
        /// What is wrong.
        what: String,
    },
    /// A signed operation that is settled, or that is not known.
    #[error("operation {operation} is settled or not known; it takes no further attempt")]
    OperationClosed {
        /// Which one, by the hash of what was signed first.
        operation: String,
    },
    /// A number does not fit the database.
    #[error("the {what} {number} is too large for the database")]
    TooLarge {
        /// What kind of number.
        what: &'static str,
        /// The number.
        number: u64,
    },
    /// A name that would leave its folder, or hide in it.
    #[error("`{name}` cannot be a file's name: {reason}")]
    BadName {
        /// The name.
        name: String,
        /// Why not.
        reason: &'static str,
    },
    /// A text that a database cannot hold.
    #[error("{what} cannot be stored: {reason}")]
    BadText {
        /// What kind of text.
        what: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// Another entry of the schedule has the name.
    #[error("schedule {id} cannot wait or run again: another of its kind and name does")]
    NameTaken {
        /// The entry that was to be changed.
        id: Uuid,
    },
    /// Somebody took this runner for dead.
    #[error("another process has the lock of this runner, {runner}; its jobs were given to others")]
    RunnerTaken {
        /// The runner.
        runner: Uuid,
    },
    /// Somebody else works on the poll.
    #[error("{poll} is being worked on by {holder}; wait for it or stop it")]
    PollBusy {
        /// The poll.
        poll: PollRef,
        /// Who.
        holder: String,
    },
    /// The poll's ledger was not begun.
    #[error("the ledger of {poll} was not begun")]
    NotFollowed {
        /// The poll.
        poll: PollRef,
    },
    /// Logs that are not those of a stretch of blocks.
    #[error("the logs of blocks {from} to {upto} of {poll} cannot be stored: {reason}")]
    NotAStretch {
        /// The poll.
        poll: PollRef,
        /// The first block.
        from: BlockNumber,
        /// The last block.
        upto: BlockNumber,
        /// What is wrong with them.
        reason: String,
    },
    /// A stretch that leaves blocks out.
    #[error("the ledger of {poll} goes on at block {expected}, but blocks from {found} on were offered")]
    Gap {
        /// The poll.
        poll: PollRef,
        /// The block it goes on with.
        expected: BlockNumber,
        /// The block offered.
        found: BlockNumber,
    },
    /// A stretch that contradicts what is stored.
    #[error(
        "block {block} differs from what the ledger of {poll} holds of it; the chain was replaced, or an endpoint is wrong"
    )]
    Conflict {
        /// The poll.
        poll: PollRef,
        /// The first block that differs.
        block: BlockNumber,
    },
    /// An intent that was never stored.
    #[error("there is no intent of {sender} with nonce {nonce} on chain {chain} for `{purpose}`")]
    UnknownIntent {
        /// The chain.
        chain: ChainId,
        /// Whose.
        sender: EthAddress,
        /// Its nonce.
        nonce: u64,
        /// What it was for.
        purpose: String,
    },
    /// An intent that no longer takes what was offered.
    #[error("the intent with nonce {nonce} on chain {chain} for `{purpose}` {reason}")]
    IntentClosed {
        /// The chain.
        chain: ChainId,
        /// Its nonce.
        nonce: u64,
        /// What it was for.
        purpose: String,
        /// Why not.
        reason: &'static str,
    },
}

impl StoreError {
    /// For `map_err`: what was being done when a statement failed.
    pub(crate) fn database(doing: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |source| Self::Database { doing, source }
    }

    /// For `map_err`: what was being done to which file.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File { doing, path, source }
    }

    /// For `map_err`: what was being done to which object.
    pub(crate) fn object(
        doing: &'static str,
        place: &object_store::path::Path,
    ) -> impl FnOnce(object_store::Error) -> Self {
        let place = place.to_string();
        move |source| Self::Objects { doing, place, source }
    }

    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Database { source, .. } if needs_operator(source) => Remedy::AskOperator,
            Self::Database { .. }
            | Self::Objects { .. }
            | Self::RunnerTaken { .. }
            | Self::PollBusy { .. }
            | Self::Gap { .. }
            | Self::Conflict { .. } => Remedy::Retry,
            Self::BadDatabaseUrl
            | Self::NoBucket { .. }
            | Self::Migration { .. }
            | Self::File { .. }
            | Self::DamagedFile { .. }
            | Self::DamagedRow { .. }
            | Self::OperationClosed { .. } => Remedy::AskOperator,
            Self::TooLarge { .. }
            | Self::BadName { .. }
            | Self::BadText { .. }
            | Self::NameTaken { .. }
            | Self::NotFollowed { .. }
            | Self::NotAStretch { .. }
            | Self::UnknownIntent { .. }
            | Self::IntentClosed { .. } => Remedy::Abandon,
        }
    }
}
