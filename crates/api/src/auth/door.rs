use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use maci_coordinator_core::access::Deed;

use super::authenticator::Authenticator;
use super::caller::{Caller, Identity};
use super::credentials::Credentials;
use super::pending::Pending;
use super::policy::{is_acting, needed_role};
use super::refusal::Refusal;
use super::signed::Call;
use crate::limits::{
    AllowedOrigins, Budgets, ClientAddress, Key, LimitSettings, Spending, Wait, cross_origin, refuse_foreign_sockets,
    secure,
};
use crate::problem::{Problem, negotiate};

/// The header that names a request in logs and in the record.
const REQUEST_ID: &str = "x-request-id";

/// The one door in front of every route and socket: who is calling, how often they may, and whether they may at all.
#[derive(Debug, Clone)]
pub struct Door {
    authenticator: Authenticator,
    budgets: Arc<Budgets>,
    clients: ClientAddress,
    origins: AllowedOrigins,
    longest_body: usize,
}

impl Door {
    /// A door that takes bodies of at most `longest_body` bytes.
    #[must_use]
    pub fn new(
        authenticator: Authenticator,
        limits: &LimitSettings,
        origins: AllowedOrigins,
        longest_body: usize,
    ) -> Self {
        Self {
            authenticator,
            budgets: Arc::new(Budgets::new(limits)),
            clients: ClientAddress::behind(limits.trusted_proxies.clone()),
            origins,
            longest_body,
        }
    }

    /// Who is calling, for what does not pass the door: the handshakes of sockets.
    #[must_use]
    pub fn authenticator(&self) -> &Authenticator {
        &self.authenticator
    }

    /// Puts the door in front of everything a router answers, sockets included.
    pub fn before(self, routes: Router) -> Router {
        let origins = self.origins.clone();
        // the last layer is met first
        routes
            .layer(from_fn_with_state(self, pass))
            .layer(from_fn_with_state(origins.clone(), refuse_foreign_sockets))
            .layer(cross_origin(origins))
            .layer(from_fn(negotiate))
            .layer(from_fn(secure))
    }

    /// Finds out who is calling. Not knowing is no refusal: most of what is looked at is public.
    async fn identify(&self, request: Request, client: Key) -> Result<(Request, Identity), Response> {
        let presented = match Credentials::of(request.headers()) {
            Ok(None) => return Ok((request, Identity::Nobody)),
            Ok(Some(presented)) => presented,
            Err(refusal) => return Ok((request, Identity::Refused(refusal))),
        };
        if self.authenticator.is_costly(&presented) {
            self.spend(Spending::Attempt, client)?;
        }
        let (parts, body, bytes) = match presented {
            Credentials::Signed(_) => self.read_whole(request).await?,
            Credentials::Token(_) | Credentials::Legacy(_) => {
                let (parts, body) = request.into_parts();
                (parts, body, Bytes::new())
            }
        };
        let call = Call {
            method: parts.method.as_str(),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()),
            body: &bytes,
        };
        let identity = match self.authenticator.identify(presented, call).await {
            Ok(caller) => Identity::Known(caller),
            Err(refusal) => Identity::Refused(refusal),
        };
        Ok((Request::from_parts(parts, body), identity))
    }

    /// A request with its whole body, which a signature covers.
    async fn read_whole(&self, request: Request) -> Result<(Parts, Body, Bytes), Response> {
        let (parts, body) = request.into_parts();
        match to_bytes(body, self.longest_body).await {
            Ok(bytes) => Ok((parts, Body::from(bytes.clone()), bytes)),
            Err(_) => Err(Problem::too_large().into_response()),
        }
    }

    /// A client's address, seen through proxies that are trusted.
    pub(super) fn client(&self, headers: &HeaderMap, extensions: &Extensions) -> Key {
        Key::client(self.clients.of(headers, extensions))
    }

    /// The address itself.
    pub(crate) fn address(&self, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
        self.clients.of(headers, extensions)
    }

    /// Takes one request from a budget.
    pub(super) fn count(&self, spending: Spending, key: Key) -> Result<(), Refusal> {
        let spent = self.budgets.spend(spending, key);
        spent.map_err(|Wait { seconds }| {
            if self.budgets.is_news(key) {
                tracing::warn!(
                    ?key,
                    ?spending,
                    seconds,
                    "refused: too many requests; told once a minute"
                );
            }
            Refusal::TooMany { seconds }
        })
    }

    fn spend(&self, spending: Spending, key: Key) -> Result<(), Response> {
        self.count(spending, key).map_err(Refusal::into_response)
    }

    /// Logs a refusal, once, and counts it if somebody tried to be somebody.
    pub(super) fn note(&self, client: Key, path: &str, refusal: &Refusal) -> Result<(), Refusal> {
        tracing::warn!(?client, path, %refusal, "refused");
        if refusal.is_failed_attempt() {
            self.count(Spending::Attempt, client)?;
        }
        Ok(())
    }

    /// Whether the caller may make the request at all.
    fn admit(&self, request: &Request, identity: &Identity) -> Result<(), Refusal> {
        let public_reads = self.authenticator.settings().public_reads;
        match needed_role(request.method(), request.uri().path(), public_reads) {
            None => Ok(()),
            Some(needed) => identity.caller()?.at_least(needed),
        }
    }

    /// Writes down what somebody did, whatever came of it.
    pub(super) async fn record(&self, caller: &Caller, asked: &Asked, outcome: &str) {
        let deed = Deed {
            action: &asked.method,
            target: &asked.path,
            outcome,
            request: asked.id.as_deref(),
        };
        if let Err(error) = self.authenticator.access().record(caller.actor(), deed).await {
            tracing::error!(%error, who = %caller.actor().name, path = asked.path, "a deed was not recorded");
        }
    }
}

