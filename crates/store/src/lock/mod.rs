//! Rights that one holder has at a time, and that end with the holder's process, however it ends.
//!
//! - `file`     among the processes of one machine: a locked file, where the database is a file too
//! - `server`   among machines: an advisory lock on a connection of its own, where the database is a server
//!
//! Neither is a row with a date of expiry: such a row keeps a poll waiting after every crash, and needs clocks that
//! agree. Here the system, or the server, notices the end of a holder itself. A holder that is cut off from the server
//! loses its lock without knowing; that is safe, because it loses the database with it, and whatever it still sends
//! was stored as an intent before, of which one per purpose is live.

mod file;
mod server;

use std::fmt;
use std::path::PathBuf;

use maci_protocol::ids::PollRef;
use sqlx::postgres::PgConnectOptions;

use crate::error::StoreError;
use file::FileLock;
use server::ServerLock;

/// Where locks are.
#[derive(Clone)]
pub(crate) enum Locks {
    /// In this folder.
    Folder(PathBuf),
    /// On this server.
    Server(Box<PgConnectOptions>),
}

/// How long to wait for a lock that somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Not at all.
    None,
    /// About a second, for a server that has not noticed yet that the last holder left.
    AMoment,
}

/// A lock that is held.
#[derive(Debug)]
pub(crate) enum Lock {
    File(FileLock),
    Server(ServerLock),
}

impl Locks {
    /// Takes the lock of that name, or answers who has it. `what` says to others what is being done.
    pub(crate) async fn take(
        &self,
        name: &str,
        what: &str,
        patience: Patience,
    ) -> Result<Result<Lock, String>, StoreError> {
        Ok(match self {
            // a process that ends gives its files back before anybody can see that it ended
            Self::Folder(folder) => FileLock::take(folder, name, what)?.map(Lock::File),
            Self::Server(options) => ServerLock::take(options, name, what, patience).await?.map(Lock::Server),
        })
    }
}

impl fmt::Debug for Locks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
            // the options have the password in them
            Self::Server(options) => f.debug_tuple("Server").field(&options.get_host()).finish(),
        }
    }
}

impl Lock {
    /// Whether it is still held; a lock on a server is lost with its connection.
    pub(crate) async fn is_held(&mut self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Server(lock) => lock.is_held().await,
        }
    }

    /// Gives it back, and waits until others can take it.
    pub(crate) async fn release(self) {
        match self {
            Self::File(lock) => drop(lock),
            Self::Server(lock) => lock.release().await,
        }
    }

    /// Gives it back and removes what is left of it. Only for a name that nobody will use again: of a file that was
    /// removed and one that was made anew, two holders could have one each.
    pub(crate) async fn bury(self) {
        match self {
            Self::File(lock) => lock.bury(),
            Self::Server(lock) => lock.release().await,
        }
    }
}

/// The right to work on a poll, of one holder at a time among all processes, and with PostgreSQL among all machines. It
/// ends when it is dropped, or when the process ends, however it ends.
#[derive(Debug)]
pub struct PollLock(Lock);

impl PollLock {
    pub(crate) async fn take(locks: &Locks, poll: &PollRef, what: &str) -> Result<Self, StoreError> {
        let PollRef { chain, maci, poll: id } = poll;
        let name = format!("poll-{chain}-{}-{id}", maci.to_lower_hex());
        match locks.take(&name, what, Patience::AMoment).await? {
            Ok(lock) => Ok(Self(lock)),
            Err(holder) => Err(StoreError::PollBusy { poll: *poll, holder }),
        }
    }

    /// Whether it is still held. It is lost with the connection to a database server; then somebody else may have it.
    pub async fn is_held(&mut self) -> bool {
        self.0.is_held().await
    }

    /// Gives it back, and waits until others can take it; after a mere drop a server may need a moment.
    pub async fn release(self) {
        self.0.release().await;
    }
}
