//! A door with a few rooms behind it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, request};
use axum::routing::any;
use maci_api::auth::{AuthSettings, Authenticator, Door, LegacySettings, Roles, routes};
use maci_api::limits::{AllowedOrigins, LimitSettings};
use maci_coordinator_core::access::{Access, Transport, TransportSource};
use maci_coordinator_core::actor::Role;
use maci_coordinator_core::clock::{Clock, MovedClock};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;
use maci_store::Store;
use maci_testkit::Wallet;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Notify;
use tower::ServiceExt;

pub(crate) const SERVICE: &str = "coordinator.example.org";
pub(crate) const CHAIN: u64 = 10;

/// A running service, as far as its door is concerned.
pub(crate) struct Venue {
    pub(crate) folder: TempDir,
    pub(crate) clock: MovedClock,
    pub(crate) door: Door,
    pub(crate) rooms: Router,
    /// Told when somebody stands in the room that nobody leaves, `/v1/endless`.
    pub(crate) arrived: Arc<Notify>,
}

/// What a client gets.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

pub(crate) fn admin() -> Wallet {
    Wallet::numbered(1).unwrap()
}

pub(crate) fn operator() -> Wallet {
    Wallet::numbered(2).unwrap()
}

pub(crate) fn viewer() -> Wallet {
    Wallet::numbered(3).unwrap()
}

pub(crate) fn stranger() -> Wallet {
    Wallet::numbered(4).unwrap()
}

pub(crate) fn address(wallet: &Wallet) -> EthAddress {
    wallet.address().parse().unwrap()
}

pub(crate) fn settings() -> AuthSettings {
    let mut settings = AuthSettings::new(SERVICE);
    settings.domains.push("vote.example.org".to_owned());
    settings.chains.push(ChainId(CHAIN));
    settings.roles = Roles::default()
        .with(Role::Admin, [address(&admin())])
        .with(Role::Operator, [address(&operator())])
        .with(Role::Viewer, [address(&viewer())]);
    settings
}

pub(crate) fn with_legacy() -> AuthSettings {
    AuthSettings {
        legacy: Some(LegacySettings::of_messages(["message"])),
        ..settings()
    }
}

pub(crate) fn rsa(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../custody/tests/vectors")
        .join(name)
}

impl Venue {
    pub(crate) async fn open() -> Self {
        Self::with(settings(), LimitSettings::default()).await
    }

    pub(crate) async fn with(settings: AuthSettings, limits: LimitSettings) -> Self {
        let clock = MovedClock::at(Timestamp(1_800_000_000_000));
        Self::in_folder(tempfile::tempdir().unwrap(), clock, settings, limits).await
    }

    /// The same after the process was killed and started again.
    pub(crate) async fn restarted(self, settings: AuthSettings) -> Self {
        let Self { folder, clock, .. } = self;
        Self::in_folder(folder, clock, settings, LimitSettings::default()).await
    }

    async fn in_folder(folder: TempDir, clock: MovedClock, settings: AuthSettings, limits: LimitSettings) -> Self {
        let store = Store::open(folder.path()).await.unwrap();
        let transport = Transport::start(TransportSource::Files {
            public: None,
            private: rsa("rsa-private.pem"),
        });
        let access = Access::new(store, Arc::new(clock.clone()), transport);
        let authenticator = Authenticator::new(settings, access);
        let origins: AllowedOrigins = "https://vote.example.org".parse().unwrap();
        let door = Door::new(authenticator, &limits, origins, 64 * 1024);
        // whatever is let through says so, and gives the body back
        let room = any(async |body: Body| (StatusCode::ACCEPTED, body));
        let arrived = Arc::new(Notify::new());
        let told = arrived.clone();
        let endless = any(async move || {
            told.notify_one();
            std::future::pending::<StatusCode>().await
        });
        let (routes, _) = routes::<()>().split_for_parts();
        let routes = routes.route("/v1/endless", endless);
        let rooms = door.clone().before(routes.fallback_service(room));
        Self {
            folder,
            clock,
            door,
            rooms,
            arrived,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.rooms.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, token: Option<&str>) -> Answer {
        self.send(request(method, path, token).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn nonce(&self) -> String {
        let answer = self.call("GET", "/v1/auth/nonce", None).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.body["nonce"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn post_login(&self, message: &str, signature: &str) -> Answer {
        let body = serde_json::json!({ "message": message, "signature": signature });
        let request = request("POST", "/v1/auth/login", None);
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Logs in and gives the token.
    pub(crate) async fn log_in(&self, wallet: &Wallet) -> String {
        let message = Message::of(wallet, &self.nonce().await, self.now()).to_string();
        let answer = self.post_login(&message, &wallet.sign_message(&message).unwrap()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.body["token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

pub(crate) fn request(method: &str, path: &str, token: Option<&str>) -> request::Builder {
    let request = Request::builder().method(method).uri(path);
    match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    }
}

/// A Sign-In with Ethereum message, field by field.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) domain: String,
    pub(crate) address: String,
    pub(crate) uri: String,
    pub(crate) version: String,
    pub(crate) chain: u64,
    pub(crate) nonce: String,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) begins: Option<Timestamp>,
}

impl Message {
    pub(crate) fn of(wallet: &Wallet, nonce: &str, now: Timestamp) -> Self {
        Self {
            domain: SERVICE.to_owned(),
            address: wallet.address(),
            uri: format!("https://{SERVICE}/"),
            version: "1".to_owned(),
            chain: CHAIN,
            nonce: nonce.to_owned(),
            issued: now,
            expires: None,
            begins: None,
        }
    }
}

impl std::fmt::Display for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            domain,
            address,
            uri,
            version,
            chain,
            nonce,
            issued,
            expires,
            begins,
        } = self;
        write!(
            f,
            "{domain} wants you to sign in with your Ethereum account:\n{address}\n\nRun rounds\n\nURI: {uri}\n\
             Version: {version}\nChain ID: {chain}\nNonce: {nonce}\nIssued At: {}",
            rfc3339(*issued)
        )?;
        if let Some(expires) = expires {
            write!(f, "\nExpiration Time: {}", rfc3339(*expires))?;
        }
        if let Some(begins) = begins {
            write!(f, "\nNot Before: {}", rfc3339(*begins))?;
        }
        Ok(())
    }
}

fn rfc3339(moment: Timestamp) -> String {
    let date = chrono::DateTime::from_timestamp_millis(moment.0).unwrap();
    date.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
