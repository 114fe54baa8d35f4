//! One database, whichever engine runs it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use maci_protocol::time::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::{Any, AnyPool, ConnectOptions, Connection, Executor, Transaction};
use uuid::{ContextV7, Uuid};

use crate::error::StoreError;

/// How long a statement waits for a connection, or a writer for another one, of this or another process.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connections of one process to its SQLite file: one writes at a time, the others read beside it.
const SQLITE_CONNECTIONS: u32 = 4;

/// Connections of one process to a PostgreSQL server.
const POSTGRES_CONNECTIONS: u32 = 8;

/// What a connection to SQLite is told. Readers go on beside a writer, and what was committed is on the disk: a signed
/// transaction must be there before it is on the wire.
const SQLITE_SESSION: &str = "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";

/// What a connection to PostgreSQL is told: the same, and not to leave locks behind when a machine vanishes.
const POSTGRES_SESSION: &str = "SET synchronous_commit = on; SET lock_timeout = '30s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET tcp_keepalives_idle = 10; \
     SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

/// A transaction on either engine.
pub(super) type Work = Transaction<'static, Any>;

/// The pool of connections, and what has to be said differently to each engine.
#[derive(Debug, Clone)]
pub(crate) struct Db {
    pool: AnyPool,
    engine: Engine,
    ids: Arc<Mutex<ContextV7>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

impl Db {
    /// Opens the SQLite file, and makes it if it is not there.
    pub(crate) async fn sqlite(path: &Path) -> Result<Self, StoreError> {
        let url = file_url(path)?;
        Self::open(&url, Engine::Sqlite, SQLITE_CONNECTIONS, SQLITE_SESSION).await
    }

    /// Connects to a PostgreSQL server.
    pub(crate) async fn postgres(url: &str) -> Result<Self, StoreError> {
        Self::open(url, Engine::Postgres, POSTGRES_CONNECTIONS, POSTGRES_SESSION).await
    }

    async fn open(url: &str, engine: Engine, connections: u32, session: &'static str) -> Result<Self, StoreError> {
        install_default_drivers();
        let options: AnyConnectOptions = url.parse().map_err(|_| StoreError::BadDatabaseUrl)?;
        let failed = || StoreError::database("connecting");
        // a pool would keep a wrong address or file to itself, and try again for as long as a statement may wait
        let mut greeting = options.connect().await.map_err(failed())?;
        greeting.execute(sqlx::raw_sql(session)).await.map_err(failed())?;
        greeting.close().await.map_err(failed())?;
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    connection.execute(sqlx::raw_sql(session)).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .map_err(failed())?;
        Ok(Self {
            pool,
            engine,
            ids: Arc::new(Mutex::new(ContextV7::new())),
        })
    }

    /// Brings the tables up to date.
    pub(crate) async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        sqlx::migrate!().run(&self.pool).await
    }

    /// A name that is greater than those this store gave before, and sorts by time among those of other stores.
    pub(super) fn new_id(&self, now: Timestamp) -> Uuid {
        let milliseconds = u32::try_from(now.0.rem_euclid(1000)).unwrap_or(0);
        let nanoseconds = milliseconds.saturating_mul(1_000_000);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*self.ids, now.unix_seconds(), nanoseconds))
    }

    /// For single statements.
    pub(super) fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// A transaction that reads and sees one moment.
    pub(super) async fn reading(&self, doing: &'static str) -> Result<Work, StoreError> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.pool.begin_with(begin).await.map_err(StoreError::database(doing))
    }

    /// A transaction that writes. Those with the same `turn` follow one another, on all machines, so that what one has
    /// read still holds when it writes. On SQLite all writers have one turn, and queue for it at once: none fails half
    /// way because another was faster.
    pub(super) async fn writing(&self, turn: &str, doing: &'static str) -> Result<Work, StoreError> {
        let failed = || StoreError::database(doing);
        match self.engine {
            Engine::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed()),
            Engine::Postgres => {
                let mut work = self.pool.begin_with("BEGIN").await.map_err(failed())?;
                sqlx::query("SELECT pg_advisory_xact_lock($1)::text")
                    .bind(lock_number("turn", turn))
                    .execute(&mut *work)
                    .await
                    .map_err(failed())?;
                Ok(work)
            }
        }
    }

    /// Closes all connections once what is under way has ended.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// The number under which PostgreSQL knows a lock: 64 bits of a hash, so two names meet in one number never in practice.
pub(crate) fn lock_number(kind: &str, name: &str) -> i64 {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(b"maci-coordinator lock ")
        .chain_update((kind.len() as u64).to_be_bytes())
        .chain_update(kind)
        .chain_update(name)
        .finalize()
        .into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The URL of a file; its path is made absolute, since a URL's first part would be a host.
fn file_url(path: &Path) -> Result<String, StoreError> {
    let whole: PathBuf = std::path::absolute(path).map_err(StoreError::file("find", path))?;
    let text = whole.to_str().ok_or_else(|| StoreError::BadName {
        name: whole.to_string_lossy().into_owned(),
        reason: "a database's path must be UTF-8",
    })?;
    let mut url = String::from("sqlite://");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => url.push(char::from(byte)),
            other => url.push_str(&format!("%{other:02X}")),
        }
    }
    url.push_str("?mode=rwc");
    Ok(url)
}
