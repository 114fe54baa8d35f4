//! Polls, and everything about one.

use axum::{
    Json,
    extract::State,
    http::{
        HeaderValue, StatusCode,
        header::{HeaderName, LOCATION},
    },
    response::Response,
};
use maci_coordinator_core::{
    senders::SenderChoice,
    service::{Source, WatchRequest},
};
use maci_protocol::files::TallyFile;

use super::{
    extract::{Body, Operator, PollPath, Query, Work},
    results::tally_of,
};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{
        DryRunAnswer, JobAnswer, PollAnswer, PollContractsAnswer, PollSummaryAnswer, ProofsAnswer, TallyData,
        TimelineAnswer, VerificationAnswer, WarningsAnswer, WatchBody,
    },
};

/// The path of a poll, as routes describe it.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "a description; `PollPath` reads it")]
pub(super) struct PollParams {
    /// The chain, by name or number.
    #[param(example = "localhost", pattern = "^[a-z0-9_]+$", min_length = 1)]
    chain: String,
    /// The MACI contract.
    #[param(value_type = crate::wire::AddressText)]
    maci: String,
    /// The poll's number there.
    #[param(maximum = 9_007_199_254_740_991_i64)]
    poll: u64,
}

/// By whom.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FinaliseBy {
    /// Who sends; the poll's own sender when absent.
    #[param(value_type = Option<crate::wire::SenderText>)]
    sender: Option<String>,
}

/// Polls this service follows
#[utoipa::path(get, path = "/v1/polls", tag = "polls", operation_id = "polls",
    responses((status = 200, description = "The polls, the oldest first", body = [PollSummaryAnswer])))]
pub(super) async fn list(State(api): State<ApiState>) -> Result<Json<Vec<PollSummaryAnswer>>, Problem> {
    let polls = api.service.polls().await?;
    Ok(Json(polls.into_iter().map(Into::into).collect()))
}

/// Follow a poll, and finalise it when its end has passed
#[utoipa::path(post, path = "/v1/polls", tag = "polls", operation_id = "watchPoll", request_body = WatchBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses((status = 201, description = "The poll", body = PollAnswer, headers(("Location", description = "The poll")))))]
pub(super) async fn watch(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Body(body): Body<WatchBody>,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1], Json<PollAnswer>), Problem> {
    let poll = body.poll();
    let request = WatchRequest {
        poll,
        deployment_block: body.deployment_block_number,
        source: Source::Api,
        paused: body.paused,
        sender: body.sender.unwrap_or_default(),
    };
    let view = api.service.watch_poll(&actor, request).await?;
    let place = format!("/v1/polls/{}/{}/{}", poll.chain, poll.maci, poll.poll);
    let place = HeaderValue::from_str(&place).unwrap_or_else(|_| HeaderValue::from_static("/v1/polls"));
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(view.into())))
}

/// Everything about a poll, followed or not
#[utoipa::path(get, path = "/v1/polls/{chain}/{maci}/{poll}", tag = "polls", operation_id = "poll", params(PollParams),
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "The poll", body = PollAnswer)))]
pub(super) async fn show(State(api): State<ApiState>, PollPath(poll): PollPath) -> Result<Json<PollAnswer>, Problem> {
    Ok(Json(api.service.poll(poll).await?.into()))
}

/// No longer follow a poll; a job that is at work on it goes on
#[utoipa::path(delete, path = "/v1/polls/{chain}/{maci}/{poll}", tag = "polls", operation_id = "unwatchPoll",
    params(PollParams),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404]))),
    responses((status = 200, description = "It is not followed any more", body = bool)))]
