use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};
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

/// Asks a bucket for an object that nobody puts: one that is not there, or refuses the key, is told at the start and not by
/// the first proof. Nothing is written.
pub(crate) async fn expect_bucket(objects: &Objects) -> Result<(), StoreError> {
    let Objects::S3(bucket) = objects else {
        return Ok(());
    };
    // whoever starts a service does not wait for minutes to hear of a wrong address
    let soon = RetryConfig {
        max_retries: 3,
        retry_timeout: Duration::from_secs(10),
        ..RetryConfig::default()
    };
    let store = builder_of(bucket).with_retry(soon).build();
    let store = PrefixStore::new(store.map_err(refused(bucket))?, bucket.prefix.as_str());
    match store.get(&"is-it-there".into()).await {
        Ok(_) => Ok(()),
        Err(object_store::Error::NotFound { source, .. }) if source.to_string().contains(NO_SUCH_BUCKET) => {
            Err(StoreError::NoBucket {
                bucket: bucket.name.clone(),
                endpoint: bucket.endpoint.clone().unwrap_or_else(|| "AWS".to_owned()),
            })
        }
        Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(refused(bucket)(error)),
    }
}

/// How S3 says that there is no bucket, in the body of the answer it also gives for an object that is not there.
const NO_SUCH_BUCKET: &str = "NoSuchBucket";

fn bucket_of(bucket: &Bucket) -> Result<Arc<dyn ObjectStore>, StoreError> {
    let store = builder_of(bucket).build().map_err(refused(bucket))?;
    Ok(Arc::new(PrefixStore::new(store, bucket.prefix.as_str())))
}

fn refused(bucket: &Bucket) -> impl FnOnce(object_store::Error) -> StoreError {
    let place = bucket.name.clone();
    move |source| StoreError::Objects {
        doing: "use the bucket",
        place,
        source,
    }
}

fn builder_of(bucket: &Bucket) -> AmazonS3Builder {
    let Bucket {
        name,
        region,
        endpoint,
        prefix: _,
        access_key_id,
        secret_access_key,
    } = bucket;
    let builder = AmazonS3Builder::new()
        .with_bucket_name(name)
        .with_region(region)
        .with_access_key_id(access_key_id)
        .with_secret_access_key(secret_access_key.expose_secret());
    match endpoint {
        Some(endpoint) => builder
            .with_allow_http(endpoint.starts_with("http://"))
            .with_endpoint(endpoint),
        None => builder,
    }
}
