use std::path::Path;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use secrecy::ExposeSecret;

use crate::disk::make_folder;
use crate::error::StoreError;
use crate::settings::{Bucket, Objects};

/// The place the settings name; a local one is the folder.
pub(crate) fn open(objects: &Objects, folder: &Path) -> Result<Arc<dyn ObjectStore>, StoreError> {
    match objects {
        Objects::Local => {
            make_folder(folder)?;
            let local = LocalFileSystem::new_with_prefix(folder).map_err(|source| StoreError::Objects {
                doing: "open",
                place: folder.display().to_string(),
                source,
            })?;
            Ok(Arc::new(local.with_fsync(true)))
        }
        Objects::S3(bucket) => bucket_of(bucket),
    }
}

fn bucket_of(bucket: &Bucket) -> Result<Arc<dyn ObjectStore>, StoreError> {
    let Bucket {
        name,
        region,
        endpoint,
        prefix,
        access_key_id,
        secret_access_key,
    } = bucket;
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(name)
        .with_region(region)
        .with_access_key_id(access_key_id)
        .with_secret_access_key(secret_access_key.expose_secret());
    if let Some(endpoint) = endpoint {
        builder = builder
            .with_allow_http(endpoint.starts_with("http://"))
            .with_endpoint(endpoint);
    }
    let store = builder.build().map_err(|source| StoreError::Objects {
        doing: "use the bucket",
        place: name.clone(),
        source,
    })?;
    Ok(Arc::new(PrefixStore::new(store, prefix.as_str())))
}
