use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use maci_protocol::ids::PollRef;
use object_store::ObjectStore;
use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;

use crate::database::{
    Audit, Blocks, Db, Delegations, DeploymentSteps, Events, Exports, Idempotency, Intents, Jobs, Ledger, Operations,
    Pauses, Pins, Polls, Publications, Relay, Runner, Schedules, Sessions,
};
use crate::disk::{BatchBackups, Deployments, PollFolder, make_folder};
use crate::error::StoreError;
use crate::lock::{Locks, PollLock};
use crate::objects::{self, Artifacts};
use crate::settings::{Database, StoreSettings};

/// Everything that is kept, opened. Clones share it; several processes may have it open at once, and with PostgreSQL and
/// a bucket several machines.
///
/// ```text
/// <folder>/coordinator.sqlite           the tables, unless they are on a server
/// <folder>/artifacts/ab/abcd…           proofs and other things that can be made again, unless they are in a bucket
/// <folder>/polls/<chain>-<maci>-<poll>/ files in the shape other tools read
/// <folder>/relayed/0x….json             relayed batches, for other tools
/// <folder>/deployed-contracts.json      what was deployed, for other tools
/// <folder>/locks/                       who works on what, unless a server knows
/// ```
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    db: Db,
    objects: Arc<dyn ObjectStore>,
    locks: Locks,
    runner: Arc<Runner>,
}

impl Store {
    /// Opens a folder that has everything in it, and makes it and its tables if they are not there.
    ///
    /// # Errors
    /// When the folder cannot be written, or was written by a newer version.
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Self::open_with(&StoreSettings::in_folder(folder)).await
    }

    /// Opens what the settings name, and makes folder and tables if they are not there.
    ///
    /// # Errors
    /// When the folder cannot be written, the database or the bucket cannot be reached, the bucket is not there or refuses
    /// the key, or the tables were written by a newer version.
    pub async fn open_with(settings: &StoreSettings) -> Result<Self, StoreError> {
        let StoreSettings {
            folder,
            database,
            objects,
        } = settings;
        make_folder(folder)?;
        objects::expect_bucket(objects).await?;
        let (db, locks) = match database {
            Database::Sqlite => (open_file(folder).await?, Locks::Folder(folder.join("locks"))),
            Database::Postgres(url) => open_server(url.expose_secret()).await?,
        };
        Ok(Self {
            objects: objects::open(objects, &folder.join("artifacts"))?,
            folder: folder.clone(),
            runner: Arc::new(Runner::new(locks.clone())),
            db,
            locks,
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What chains recorded about polls.
    pub fn ledger(&self) -> Ledger {
        Ledger::new(self.db.clone())
    }

    /// Signed transactions.
    pub fn intents(&self) -> Intents {
        Intents::new(self.db.clone())
    }

    /// Calls for somebody's own wallet.
    pub fn exports(&self) -> Exports {
        Exports::new(self.db.clone())
    }

    /// Senders that sign nothing at present.
    pub fn pauses(&self) -> Pauses {
        Pauses::new(self.db.clone())
    }

    /// Signed operations of smart accounts.
    pub fn operations(&self) -> Operations {
        Operations::new(self.db.clone())
    }

    /// Session keys, and what owners of accounts allowed them.
    pub fn delegations(&self) -> Delegations {
        Delegations::new(self.db.clone())
    }

    /// Polls that are looked after.
    pub fn polls(&self) -> Polls {
        Polls::new(self.db.clone())
    }

    /// Messages taken from voters who pay no gas.
    pub fn relay(&self) -> Relay {
        Relay::new(self.db.clone())
    }

    /// What is to be done, is being done, and was done. All handles of this store and its clones are one runner.
    pub fn jobs(&self) -> Jobs {
        Jobs::new(self.db.clone(), self.runner.clone())
    }

    /// Steps of deployments that were done, and the contracts they left.
    pub fn deployments_done(&self) -> DeploymentSteps {
        DeploymentSteps::new(self.db.clone())
    }

    /// What is to begin at a time.
    pub fn schedules(&self) -> Schedules {
        Schedules::new(self.db.clone())
    }

    /// What happened, in order.
    pub fn events(&self) -> Events {
        Events::new(self.db.clone())
    }

    /// Logins and nonces.
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.db.clone())
    }

    /// Who did what.
    pub fn audit(&self) -> Audit {
        Audit::new(self.db.clone())
    }

    /// Answers that a repeated request gets again.
    pub fn idempotency(&self) -> Idempotency {
        Idempotency::new(self.db.clone())
    }

    /// Content that was published by its hash.
    pub fn blocks(&self) -> Blocks {
        Blocks::new(self.db.clone(), self.artifacts())
    }

    /// Who else keeps it.
    pub fn pins(&self) -> Pins {
        Pins::new(self.db.clone())
    }

    /// The root of every poll's published result.
    pub fn publications(&self) -> Publications {
        Publications::new(self.db.clone())
    }

    /// Backup files of relayed batches, for other tools.
    pub fn batch_backups(&self) -> BatchBackups {
        BatchBackups::new(self.folder.join("relayed"))
    }

    /// Proofs and other things that can be made again.
    pub fn artifacts(&self) -> Artifacts {
        Artifacts::new(self.objects.clone())
    }

    /// The files of a poll; the folder is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn poll_folder(&self, poll: &PollRef) -> Result<PollFolder, StoreError> {
        PollFolder::open(&self.folder.join("polls"), poll)
    }

    /// Keeps everybody else, in this and other processes and on other machines that share the database, from working on
    /// the poll until the lock is dropped or the process ends. `what` says to others what is being done, such as
    /// `finalise`.
    ///
    /// # Errors
    /// When somebody else has it: [`StoreError::PollBusy`] says who.
    pub async fn lock_poll(&self, poll: &PollRef, what: &str) -> Result<PollLock, StoreError> {
        PollLock::take(&self.locks, poll, what).await
    }

    /// The record of deployed contracts that other tools read.
    pub fn deployments(&self) -> Deployments {
        Deployments::new(self.folder.join("deployed-contracts.json"))
    }

    /// Closes the database once what is under way has ended. Jobs that are still claimed are orphans from then on.
    pub async fn close(self) {
        self.runner.end().await;
        self.db.close().await;
    }
}

