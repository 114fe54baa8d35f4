use futures::StreamExt;
use maci_coordinator_core::{
    events::{Cursor, Event, EventFilter, EventKind},
    jobs::JobKind,
    service::ServiceError,
};
use maci_protocol::PollRef;
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, SocketRef};

use super::caller;
use super::emit::{Batches, emit, first_to_follow};
use super::generation::finished;
use crate::{
    auth::Guest,
    problem::Problem,
    state::ApiState,
    wire::{self, PollBody, ProofsAnswer},
};

/// The name of the event that asks for it.
pub(super) const FOLLOW: &str = "follow-generation";

/// Before everything.
const BEGINNING: Cursor = Cursor(0);

/// Tells a socket how a poll is proved, whoever asked for it: also when the service finalises the poll by itself. What
/// happened before is told first. Nothing is begun.
///
/// # Errors
/// When the caller may not look, the body is wrong, or the service stops.
pub(super) async fn start(
    api: &ApiState,
    guest: &Guest,
    socket: &SocketRef,
    body: &Value,
    ack: AckSender,
) -> Result<(), Problem> {
    caller::viewer(guest, FOLLOW).await?;
    let poll = wire::read::<PollBody>(body).map_err(Problem::invalid)?.poll();
    // only a client that asked for it is acknowledged
    let _ = ack.send(&json!({ "poll": poll }));
    if first_to_follow(socket, poll) {
        follow(api, socket, poll).await?;
    }
    Ok(())
}

async fn follow(api: &ApiState, socket: &SocketRef, poll: PollRef) -> Result<(), Problem> {
    let filter = EventFilter {
        poll: Some(poll),
        kinds: vec![EventKind::JobStarted, EventKind::BatchProved, EventKind::JobDone],
        ..EventFilter::default()
    };
    let events = api.service.subscribe(Some(BEGINNING), filter);
    futures::pin_mut!(events);
    let mut batches = Batches::default();
    while let Some(event) = events.next().await {
        let listens = if event.kind == EventKind::BatchProved {
            !batches.is_news(&event.body) || emit(socket, "progress-generation", &event.body).await
        } else if !proves(&event) {
            true
        } else if event.kind == EventKind::JobStarted {
            let body =
                json!({ "job": event.job, "kind": event.body.get("kind"), "attempt": event.body.get("attempt") });
            emit(socket, "start-generation", &body).await
        } else {
            emit(socket, "finish-generation", &outcome(api, poll, &event).await?).await
        };
        if !listens {
            return Ok(());
        }
    }
    Err(ServiceError::Draining.into())
}

/// Whether an event is of a job that brings all proofs about.
fn proves(event: &Event) -> bool {
    let kind = event.body.get("kind").and_then(Value::as_str);
    [JobKind::Generate, JobKind::Submit, JobKind::Finalise]
        .into_iter()
        .any(|proving| kind == Some(proving.name()))
}

/// All proofs and the tally, whichever job they are of.
async fn outcome(api: &ApiState, poll: PollRef, event: &Event) -> Result<Value, Problem> {
    let result = match event.job {
        Some(job) => api.service.job_outcome(job).await?,
        None => Value::Null,
    };
    if result.get("processProofs").is_some() {
        return Ok(finished(result));
    }
    let ProofsAnswer {
        process_proofs,
        tally_proofs,
    } = ProofsAnswer::of(api.service.proofs(poll).await?);
    let proofs: Vec<_> = process_proofs.into_iter().chain(tally_proofs).collect();
    Ok(json!({ "proofs": proofs, "tallyData": result }))
}
