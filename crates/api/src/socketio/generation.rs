use futures::StreamExt;
use maci_coordinator_core::{
    events::{Cursor, EventFilter, EventKind},
    jobs::JobId,
    service::ServiceError,
};
use maci_protocol::PollRef;
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, SocketRef};

use super::caller;
use super::emit::{Batches, emit, first_to_follow};
use crate::{
    auth::Guest,
    problem::Problem,
    rest::generate_request,
    state::ApiState,
    wire::{self, GenerateBody},
};

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
    let poll = body.poll();
    let request = generate_request(&api.service, &actor, body).await?;
    let job = api.service.generate(&actor, request).await?.id;
    // only a client that asked for it is acknowledged.
    let _ = ack.send(&json!({ "job": job }));
    if first_to_follow(socket, job) {
        follow(api, socket, poll, job).await?;
    }
    Ok(())
}

/// Tells of the poll's batches, whichever job makes them, until this job ends. The service may be finalising the poll by
/// itself: then this job waits for its turn, and its batches are told as they are made all the same.
async fn follow(api: &ApiState, socket: &SocketRef, poll: PollRef, job: JobId) -> Result<(), Problem> {
    let filter = EventFilter {
        poll: Some(poll),
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
    let mut batches = Batches::default();
    while let Some(event) = events.next().await {
        if event.kind == EventKind::BatchProved {
            if batches.is_news(&event.body) && !emit(socket, "progress-generation", &event.body).await {
                return Ok(());
            }
        } else if event.job == Some(job) {
            let result = api.service.job_outcome(job).await?;
            emit(socket, "finish-generation", &finished(result)).await;
            return Ok(());
        }
    }
    Err(ServiceError::Draining.into())
}

/// All proofs in one list, as the event has them, and the tally.
pub(super) fn finished(mut result: Value) -> Value {
    let mut taken = |name: &str| match result.get_mut(name).map(Value::take) {
        Some(Value::Array(proofs)) => proofs,
        _ => Vec::new(),
    };
    let mut proofs = taken("processProofs");
    proofs.extend(taken("tallyProofs"));
    json!({ "proofs": proofs, "tallyData": result.get("tallyData") })
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