/// Opens the database in a folder. Processes that do so at the same time follow one another, because SQLite would let
/// all of them make the tables at once.
async fn open_file(folder: &Path) -> Result<Db, StoreError> {
    let turn = folder.join("coordinator.opening");
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&turn)
        .map_err(StoreError::file("open the lock", &turn))?;
    let waiting = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await;
    // given back when the file is closed
    let _turn = waiting
        .unwrap_or_else(|panicked| Err(std::io::Error::other(panicked)))
        .map_err(StoreError::file("lock", &turn))?;
    let path = folder.join("coordinator.sqlite");
    keep_private(&path)?;
    let db = Db::sqlite(&path).await?;
    migrate(&db, path.display().to_string()).await?;
    Ok(db)
}

/// Makes the file for its owner alone, also in a folder that others may look into; what SQLite puts beside it gets the
/// same permissions.
fn keep_private(path: &Path) -> Result<(), StoreError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(StoreError::file("open", path))?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .map_err(StoreError::file("set the permissions of", path))?;
    drop(file);
    Ok(())
}

async fn open_server(url: &str) -> Result<(Db, Locks), StoreError> {
    let options: PgConnectOptions = url.parse().map_err(|_| StoreError::BadDatabaseUrl)?;
    let db = Db::postgres(url).await?;
    let name = options.get_database().unwrap_or("of the user's name");
    migrate(&db, format!("{name} on {}", options.get_host())).await?;
    Ok((db, Locks::Server(Box::new(options))))
}

async fn migrate(db: &Db, database: String) -> Result<(), StoreError> {
    db.migrate()
        .await
        .map_err(|source| StoreError::Migration { database, source })
}
