//! Artifacts in a bucket, against a small server that speaks as much of S3 as they need and checks what it is told.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use maci_store::{ArtifactKey, Bucket, Found, Objects, Store, StoreError, StoreSettings};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// What the server has, and how many of the next requests it is to turn away as overloaded.
#[derive(Default)]
struct Shelf {
    objects: BTreeMap<String, Bytes>,
    overloaded: u32,
    /// Whether it takes nobody's key any more.
    closed: bool,
}

type Shared = Arc<Mutex<Shelf>>;

async fn bucket() -> (Shared, String) {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let shelf = Shared::default();
    let serving = shelf.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let shelf = serving.clone();
            let answer = service_fn(move |request| answer(shelf.clone(), request));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    (shelf, endpoint)
}

async fn answer(shelf: Shared, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let header = |name: &str| head.headers.get(name).map_or("", |value| value.to_str().unwrap());
    let mut shelf = shelf.lock().unwrap();
    let reply = |status: StatusCode, body: Bytes| {
        let reply = Response::builder().status(status).header("etag", "\"e\"");
        let reply = reply.header("last-modified", "Sun, 22 Nov 2026 12:00:00 GMT");
        Ok(reply.body(Full::new(body)).unwrap())
    };
    if shelf.overloaded > 0 {
        shelf.overloaded -= 1;
        return reply(StatusCode::SERVICE_UNAVAILABLE, Bytes::new());
    }
    let signed_by_us = header("authorization").starts_with("AWS4-HMAC-SHA256 Credential=our-key/")
        && header("authorization").contains("/eu-test-1/s3/aws4_request");
    if shelf.closed || !signed_by_us {
        return reply(StatusCode::FORBIDDEN, Bytes::new());
    }
    if !head.uri.path().starts_with("/artifacts/") {
        return reply(
            StatusCode::NOT_FOUND,
            Bytes::from("<Error><Code>NoSuchBucket</Code></Error>"),
        );
    }
    let place = head.uri.path().to_owned();
    match head.method {
        Method::PUT if header("x-amz-content-sha256") == hex::encode(Sha256::digest(&body)) => {
            shelf.objects.insert(place, body);
            reply(StatusCode::OK, Bytes::new())
        }
        Method::GET => match shelf.objects.get(&place) {
            Some(object) => reply(StatusCode::OK, object.clone()),
            None => reply(
                StatusCode::NOT_FOUND,
                Bytes::from("<Error><Code>NoSuchKey</Code></Error>"),
            ),
        },
        _ => reply(StatusCode::BAD_REQUEST, Bytes::new()),
    }
}

async fn store(endpoint: &str) -> (TempDir, Store) {
    let (folder, opened) = opened(endpoint, "artifacts", "our-key").await;
    (folder, opened.unwrap())
}

async fn opened(endpoint: &str, bucket: &str, key: &str) -> (TempDir, Result<Store, StoreError>) {
    let folder = tempfile::tempdir().unwrap();
    let settings = StoreSettings {
        objects: Objects::S3(Bucket {
            name: bucket.to_owned(),
            region: "eu-test-1".to_owned(),
            endpoint: Some(endpoint.to_owned()),
            prefix: "maci".to_owned(),
            access_key_id: key.to_owned(),
            secret_access_key: SecretString::from("swordfish"),
        }),
        ..StoreSettings::in_folder(folder.path())
    };
    assert!(!format!("{settings:?}").contains("swordfish"));
    let opened = Store::open_with(&settings).await;
    (folder, opened)
}

fn proof() -> ArtifactKey {
    ArtifactKey::of("proof", &[b"inputs"])
}

#[tokio::test]
async fn an_artifact_in_a_bucket_is_found_by_other_machines_and_checked() {
    let (shelf, endpoint) = bucket().await;
    let (_folder, store_here) = store(&endpoint).await;
    let (_other_folder, store_there) = store(&endpoint).await;
    assert_eq!(store_there.artifacts().get(&proof()).await.unwrap(), Found::Missing);
    store_here.artifacts().put(&proof(), b"the proof").await.unwrap();
    assert_eq!(
        store_there.artifacts().get(&proof()).await.unwrap(),
        Found::Whole(b"the proof".to_vec())
    );

    let name = proof().to_string();
    let place = format!("/artifacts/maci/{}/{name}", &name[..2]);
    shelf
        .lock()
        .unwrap()
        .objects
        .insert(place, Bytes::from("something else"));
    let damaged = store_there.artifacts().get(&proof()).await.unwrap();
    assert!(matches!(damaged, Found::Damaged { .. }), "{damaged:?}");
}

#[tokio::test]
async fn a_bucket_that_is_overloaded_for_a_moment_is_asked_again() {
    let (shelf, endpoint) = bucket().await;
    let (_folder, store) = store(&endpoint).await;
    shelf.lock().unwrap().overloaded = 2;
    store.artifacts().put(&proof(), b"the proof").await.unwrap();
    assert_eq!(shelf.lock().unwrap().objects.len(), 1);
}

#[tokio::test]
async fn a_bucket_that_refuses_our_key_is_an_error_at_the_start_without_the_secret() {
    let (_shelf, endpoint) = bucket().await;
    let (_folder, refused) = opened(&endpoint, "artifacts", "a-stolen-key").await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused, StoreError::Objects { .. }));
    assert!(!format!("{refused} {refused:?}").contains("swordfish"));
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_an_error_at_the_start_with_the_setting_to_correct() {
    let (_shelf, endpoint) = bucket().await;
    let (_folder, refused) = opened(&endpoint, "nowhere", "our-key").await;
    let told = refused.unwrap_err().to_string();
    for word in ["`nowhere`", endpoint.as_str(), "[storage.objects]"] {
        assert!(told.contains(word), "{told}");
    }
}

#[tokio::test]
async fn a_bucket_that_fails_after_the_start_is_an_error_of_what_was_asked_of_it() {
    let (shelf, endpoint) = bucket().await;
    let (_folder, store) = store(&endpoint).await;
    shelf.lock().unwrap().closed = true;
    assert!(store.artifacts().put(&proof(), b"the proof").await.is_err());
    assert!(store.artifacts().get(&proof()).await.is_err());
}

#[test]
fn threads_outside_of_the_runtime_reach_artifacts_too() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = runtime.block_on(Store::open(folder.path())).unwrap();
    let artifacts = store.artifacts().blocking(runtime.handle().clone());
    let thread = std::thread::spawn(move || {
        artifacts.put(&proof(), b"the proof").unwrap();
        artifacts.get(&proof()).unwrap()
    });
    assert_eq!(thread.join().unwrap(), Found::Whole(b"the proof".to_vec()));
}
