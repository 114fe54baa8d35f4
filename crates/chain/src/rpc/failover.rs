use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use alloy::rpc::json_rpc::{RequestPacket, ResponsePacket};
use alloy::transports::{TransportError, TransportErrorKind, TransportFut};
use backon::{BackoffBuilder, ExponentialBuilder};
use tower_service::Service;

use super::Endpoint;

/// How long to wait for an endpoint, and how often to go round all of them.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Longest time one request may take.
    pub request: Duration,
    /// Rounds over all endpoints before a request fails.
    pub rounds: usize,
    /// Wait after the first round in which every endpoint failed; it doubles each round.
    pub first_wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(30),
            rounds: 5,
            first_wait: Duration::from_millis(250),
        }
    }
}

/// Carries requests to the current endpoint, and to the next one when that one is unreachable,
/// overloaded or broken. An answer that is about the request itself is passed on as it is.
#[derive(Clone)]
pub(super) struct Failover(Arc<Shared>);

struct Shared {
    http: reqwest::Client,
    endpoints: Vec<Endpoint>,
    current: AtomicUsize,
    patience: Patience,
}

impl Failover {
    pub(super) fn new(endpoints: Vec<Endpoint>, patience: Patience) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(patience.request)
            .connect_timeout(patience.request.min(Duration::from_secs(10)))
            .build()?;
        Ok(Self(Arc::new(Shared {
            http,
            endpoints,
            current: AtomicUsize::new(0),
            patience,
        })))
    }

    pub(super) fn endpoints(&self) -> &[Endpoint] {
        &self.0.endpoints
    }

    pub(super) fn current(&self) -> Option<&Endpoint> {
        let at = self.0.current.load(Ordering::Relaxed);
        self.0.endpoints.get(at % self.0.endpoints.len().max(1))
    }

    /// Leaves the endpoint at `at` unless somebody else already has.
    fn leave(&self, at: usize) {
        let next = at.wrapping_add(1);
        let _ = self
            .0
            .current
            .compare_exchange(at, next, Ordering::Relaxed, Ordering::Relaxed);
    }

    pub(super) fn leave_current(&self) {
        self.leave(self.0.current.load(Ordering::Relaxed));
    }

    async fn carry(self, packet: RequestPacket) -> Result<ResponsePacket, TransportError> {
        let body = serde_json::to_vec(&packet).map_err(TransportError::ser_err)?;
        let count = self.0.endpoints.len();
        let mut waits = ExponentialBuilder::default()
            .with_min_delay(self.0.patience.first_wait)
            .with_max_times(self.0.patience.rounds.saturating_sub(1))
            .with_jitter()
            .build();
        loop {
            let mut last = Err(TransportErrorKind::custom_str("no endpoint is configured"));
            for _ in 0..count {
                let at = self.0.current.load(Ordering::Relaxed);
                let Some(endpoint) = self.0.endpoints.get(at % count) else {
                    break;
                };
                let start = Instant::now();
                last = self.ask(endpoint, body.clone()).await;
                note(endpoint, start.elapsed(), &last);
                match &last {
                    Ok(answer) if !is_overloaded(answer) => return last,
                    Ok(_) => tracing::debug!(%endpoint, "the endpoint is overloaded"),
                    Err(error) => tracing::debug!(%endpoint, %error, "the endpoint failed"),
                }
                self.leave(at);
            }
            match waits.next() {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return last,
            }
        }
    }

    async fn ask(&self, endpoint: &Endpoint, body: Vec<u8>) -> Result<ResponsePacket, TransportError> {
        let failed = |what: String| TransportErrorKind::custom_str(&format!("{endpoint}: {what}"));
        // reqwest repeats the whole URL in its errors, with the key that may be in it
        let plain = |error: reqwest::Error| failed(causes(&error.without_url()));
        let answer = self
            .0
            .http
            .post(endpoint.url().clone())
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .map_err(plain)?;
        let status = answer.status();
        let text = answer.bytes().await.map_err(plain)?;
        // several providers answer 400 or 413 with a JSON-RPC error that says what was wrong
        match serde_json::from_slice::<ResponsePacket>(&text) {
            Ok(packet) if status.is_success() || (status.is_client_error() && status != 429) => Ok(packet),
            _ if !status.is_success() => Err(failed(format!("HTTP status {status}"))),
            Ok(packet) => Ok(packet),
            Err(error) => Err(failed(format!("the answer is not JSON-RPC ({error})"))),
        }
    }
}

/// Counts a call by its endpoint and what came of it.
fn note(endpoint: &Endpoint, time: Duration, outcome: &Result<ResponsePacket, TransportError>) {
    let word = match outcome {
        Ok(answer) if is_overloaded(answer) => "overloaded",
        Ok(_) => "ok",
        Err(_) => "failed",
    };
    metrics::counter!("maci_rpc_calls_total", "endpoint" => endpoint.to_string(), "outcome" => word).increment(1);
    metrics::histogram!("maci_rpc_call_seconds", "endpoint" => endpoint.to_string()).record(time);
}

/// An error and what lies below it, in one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        below = cause.source();
    }
    text
}

/// Whether the answer is about the endpoint's load or lag and not about the request.
fn is_overloaded(answer: &ResponsePacket) -> bool {
    answer.iter_errors().any(|error| {
        let text = error.message.to_lowercase();
        let too_much_asked = ["range", "more than", "results", "limited to"]
            .iter()
            .any(|w| text.contains(w));
        let says_so = [
            "rate limit",
            "too many requests",
            "rate exceeded",
            "header not found",
            "try again later",
        ]
        .iter()
        .any(|words| text.contains(words));
        !too_much_asked && (says_so || matches!(error.code, 429 | -32005 | -32055))
    })
}

impl Service<RequestPacket> for Failover {
    type Response = ResponsePacket;
    type Error = TransportError;
    type Future = TransportFut<'static>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, packet: RequestPacket) -> Self::Future {
        Box::pin(self.clone().carry(packet))
    }
}

impl fmt::Debug for Failover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Failover").field(&self.0.endpoints).finish()
    }
}
