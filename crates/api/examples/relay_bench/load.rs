//! The load generator: hands requests in as fast as answers come, or at a rate that answers do not slow down.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use maci_protocol::ids::PollRef;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{cost, votes};

/// Requests under way at once while they are made as fast as answers come.
const CONNECTIONS: usize = 64;

/// The same while they are made at a rate: many more than are ever under way, unless the service does not keep up; then
/// those that wait are late, and their wait counts.
const AT_A_RATE: usize = 512;

/// What the generator is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) url: String,
    pub(crate) poll: PollRef,
    /// The proof's eight words, hexadecimal.
    pub(crate) proof: Vec<String>,
    pub(crate) per_request: usize,
    /// Requests that are made beforehand.
    pub(crate) requests: usize,
    pub(crate) phases: Vec<Phase>,
}

/// How requests are handed in for a while.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Phase {
    seconds: f64,
    /// Requests a second; as fast as answers come if absent.
    rate: Option<f64>,
}

impl Phase {
    pub(crate) fn of(seconds: f64, rate: Option<f64>) -> Self {
        Self { seconds, rate }
    }
}

/// Reads what it is told, makes all requests, says that it begins, and says a line of JSON after each phase.
pub(crate) async fn generate() {
    let mut told = String::new();
    std::io::stdin().read_to_string(&mut told).unwrap();
    let order: Order = serde_json::from_str(&told).unwrap();
    let bodies = Arc::new(votes::bodies(&order));
    println!("begun");
    let next = Arc::new(AtomicUsize::new(0));
    for phase in &order.phases {
        let (begun, before) = (Instant::now(), cost::seconds());
        let mut waits = load(&order.url, &bodies, &next, *phase).await;
        let (took, used) = (begun.elapsed().as_secs_f64(), cost::seconds() - before);
        waits.sort_unstable();
        let at = |share: f64| {
            let place = (waits.len().saturating_sub(1)) as f64 * share;
            waits
                .get(place as usize)
                .map_or(0.0, |wait| wait.as_secs_f64() * 1_000.0)
        };
        println!(
            "{}",
            json!({
                "perSecond": waits.len() as f64 / took, "generatorCpu": used,
                "p50": at(0.5), "p99": at(0.99), "worst": at(1.0),
            })
        );
    }
}

/// Hands requests in for a while; how long each took, from when it was due.
async fn load(url: &str, bodies: &Arc<Vec<String>>, next: &Arc<AtomicUsize>, phase: Phase) -> Vec<Duration> {
    let client = reqwest::Client::builder()
        .pool_max_idle_per_host(AT_A_RATE)
        .build()
        .unwrap();
    let (begun, first) = (Instant::now(), next.load(Ordering::Relaxed));
    let end = begun + Duration::from_secs_f64(phase.seconds);
    let workers = if phase.rate.is_some() { AT_A_RATE } else { CONNECTIONS };
    let workers = (0..workers).map(|_| {
        let (client, bodies, next, url) = (client.clone(), bodies.clone(), next.clone(), url.to_owned());
        tokio::spawn(async move {
            let mut waits = Vec::new();
            loop {
                let one = next.fetch_add(1, Ordering::Relaxed);
                let due = match phase.rate {
                    Some(rate) => begun + Duration::from_secs_f64((one - first) as f64 / rate),
                    None => Instant::now(),
                };
                if due >= end {
                    return waits;
                }
                let body = bodies.get(one).expect("more requests are needed: MACI_RELAY_REQUESTS");
                tokio::time::sleep_until(due.into()).await;
                let request = client.post(format!("{url}/v1/messages/publish"));
                let answer = request
                    .header("content-type", "application/json")
                    .body(body.clone())
                    .send()
                    .await
                    .unwrap();
                let status = answer.status().as_u16();
                let said = answer.bytes().await.unwrap();
                assert_eq!(status, 201, "{}", String::from_utf8_lossy(&said));
                waits.push(due.elapsed());
            }
        })
    });
    let mut waits = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        waits.extend(worker.await.unwrap());
    }
    waits
}