pub(super) async fn unwatch(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<Json<bool>, Problem> {
    api.service.unwatch_poll(&actor, poll).await?;
    Ok(Json(true))
}

/// A poll's dates, and the chain's clock
#[utoipa::path(get, path = "/v1/polls/{chain}/{maci}/{poll}/timeline", tag = "polls", operation_id = "pollTimeline",
    params(PollParams),
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "Its dates", body = TimelineAnswer)))]
pub(super) async fn timeline(
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<Json<TimelineAnswer>, Problem> {
    Ok(Json(TimelineAnswer::of(&api.service.poll(poll).await?)))
}

/// A poll's contracts
#[utoipa::path(get, path = "/v1/polls/{chain}/{maci}/{poll}/contracts", tag = "polls", operation_id = "pollContracts",
    params(PollParams),
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "Its contracts", body = PollContractsAnswer)))]
pub(super) async fn contracts(
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<Json<PollContractsAnswer>, Problem> {
    Ok(Json(PollContractsAnswer::of(&api.service.poll(poll).await?)))
}

/// The proofs made for a poll here
#[utoipa::path(get, path = "/v1/polls/{chain}/{maci}/{poll}/proofs", tag = "polls", operation_id = "pollProofs",
    params(PollParams),
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "Its proofs, with what they are checked against", body = ProofsAnswer)))]
pub(super) async fn proofs(
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<Json<ProofsAnswer>, Problem> {
    Ok(Json(ProofsAnswer::of(api.service.proofs(poll).await?)))
}

/// A poll's tally
#[utoipa::path(get, path = "/v1/polls/{chain}/{maci}/{poll}/tally", tag = "polls", operation_id = "pollTally",
    params(PollParams),
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "As in tally.json", body = TallyData)))]
pub(super) async fn tally(State(api): State<ApiState>, PollPath(poll): PollPath) -> Result<Json<TallyFile>, Problem> {
    tally_of(&api, poll).await
}

/// A poll's tally against the chain, checked now
#[utoipa::path(get, path = "/v1/polls/{chain}/{maci}/{poll}/verification", tag = "polls",
    operation_id = "pollVerification", params(PollParams),
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "Every finding", body = VerificationAnswer)))]
pub(super) async fn verification(
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<Json<VerificationAnswer>, Problem> {
    // Without a tally there is nothing to check.
    let _ = tally_of(&api, poll).await?;
    Ok(Json(api.service.verification(poll).await?.into()))
}

/// What to know about a poll before it ends
#[utoipa::path(get, path = "/v1/polls/{chain}/{maci}/{poll}/warnings", tag = "polls", operation_id = "pollWarnings",
    params(PollParams),
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "The warnings of the last look", body = WarningsAnswer)))]
pub(super) async fn warnings(
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<Json<WarningsAnswer>, Problem> {
    let warnings = api.service.poll(poll).await?.warnings;
    Ok(Json(WarningsAnswer {
        warnings: warnings.into_iter().map(Into::into).collect(),
    }))
}

/// What finalising a poll now would come to
///
/// Reads the whole history and checks every message, which is why it wants an operator. Votes are not told.
#[utoipa::path(post, path = "/v1/polls/{chain}/{maci}/{poll}/dry-run", tag = "polls", operation_id = "dryRun",
    params(PollParams),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 412]))),
    responses((status = 201, description = "What it would come to", body = DryRunAnswer)))]
pub(super) async fn dry_run(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<(StatusCode, Json<DryRunAnswer>), Problem> {
    let run = api.service.dry_run(&actor, poll).await?;
    Ok((StatusCode::CREATED, Json(run.into())))
}

/// Bring a closed poll to its result now, from wherever it stands
#[utoipa::path(post, path = "/v1/polls/{chain}/{maci}/{poll}/finalise", tag = "polls", operation_id = "finalise",
    params(PollParams, FinaliseBy),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses(
        (status = 201, description = "The tally", body = TallyData),
        (status = 202, description = "The job", body = JobAnswer, headers(("Location", description = "The job"))),
    ))]
pub(super) async fn finalise(
    Operator(actor): Operator,
    work: Work,
    PollPath(poll): PollPath,
    Query(FinaliseBy { sender }): Query<FinaliseBy>,
) -> Result<Response, Problem> {
    let service = work.service.clone();
    let sender = sender.as_deref().map_or(Ok(SenderChoice::default()), str::parse);
    let sender = sender.map_err(|error| Problem::invalid(vec![format!("sender is refused: {error}")]))?;
    work.run(service.finalise(&actor, poll, sender), |tally| tally).await
}
