use serde::Deserialize;

use super::Secret;

/// `[storage]`: where what has to be remembered is kept.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StorageSettings {
    /// `postgres://…` for a database that several machines share; else SQLite in the data folder.
    pub database_url: Option<Secret>,
    pub objects: Objects,
}

/// `[storage.objects]`: where proofs and other artifacts are kept.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(tag = "in", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Objects {
    /// In the data folder.
    #[default]
    Folder,
    /// In a bucket of an S3-compatible store.
    S3 {
        /// The bucket.
        bucket: String,
        /// The region; some stores have none.
        #[serde(default)]
        region: Option<String>,
        /// The store's URL; else Amazon's.
        #[serde(default)]
        endpoint: Option<String>,
        /// What goes before every object's name.
        #[serde(default)]
        prefix: String,
        /// Name of the access key.
        access_key_id: Secret,
        /// The access key's secret.
        secret_access_key: Secret,
    },
}
