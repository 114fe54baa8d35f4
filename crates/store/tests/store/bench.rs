//! What every test is given: an empty place on one of the two engines.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use maci_store::{Database, Objects, Store, StoreSettings};
use maci_testkit::Postgres;
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

/// A folder and a database. Clones are the same place.
#[derive(Clone)]
pub(crate) struct Bench {
    folder: Arc<TempDir>,
    database: Database,
}

impl Bench {
    pub(crate) fn sqlite() -> Self {
        Self {
            folder: Arc::new(tempfile::tempdir().unwrap()),
            database: Database::Sqlite,
        }
    }

    /// None where PostgreSQL is left out.
    pub(crate) fn postgres() -> Option<Self> {
        let server = Postgres::shared_or_left_out().unwrap_or_else(|error| panic!("{error}"))?;
        let url = server.database().unwrap_or_else(|error| panic!("{error}"));
        Some(Self {
            folder: Arc::new(tempfile::tempdir().unwrap()),
            database: Database::Postgres(SecretString::from(url)),
        })
    }

    /// A store of its own on this place, as another process would have.
    pub(crate) async fn open(&self) -> Store {
        Store::open_with(&self.settings()).await.unwrap()
    }

    /// The same database as another machine sees it: with a folder of its own.
    pub(crate) fn of_another_machine(&self) -> Self {
        Self {
            folder: Arc::new(tempfile::tempdir().unwrap()),
            database: self.database.clone(),
        }
    }

    pub(crate) fn settings(&self) -> StoreSettings {
        StoreSettings {
            folder: self.folder().to_owned(),
            database: self.database.clone(),
            objects: Objects::Local,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The server's URL, if the engine is a server.
    pub(crate) fn url(&self) -> Option<String> {
        match &self.database {
            Database::Sqlite => None,
            Database::Postgres(url) => Some(url.expose_secret().to_owned()),
        }
    }

    /// Ends everybody's connections to the server.
    pub(crate) async fn cut_connections(&self) {
        self.sql(
            "SELECT pg_terminate_backend(pid, 10000)::text FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
    }

    /// Runs statements behind the store's back.
    pub(crate) async fn sql(&self, statements: &'static str) -> Result<(), sqlx::Error> {
        sqlx::any::install_default_drivers();
        let file: PathBuf = self.folder().join("coordinator.sqlite");
        let url = self
            .url()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", file.display()));
        let pool = sqlx::AnyPool::connect(&url).await?;
        let done = sqlx::raw_sql(statements).execute(&pool).await;
        pool.close().await;
        done.map(|_| ())
    }
}

/// Makes each of these a test on SQLite and a test on PostgreSQL.
macro_rules! on_both_engines {
    ($($scenario:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $scenario() {
                super::$scenario($crate::bench::Bench::sqlite()).await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $scenario() {
                if let Some(bench) = $crate::bench::Bench::postgres() {
                    super::$scenario(bench).await;
                }
            })+
        }
    };
}

pub(crate) use on_both_engines;
