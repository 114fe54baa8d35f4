//! The HTTP side.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    fault::Rule,
    relay::{self, Outcome, Relay},
    tally::Tally,
};
use crate::rpc::Rpc;

/// A node that can be told to fail. Stops when dropped.
#[derive(Debug)]
pub struct RpcProxy {
    url: String,
    relay: Arc<Mutex<Relay>>,
    server: JoinHandle<()>,
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("told to break off")]
struct BrokenOff;

impl RpcProxy {
    /// Starts in front of the node at `upstream`, on a free port, without faults.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn before(upstream: &str) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let relay = Relay {
            node: Arc::new(Rpc::new(upstream)),
            rules: Vec::new(),
            tally: Tally::default(),
        };
        let relay = Arc::new(Mutex::new(relay));
        let server = tokio::spawn(serve(listener, Arc::clone(&relay)));
        Ok(Self { url, relay, server })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Adds a fault; several may strike one call.
    pub fn inject(&self, rule: Rule) {
        lock(&self.relay).rules.push(rule);
    }

    /// Takes every fault away.
    pub fn heal(&self) {
        lock(&self.relay).rules.clear();
    }

    /// How often `method` was called, whether it was answered or not.
    pub fn calls(&self, method: &str) -> u64 {
        lock(&self.relay).tally.calls.get(method).copied().unwrap_or_default()
    }

    /// How many calls of any method there were.
    pub fn requests(&self) -> u64 {
        lock(&self.relay).tally.calls.values().sum()
    }

    /// How many requests a fault has struck.
    pub fn faults(&self) -> u64 {
        lock(&self.relay).tally.faults
    }
}

impl Drop for RpcProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(relay: &Mutex<Relay>) -> MutexGuard<'_, Relay> {
    relay.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, relay: Arc<Mutex<Relay>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let relay = Arc::clone(&relay);
        tokio::spawn(async move {
            let service = service_fn(|request| respond(Arc::clone(&relay), request));
            // A connection that breaks off is what some faults are about.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn respond(relay: Arc<Mutex<Relay>>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, BrokenOff> {
    let body = request.into_body().collect().await.map_err(|_| BrokenOff)?.to_bytes();
    let request = serde_json::from_slice(&body).map_err(|_| BrokenOff)?;
    let (node, faults) = {
        let mut relay = lock(&relay);
        let faults = relay.admit(&request);
        (Arc::clone(&relay.node), faults)
    };
    match relay::carry(&node, request, &faults).await {
        Outcome::Answer(text) => Ok(json(text)),
        Outcome::Status(status) => {
            let mut response = json(String::new());
            *response.status_mut() = status.try_into().map_err(|_| BrokenOff)?;
            Ok(response)
        }
        Outcome::Broken(text) => {
            let half = text.len() / 2;
            Ok(json(
                String::from_utf8_lossy(text.as_bytes().get(..half).unwrap_or_default()).into_owned(),
            ))
        }
        Outcome::Close => Err(BrokenOff),
        Outcome::Silence => {
            let never: Infallible = std::future::pending().await;
            match never {}
        }
    }
}

fn json(text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
