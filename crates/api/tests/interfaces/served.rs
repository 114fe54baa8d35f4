//! A service with a store of its own, behind its door, and people who may do something.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use maci_api::{
    ApiState,
    auth::{AuthSettings, Authenticator, Door, Roles},
    limits::{AllowedOrigins, LimitSettings, Rate},
    operations::probe_routes,
    router,
};
use maci_chain::{artifacts::Artifacts, send::SendSettings};
use maci_coordinator_core::{
    access::{Transport, TransportSource},
    actor::Role,
    chains::{ChainSettings, Chains, ChainsSettings},
    clock::SystemClock,
    finalise::{KeySet, ProvingLimits},
    ipfs::IpfsSettings,
    ledger::NoRelayedBatches,
    relay::RelaySettings,
    service::{Parts, RoundSettings, Service},
};
use maci_custody::{Cost, Passphrase, SenderKey, Vault};
use maci_protocol::{ChainId, EthAddress};
use maci_proving::witness::ModuleCache;
use maci_store::Store;
use maci_testkit::{Anvil, anvil::ACCOUNTS, places};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Nobody,
    Viewer,
    Operator,
    Admin,
}

/// A running service with its routes.
pub(crate) struct Served {
    pub(crate) router: Router,
    pub(crate) service: Service,
    tokens: [String; 3],
    _folder: TempDir,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Served {
    /// A service that knows no chain.
    pub(crate) async fn start() -> Self {
        Self::with(None).await
    }

    /// A service that works on this chain, with the official contracts.
    pub(crate) async fn on(chain: &Anvil) -> Self {
        Self::with(Some(chain)).await
    }

    async fn with(chain: Option<&Anvil>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let parts = parts(folder.path(), chain).await;
        let service = Service::start(parts).await.unwrap();
        let access = service.access();
        let mut tokens = Vec::new();
        let people = [(1, Role::Viewer), (2, Role::Operator), (3, Role::Admin)];
        let mut roles = Roles::default();
        for (byte, role) in people {
            let address = EthAddress([byte; 20]);
            roles = roles.with(role, [address]);
            let (token, _) = access.log_in(address, role, Duration::from_secs(3_600)).await.unwrap();
            tokens.push(token.expose().to_owned());
        }
        let settings = AuthSettings {
            roles,
            ..AuthSettings::new("localhost")
        };
        let authenticator = Authenticator::new(settings, access);
        let plenty = Rate::a_minute(1_000_000);
        let limits = LimitSettings {
            logins: plenty,
            attempts: plenty,
            acting: plenty,
            reading: plenty,
            ..LimitSettings::default()
        };
        let door = Door::new(authenticator, &limits, AllowedOrigins::default(), 1 << 20);
        let routes = router(ApiState::new(service.clone())).merge(probe_routes(service.clone()));
        Self {
            router: door.before(routes),
            service,
            tokens: tokens.try_into().unwrap(),
            _folder: folder,
        }
    }

    /// The header of somebody.
    pub(crate) fn authorisation(&self, who: Who) -> Option<String> {
        let place = match who {
            Who::Nobody => return None,
            Who::Viewer => 0,
            Who::Operator => 1,
            Who::Admin => 2,
        };
        Some(format!("Bearer {}", self.tokens[place]))
    }

    /// A request of somebody, with JSON if there is a body.
    pub(crate) fn request(&self, who: Who, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path);
        if let Some(value) = self.authorisation(who) {
            request = request.header(header::AUTHORIZATION, value);
        }
        match body {
            None => request.body(Body::empty()),
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
        }
        .unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answered {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// What a request is answered, where it is no text: status, content type, body.
    pub(crate) async fn bytes(&self, request: Request<Body>) -> (u16, String, bytes::Bytes) {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let kind = kind.map_or_else(String::new, |kind| kind.to_str().unwrap().to_owned());
        (parts.status.as_u16(), kind, body.collect().await.unwrap().to_bytes())
    }

    pub(crate) async fn get(&self, who: Who, path: &str) -> Answered {
        self.send(self.request(who, "GET", path, None)).await
    }

    pub(crate) async fn post(&self, who: Who, path: &str, body: &Value) -> Answered {
        self.send(self.request(who, "POST", path, Some(body))).await
    }

    /// Serves on a free port, for clients of other languages.
    pub(crate) async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}")
    }
}

async fn parts(folder: &Path, chain: Option<&Anvil>) -> Parts {
    let described = chain.map(|chain| ChainSettings {
        chain: ChainId(31_337),
        endpoints: vec![chain.url().parse().unwrap()],
        name: Some("our_rollup".to_owned()),
        confirmations: None,
        log_range: None,
        fee_cap: None,
        fees: None,
    });
    let chains = ChainsSettings {
        chains: described.into_iter().collect(),
        ..ChainsSettings::default()
    };
    let keys = folder.join("keys");
    std::fs::create_dir_all(&keys).unwrap();
    let sender = ACCOUNTS[1].private_key;
    let vault = Vault::at(
        &keys,
        Cost::LIGHT,
        Vec::new(),
        Some(SenderKey::from_private_key(sender).unwrap()),
    );
    let passphrase = Passphrase::new(b"a passphrase of these tests".to_vec()).unwrap();
    vault.unlock(passphrase).unwrap();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../custody/tests/vectors");
    Parts {
        store: Store::open(folder.join("store")).await.unwrap(),
        chains: Chains::new(chains).unwrap(),
        keys: vault,
        transport: Transport::start(TransportSource::Files {
            public: None,
            private: vectors.join("rsa-private.pem"),
        }),
        circuits: KeySet::in_folder(places::circuit_cache().join("keys")),
        modules: Arc::new(ModuleCache::in_folder(&places::circuit_cache().join("modules"))),
        contracts: chain.map(|_| Artifacts::open(&places::workspace_root().join("contracts")).unwrap()),
        listed: Default::default(),
        relayed: Arc::new(NoRelayedBatches),
        ipfs: IpfsSettings::default(),
        proving: ProvingLimits {
            parallel: Some(1),
            memory: 1 << 30,
        },
        sending: SendSettings::default(),
        senders: maci_coordinator_core::senders::SendersSettings::default(),
        clock: Arc::new(SystemClock),
        rounds: RoundSettings::default(),
        relayer: Some(RelaySettings::default()),
    }
}
