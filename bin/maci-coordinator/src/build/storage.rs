use anyhow::Result;
use maci_store::{Bucket, Database, Objects, Store, StoreSettings};

use crate::settings::{self, Settings};

/// Regions are a matter of Amazon's; other stores take this one.
const USUAL_REGION: &str = "us-east-1";

/// The store, opened.
pub(crate) async fn store(settings: &Settings) -> Result<Store> {
    let database = match &settings.storage.database_url {
        Some(url) => Database::Postgres(url.expose().into()),
        None => Database::Sqlite,
    };
    let objects = match &settings.storage.objects {
        settings::Objects::Folder => Objects::Local,
        settings::Objects::S3 {
            bucket,
            region,
            endpoint,
            prefix,
            access_key_id,
            secret_access_key,
        } => Objects::S3(Bucket {
            name: bucket.clone(),
            region: region.clone().unwrap_or_else(|| USUAL_REGION.to_owned()),
            endpoint: endpoint.clone(),
            prefix: prefix.clone(),
            access_key_id: access_key_id.expose().to_owned(),
            secret_access_key: secret_access_key.expose().into(),
        }),
    };
    let folder = settings.data_dir.clone();
    Ok(Store::open_with(&StoreSettings {
        folder,
        database,
        objects,
    })
    .await?)
}
