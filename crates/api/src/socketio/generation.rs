use std::time::Duration;

use futures::StreamExt;
use maci_coordinator_core::{
    events::{Cursor, EventFilter, EventKind},
    jobs::JobId,
    service::ServiceError,
};
use serde::Serialize;
use serde_json::{Value, json};
use socketioxide::{
    SendError, SocketError,
    extract::{AckSender, SocketRef},
};

use super::caller;
use crate::{
    auth::Guest,
    problem::Problem,
    rest::generate_request,
    state::ApiState,
    wire::{self, GenerateBody},
};

/// How long to wait for a client that does not keep up before telling it more.
const CATCH_UP: Duration = Duration::from_millis(50);

/// Before everything.
const BEGINNING: Cursor = Cursor(0);

/// Begins to prove, or joins who is at it, and tells the socket what happens until the end.
///
/// # Errors
/// When the caller may not, the body is wrong, or the service refuses.
pub(super) async fn start(
    api: &ApiState,
    guest: &Guest,
    socket: &SocketRef,
    body: &Value,
    ack: AckSender,
) -> Result<(), Problem> {
    let actor = caller::operator(guest, "start-generation").await?;
    let body: GenerateBody = wire::read(body).map_err(Problem::invalid)?;
    let request = generate_request(&api.service, &body).await?;
    let job = api.service.generate(&actor, request).await?.id;
    // Only a client that asked for it is acknowledged.
    let _ = ack.send(&json!({ "job": job }));
    if first_to_follow(socket, job) {
        follow(api, socket, job).await?;
    }
    Ok(())
}

/// The jobs a socket is told about.
#[derive(Debug, Clone, Default)]
struct Followed(Vec<JobId>);

/// Whether the socket is not told about the job already; it is from now on.
fn first_to_follow(socket: &SocketRef, job: JobId) -> bool {
    let Followed(mut jobs) = socket.extensions.get().unwrap_or_default();
    let first = !jobs.contains(&job);
    if first {
        jobs.push(job);
        socket.extensions.insert(Followed(jobs));
    }
    first
}

async fn follow(api: &ApiState, socket: &SocketRef, job: JobId) -> Result<(), Problem> {
    let filter = EventFilter {
        job: Some(job),
        kinds: vec![
            EventKind::BatchProved,
            EventKind::JobDone,
            EventKind::JobFailed,
            EventKind::JobCancelled,
        ],
        ..EventFilter::default()
    };
    let events = api.service.subscribe(Some(BEGINNING), filter);
    futures::pin_mut!(events);
    while let Some(event) = events.next().await {
        if event.kind != EventKind::BatchProved {
            let result = api.service.job_outcome(job).await?;
            tell(socket, "finish-generation", &finished(result)).await;
            return Ok(());
        }
        if !tell(socket, "progress-generation", &event.body).await {
            return Ok(());
        }
    }
    Err(ServiceError::Draining.into())
}

/// All proofs in one list, as the event has them, and the tally.
fn finished(mut result: Value) -> Value {
    let mut taken = |name: &str| match result.get_mut(name).map(Value::take) {
        Some(Value::Array(proofs)) => proofs,
        _ => Vec::new(),
    };
    let mut proofs = taken("processProofs");
    proofs.extend(taken("tallyProofs"));
    json!({ "proofs": proofs, "tallyData": result.get("tallyData") })
}

/// Tells the socket something, waiting for it to keep up. False when it is gone.
async fn tell(socket: &SocketRef, event: &str, body: &impl Serialize) -> bool {
    loop {
        match socket.emit(event, body) {
            Ok(()) => return true,
            Err(SendError::Socket(SocketError::InternalChannelFull)) => tokio::time::sleep(CATCH_UP).await,
            Err(error) => {
                tracing::debug!(%error, event, "a socket was not told");
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_event_has_all_proofs_in_one_list() {
        let result = json!({ "processProofs": [1, 2], "tallyProofs": [3], "tallyData": { "mode": 0 } });
        assert_eq!(
            finished(result),
            json!({ "proofs": [1, 2, 3], "tallyData": { "mode": 0 } })
        );
    }
}
