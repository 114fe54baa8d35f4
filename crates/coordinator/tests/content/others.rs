//! A Kubo node, a pinning service and gateways, as they check and as they fail.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use futures::stream;
use maci_coordinator_core::clock::MovedClock;
use maci_coordinator_core::ipfs::{
    BlockSource, Cid, Codec, FetchLimits, Fetcher, HttpUrl, Ipfs, IpfsSettings, ReadError, TargetKind, TargetSettings,
    cid_of, walk,
};
use maci_protocol::cid::ContentDigest;
use maci_protocol::time::Timestamp;
use maci_store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The token that the node and the service want.
pub(crate) const TOKEN: &str = "a token for tests";

/// A store of our own with everything over it.
pub(crate) struct Own {
    pub(crate) ipfs: Ipfs,
    pub(crate) store: Store,
    pub(crate) clock: MovedClock,
    _folder: TempDir,
}

impl Own {
    pub(crate) async fn with(settings: IpfsSettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let clock = MovedClock::at(Timestamp::from_unix_seconds(1_700_000_000));
        Self {
            ipfs: Ipfs::new(store.clone(), Arc::new(clock.clone()), &settings),
            store,
            clock,
            _folder: folder,
        }
    }
}

/// Gateways and targets, without patience.
pub(crate) fn settings(gateways: &[&str], targets: Vec<TargetSettings>) -> IpfsSettings {
    let url = |text: &&str| text.parse::<HttpUrl>().unwrap();
    IpfsSettings {
        gateways: gateways.iter().map(url).collect(),
        targets,
        limits: FetchLimits {
            patience: std::time::Duration::from_secs(20),
            impatience: std::time::Duration::from_millis(50),
            ..FetchLimits::default()
        },
        ..IpfsSettings::default()
    }
}

/// Serves routes on a free port.
pub(crate) async fn serve(routes: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}")
}

/// A Kubo node: it names what it gets by what it hashes itself, and pins only what it has whole.
#[derive(Clone, Default)]
pub(crate) struct Kubo(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    blocks: BTreeMap<Cid, Bytes>,
    pinned: BTreeSet<Cid>,
    /// Calls that still fail.
    failing: usize,
}

impl Kubo {
    /// One whose first calls fail.
    pub(crate) fn failing(calls: usize) -> Self {
        let kubo = Self::default();
        kubo.0.lock().unwrap().failing = calls;
        kubo
    }

    pub(crate) fn has_pinned(&self, cid: &Cid) -> bool {
        self.0.lock().unwrap().pinned.contains(cid)
    }

    pub(crate) async fn target(&self, name: &str) -> TargetSettings {
        let routes = Router::new()
            .route("/api/v0/block/put", post(put))
            .route("/api/v0/block/get", post(give))
            .route("/api/v0/pin/add", post(pin))
            .with_state(self.clone());
        TargetSettings {
            name: name.to_owned(),
            kind: TargetKind::Kubo {
                rpc: serve(routes).await.parse().unwrap(),
                token: Some(TOKEN.into()),
            },
        }
    }

    fn admit(&self, headers: &HeaderMap) -> Result<(), Refused> {
        if headers.get("authorization").and_then(|value| value.to_str().ok()) != Some(&format!("Bearer {TOKEN}")) {
            return Err((StatusCode::FORBIDDEN, "403 - Forbidden".to_owned()));
        }
        let mut kept = self.0.lock().unwrap();
        if kept.failing > 0 {
            kept.failing -= 1;
            return Err((StatusCode::INTERNAL_SERVER_ERROR, message("busy")));
        }
        Ok(())
    }
}

impl BlockSource for Kubo {
    fn block<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        let found = self.0.lock().unwrap().blocks.get(cid).cloned();
        async move { found.ok_or(ReadError::Missing { cid: *cid }) }.boxed()
    }
}

type Refused = (StatusCode, String);

type Arguments = Query<BTreeMap<String, String>>;

fn message(text: &str) -> String {
    json!({ "Message": text, "Code": 0, "Type": "error" }).to_string()
}

fn bad(text: &str) -> Refused {
    (StatusCode::BAD_REQUEST, message(text))
}

async fn put(
    State(kubo): State<Kubo>,
    Query(arguments): Arguments,
    headers: HeaderMap,
    body: Bytes,
) -> Result<String, Refused> {
    kubo.admit(&headers)?;
    let bytes = only_file(&headers, &body).ok_or_else(|| bad("file argument 'data' is required"))?;
    let codec = match arguments.get("cid-codec").map(String::as_str) {
        Some("raw") => Codec::Raw,
        Some("json") => Codec::Json,
        Some("dag-pb") => Codec::DagPb,
        _ => return Err(bad("unknown codec")),
    };
    assert_eq!(arguments["mhtype"], "sha2-256");
    let cid = cid_of(codec, &ContentDigest::of(&bytes));
    let size = bytes.len();
    kubo.0.lock().unwrap().blocks.insert(cid, bytes);
    Ok(json!({ "Key": cid.to_string(), "Size": size }).to_string())
}

async fn give(State(kubo): State<Kubo>, Query(arguments): Arguments, headers: HeaderMap) -> Result<Bytes, Refused> {
    kubo.admit(&headers)?;
    let cid: Cid = arguments["arg"].parse().map_err(|_| bad("invalid path"))?;
    let found = kubo.0.lock().unwrap().blocks.get(&cid).cloned();
    found.ok_or((StatusCode::INTERNAL_SERVER_ERROR, message("ipld: could not find it")))
}

