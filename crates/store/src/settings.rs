use std::path::PathBuf;

use secrecy::SecretString;

/// Where everything is kept.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// The folder of the embedded database, of artifacts kept locally, and of polls' files.
    pub folder: PathBuf,
    /// The database.
    pub database: Database,
    /// Where artifacts are kept.
    pub objects: Objects,
}

impl StoreSettings {
    /// Everything in one folder, with nothing else to install.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            database: Database::Sqlite,
            objects: Objects::Local,
        }
    }
}

/// Which database.
#[derive(Debug, Clone, Default)]
pub enum Database {
    /// SQLite, a file in the folder: for one machine.
    #[default]
    Sqlite,
    /// PostgreSQL: for several machines that share the work. The URL is `postgres://user:password@host/database`; it is
    /// a secret for the password in it.
    Postgres(SecretString),
}

/// Where artifacts are kept.
#[derive(Debug, Clone, Default)]
pub enum Objects {
    /// In the folder.
    #[default]
    Local,
    /// In a bucket, for several machines that share the work.
    S3(Bucket),
}

/// A bucket of S3, or of a service that speaks its protocol.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its region; services that have none take `us-east-1`.
    pub region: String,
    /// Where it is, such as `https://minio.example:9000`; AWS if not given. Plain `http://` is taken, so that a service
    /// on the same machine can be used.
    pub endpoint: Option<String>,
    /// What goes before every object's name, such as `maci/`; nothing if empty.
    pub prefix: String,
    /// The key's id.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: SecretString,
}
