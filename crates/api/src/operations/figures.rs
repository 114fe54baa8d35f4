use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use maci_coordinator_core::ipfs::PinState;
use maci_coordinator_core::jobs::JobState;
use maci_coordinator_core::service::{HealthReport, JobQuery, Service};
use metrics::gauge;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::metrics::{CONTENT_TYPE as PROMETHEUS, Metrics, names};

/// Chains are not asked more often than this, however often somebody looks.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Jobs that are counted by state; a service with more has other worries.
const MOST_JOBS: u32 = 1_000;

/// Who may read the figures.
#[derive(Debug, Clone, Default)]
pub struct FiguresSettings {
    public: bool,
    /// SHA-256 of the token.
    token: Option<[u8; 32]>,
}

impl FiguresSettings {
    /// `token` is a bearer token that lets somebody in; only its digest is kept.
    #[must_use]
    pub fn new(public: bool, token: Option<&str>) -> Self {
        Self {
            public,
            token: token.map(|token| Sha256::digest(token).into()),
        }
    }
}

#[derive(Debug, Clone)]
struct Figures {
    service: Service,
    metrics: Metrics,
    settings: FiguresSettings,
    looked: Arc<Mutex<Option<Instant>>>,
}

/// `/metrics`: open to programs on this machine, and to others as the settings say.
///
/// It stands beside the door that guards everything else, for Prometheus logs in nowhere.
pub fn figures(service: Service, metrics: Metrics, settings: FiguresSettings) -> Router {
    let state = Figures {
        service,
        metrics,
        settings,
        looked: Arc::default(),
    };
    Router::new().route("/metrics", get(show)).with_state(state)
}

async fn show(State(figures): State<Figures>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    if !figures.settings.admit(request.headers(), peer) {
        return (
            StatusCode::FORBIDDEN,
            "the figures are for this machine, or for the bearer of their token\n",
        )
            .into_response();
    }
    figures.look().await;
    ([(CONTENT_TYPE, PROMETHEUS)], figures.metrics.render()).into_response()
}

impl FiguresSettings {
    /// Whether a request may see the figures. One that a proxy passed on is not from this machine, whoever sends it.
    fn admit(&self, headers: &HeaderMap, peer: Option<SocketAddr>) -> bool {
        let bearer = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let known = match (self.token, bearer) {
            // digests differ at a place that tells nothing about the token
            (Some(token), Some(given)) => token == <[u8; 32]>::from(Sha256::digest(given)),
            (None, _) | (_, None) => false,
        };
        let is_here = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
        let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
        self.public || known || (self.token.is_none() && is_here && !forwarded)
    }
}

impl Figures {
    /// Looks up what is a state, not an event.
    async fn look(&self) {
        let mut looked = self.looked.lock().await;
        if looked.is_some_and(|last| last.elapsed() < LOOK_EVERY) {
            return;
        }
        *looked = Some(Instant::now());
        if let Ok(health) = self.service.health().await {
            of_health(&health);
        }
        self.jobs().await;
        self.polls().await;
        self.pins().await;
    }

    async fn jobs(&self) {
        for state in [JobState::Pending, JobState::Running, JobState::Failed] {
            let query = JobQuery {
                state: Some(state),
                limit: Some(MOST_JOBS),
                ..JobQuery::default()
            };
            if let Ok(jobs) = self.service.jobs(query).await {
                set(gauge!(names::JOBS, "state" => state.name()), jobs.len());
            }
        }
    }

    async fn polls(&self) {
        let Ok(polls) = self.service.polls().await else { return };
        let in_trouble = polls.iter().filter(|poll| poll.trouble.is_some()).count();
        set(gauge!(names::POLLS, "of" => "all"), polls.len());
        set(gauge!(names::POLLS, "of" => "in trouble"), in_trouble);
    }

    async fn pins(&self) {
        let Ok(counts) = self.service.pins().await else { return };
        for target in counts.iter().map(|one| &one.target) {
            // a state that nothing is in any more is told as well
            for state in PinState::ALL {
                let known = counts.iter().find(|one| one.target == *target && one.state == *state);
                let count = known.map_or(0, |one| usize::try_from(one.count).unwrap_or(usize::MAX));
                set(
                    gauge!(names::PINS, "target" => target.clone(), "state" => state.word()),
                    count,
                );
            }
        }
    }
}

fn of_health(health: &HealthReport) {
    set(
        gauge!(names::PROOFS_AT_WORK, "state" => "running"),
        health.proofs_running,
    );
    set(
        gauge!(names::PROOFS_AT_WORK, "state" => "waiting"),
        health.proofs_waiting,
    );
    for chain in &health.chains {
        let name = chain.name.clone();
        if let Some(head) = chain.head {
            #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
            gauge!(names::CHAIN_BLOCK, "chain" => name.clone()).set(head.0 as f64);
        }
        let wei = chain.balance.as_deref().and_then(|wei| wei.parse::<f64>().ok());
        if let (Some(wei), Some(sender)) = (wei, chain.sender) {
            let address = sender.to_string();
            gauge!(names::SENDER_ETHER, "chain" => name, "address" => address).set(wei / 1e18);
        }
    }
}

fn set(gauge: metrics::Gauge, count: usize) {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    gauge.set(count as f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn figures_are_for_this_machine_unless_the_settings_say_otherwise() {
        let here = Some("127.0.0.1:1".parse().unwrap());
        let elsewhere = Some("192.0.2.1:1".parse().unwrap());
        let settings = FiguresSettings::default();
        assert!(settings.admit(&headers(&[]), here));
        assert!(!settings.admit(&headers(&[]), elsewhere));
        assert!(!settings.admit(&headers(&[("x-forwarded-for", "192.0.2.1")]), here));
        let public = FiguresSettings {
            public: true,
            token: None,
        };
        assert!(public.admit(&headers(&[]), elsewhere));
    }

    #[test]
    fn a_token_lets_its_bearer_in_and_nobody_else() {
        let settings = FiguresSettings {
            public: false,
            token: Some(Sha256::digest("a token").into()),
        };
        let elsewhere = Some("192.0.2.1:1".parse().unwrap());
        assert!(settings.admit(&headers(&[("authorization", "Bearer a token")]), elsewhere));
        assert!(!settings.admit(&headers(&[("authorization", "Bearer another")]), elsewhere));
        assert!(!settings.admit(&headers(&[]), Some("127.0.0.1:1".parse().unwrap())));
    }
}