async fn pin(State(kubo): State<Kubo>, Query(arguments): Arguments, headers: HeaderMap) -> Result<String, Refused> {
    kubo.admit(&headers)?;
    assert_eq!(arguments["recursive"], "true");
    let cid: Cid = arguments["arg"].parse().map_err(|_| bad("invalid path"))?;
    let whole = walk(&kubo, cid).await;
    whole.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, message(&error.to_string())))?;
    kubo.0.lock().unwrap().pinned.insert(cid);
    Ok(json!({ "Pins": [cid.to_string()] }).to_string())
}

/// The only file of a form.
fn only_file(headers: &HeaderMap, body: &Bytes) -> Option<Bytes> {
    let kind = headers.get("content-type")?.to_str().ok()?;
    let boundary = kind.strip_prefix("multipart/form-data; boundary=")?;
    let opened = format!("--{boundary}\r\n");
    let closed = format!("\r\n--{boundary}--\r\n");
    let inner = body.strip_prefix(opened.as_bytes())?.strip_suffix(closed.as_bytes())?;
    let head = inner.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(Bytes::copy_from_slice(&inner[head + 4..]))
}

/// A pinning service: it fetches what it is to pin itself, and hashes it.
#[derive(Clone)]
pub(crate) struct Service {
    from: Fetcher,
    asked: Arc<Mutex<Vec<(Cid, &'static str)>>>,
}

impl Service {
    /// One that fetches from a gateway.
    pub(crate) fn fetching_from(gateway: &str) -> Self {
        Self {
            from: Fetcher::new(&settings(&[gateway], Vec::new())),
            asked: Arc::default(),
        }
    }

    /// How often it was asked for a pin.
    pub(crate) fn requests(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    pub(crate) async fn target(&self, name: &str) -> TargetSettings {
        let routes = Router::new()
            .route("/psa/pins", post(ask))
            .route("/psa/pins/{id}", get(look))
            .with_state(self.clone());
        TargetSettings {
            name: name.to_owned(),
            kind: TargetKind::PinningService {
                api: format!("{}/psa", serve(routes).await).parse().unwrap(),
                token: TOKEN.into(),
                origins: vec!["/dns4/node.example/tcp/4001".to_owned()],
            },
        }
    }
}

fn status(id: usize, cid: &Cid, status: &str) -> String {
    json!({
        "requestid": id.to_string(), "status": status, "created": "2026-01-01T00:00:00Z", "delegates": [],
        "pin": { "cid": cid.to_string() }, "info": { "status_details": "its origins do not have it" },
    })
    .to_string()
}

fn bearer(headers: &HeaderMap) -> Result<(), Refused> {
    let given = headers.get("authorization").and_then(|value| value.to_str().ok());
    let right = given == Some(&format!("Bearer {TOKEN}"));
    right.then_some(()).ok_or((
        StatusCode::UNAUTHORIZED,
        json!({ "error": { "reason": "UNAUTHORIZED" } }).to_string(),
    ))
}

async fn ask(State(service): State<Service>, headers: HeaderMap, body: Bytes) -> Result<(StatusCode, String), Refused> {
    bearer(&headers)?;
    let body: Value = serde_json::from_slice(&body).map_err(|error| bad(&error.to_string()))?;
    let cid: Cid = body["cid"]
        .as_str()
        .unwrap_or_default()
        .parse()
        .map_err(|_| bad("cid"))?;
    assert!(body["origins"].is_array());
    let mut asked = service.asked.lock().unwrap();
    asked.push((cid, "queued"));
    Ok((StatusCode::ACCEPTED, status(asked.len() - 1, &cid, "queued")))
}

async fn look(
    State(service): State<Service>,
    headers: HeaderMap,
    Path(id): Path<usize>,
) -> Result<(StatusCode, String), Refused> {
    bearer(&headers)?;
    let known = service.asked.lock().unwrap().get(id).copied();
    let (cid, _) = known.ok_or((StatusCode::NOT_FOUND, "{}".to_owned()))?;
    let outcome = if walk(&service.from, cid).await.is_ok() {
        "pinned"
    } else {
        "failed"
    };
    Ok((StatusCode::OK, status(id, &cid, outcome)))
}

/// How a gateway answers.
#[derive(Clone)]
pub(crate) enum Gateway {
    /// With what a source has.
    Of(Arc<dyn BlockSource>),
    /// With something else.
    Lying,
    /// Never.
    Silent,
    /// With more and more.
    Endless,
}

impl Gateway {
    pub(crate) async fn start(self) -> String {
        serve(Router::new().route("/ipfs/{cid}", get(answer)).with_state(self)).await
    }
}

async fn answer(State(gateway): State<Gateway>, Path(cid): Path<String>) -> Result<Body, StatusCode> {
    match gateway {
        Gateway::Of(source) => {
            let cid: Cid = cid.parse().map_err(|_| StatusCode::BAD_REQUEST)?;
            let found = source.block(&cid).await;
            found.map(Body::from).map_err(|_| StatusCode::NOT_FOUND)
        }
        Gateway::Lying => Ok(Body::from("something else")),
        Gateway::Silent => std::future::pending().await,
        Gateway::Endless => {
            let chunks = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![0; 1 << 16])));
            Ok(Body::from_stream(chunks))
        }
    }
}