/// What is told of a request after it was answered.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    method: String,
    path: String,
    id: Option<String>,
    acts: bool,
}

impl Asked {
    /// Something asked for over a socket.
    pub(super) fn event(event: &str) -> Self {
        Self {
            method: "event".to_owned(),
            path: event.to_owned(),
            id: None,
            acts: true,
        }
    }

    fn of(request: &Request) -> Self {
        let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
        let path = request.uri().path();
        Self {
            method: request.method().to_string(),
            path: path.chars().take(300).collect(),
            id: id.map(|id| id.chars().take(100).collect()),
            acts: is_acting(request.method(), path),
        }
    }
}

/// Passes a request through the door.
async fn pass(State(door): State<Door>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    match through(&door, &asked, request, next).await {
        Ok(response) | Err(response) => response,
    }
}

async fn through(door: &Door, asked: &Asked, request: Request, next: Next) -> Result<Response, Response> {
    let client = door.client(request.headers(), request.extensions());
    let (mut request, identity) = door.identify(request, client).await?;
    let key = match &identity {
        Identity::Known(caller) => Key::Account(caller.address()),
        Identity::Nobody | Identity::Refused(_) => client,
    };
    if let Identity::Refused(refusal) = &identity {
        door.note(client, &asked.path, refusal)
            .map_err(Refusal::into_response)?;
    }
    let logs_in = asked.path == "/v1/auth/login" || asked.path == "/v1/auth/nonce";
    let spending = match (logs_in, asked.acts) {
        (true, _) => Spending::Login,
        (false, true) => Spending::Acting,
        (false, false) => Spending::Reading,
    };
    door.spend(spending, key)?;
    if let Err(refusal) = door.admit(&request, &identity) {
        // what was presented and refused is in the log already
        if !matches!(identity, Identity::Refused(_)) {
            door.note(client, &asked.path, &refusal)
                .map_err(Refusal::into_response)?;
        }
        if let Identity::Known(caller) = &identity {
            door.record(caller, asked, "refused").await;
        }
        return Err(refusal.into_response());
    }
    request.extensions_mut().insert(door.clone());
    request.extensions_mut().insert(identity.clone());
    let (Identity::Known(caller), true) = (identity, asked.acts) else {
        return Ok(next.run(request).await);
    };
    let deed = Pending::new(door.clone(), caller, asked.clone());
    let response = next.run(request).await;
    deed.end(response.status().as_str().to_owned()).await;
    Ok(response)
}
