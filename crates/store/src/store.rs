use std::path::{Path, PathBuf};
use std::time::Duration;

use maci_protocol::ids::PollRef;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::database::{Intents, Ledger};
use crate::disk::{Artifacts, Deployments, PollFolder, PollLock, make_folder};
use crate::error::StoreError;

/// How long a writer waits for another one, of this or another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// Connections of one process; one writes at a time, the others read beside it.
const CONNECTIONS: u32 = 4;

/// One folder, opened: a database, artifacts, polls' files. Clones share it; several processes may
/// have it open at once.
///
/// ```text
/// <folder>/coordinator.sqlite           the tables
/// <folder>/artifacts/ab/abcd…           proofs and other things that can be made again
/// <folder>/polls/<chain>-<maci>-<poll>/ files in the shape other tools read
/// <folder>/deployed-contracts.json      what was deployed, for other tools
/// ```
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    pool: SqlitePool,
}

impl Store {
    /// Opens the folder, and makes it and its tables if they are not there.
    ///
    /// # Errors
    /// When the folder cannot be written, or was written by a newer version.
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let folder = folder.into();
        make_folder(&folder)?;
        let path = folder.join("coordinator.sqlite");
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // a signed transaction must be on the disk before it is on the wire
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .connect_with(options)
            .await
            .map_err(StoreError::database("opening"))?;
        sqlx::migrate!()
            .run(&pool)
            .await
            .map_err(|source| StoreError::Migration { path, source })?;
        Ok(Self { folder, pool })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What chains recorded about polls.
    pub fn ledger(&self) -> Ledger {
        Ledger::new(self.pool.clone())
    }

    /// Signed transactions.
    pub fn intents(&self) -> Intents {
        Intents::new(self.pool.clone())
    }

    /// Proofs and other things that can be made again.
    pub fn artifacts(&self) -> Artifacts {
        Artifacts::new(self.folder.join("artifacts"))
    }

    /// The files of a poll; the folder is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn poll_folder(&self, poll: &PollRef) -> Result<PollFolder, StoreError> {
        PollFolder::open(&self.folder.join("polls"), poll)
    }

    /// Keeps everybody else, in this and other processes, from working on the poll until the lock
    /// is dropped or the process ends. `what` says to others what is being done, such as `finalise`.
    ///
    /// # Errors
    /// When somebody else has it: [`StoreError::PollBusy`] says who.
    pub fn lock_poll(&self, poll: &PollRef, what: &str) -> Result<PollLock, StoreError> {
        PollLock::take(&self.poll_folder(poll)?, poll, what)
    }

    /// The record of deployed contracts that other tools read.
    pub fn deployments(&self) -> Deployments {
        Deployments::new(self.folder.join("deployed-contracts.json"))
    }

    /// Closes the database once what is under way has ended.
    pub async fn close(self) {
        self.pool.close().await;
    }
}
