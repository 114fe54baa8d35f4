//! What stands at the head of the document.

use utoipa::OpenApi;

use crate::wire::{MessageBody, ProblemBody, ProblemDetails};

/// The head of the document; routes add themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "MACI coordinator",
        description = "Deploys MACI v3 polls, follows them, and brings them to their result by itself.\n\n\
            Routes below `/v1/proof`, `/v1/deploy`, `/v1/session-keys`, `/v1/subgraph`, `/v1/scheduler` and \
            `/v1/health/check` answer as the original coordinator service does, with the same error numbers. Whatever \
            changes something or costs money wants credentials, and takes an `Idempotency-Key`: the same key with the \
            same body gets the same answer, however often it is sent. Long work answers when it is done, or at once \
            with `Prefer: respond-async`: 202 and where to find the job.",
        license(name = "MIT", identifier = "MIT"),
    ),
    tags(
        (name = "relay", description = "Votes from voters who pay no gas"),
        (name = "health", description = "Whether the service can do its work"),
        (name = "auth", description = "Who is calling"),
        (name = "proof", description = "Merge, prove and submit a poll's result"),
        (name = "deploy", description = "Deploy MACI and polls"),
        (name = "scheduler", description = "Finalise polls at their end"),
        (name = "polls", description = "Polls this service follows, contracts and tallies"),
        (name = "jobs", description = "Work in hand and done"),
        (name = "schedules", description = "What happens when, and whole rounds as one document"),
        (name = "events", description = "What happens, as it happens"),
        (name = "keys", description = "Coordinator keys"),
        (name = "transactions", description = "Who sends transactions, and what was sent"),
        (name = "session-keys", description = "Delegated keys; not built yet"),
        (name = "subgraph", description = "Subgraphs; not built yet"),
    ),
    components(schemas(ProblemBody, MessageBody, ProblemDetails)),
)]
struct Head;

/// The document before routes add themselves.
pub(crate) fn base() -> utoipa::openapi::OpenApi {
    let mut document = Head::openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    document
}
