//! Votes without gas, as the existing relayer service takes them, and what became of them.

use axum::{Json, extract::State, http::StatusCode};
use maci_coordinator_core::relay::{BatchQuery, Submission};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::extract::{Body, Client, PollPath, Query, WordPath};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{
        self, BatchesBody, MessageBatchAnswer, MessagesAnswer, PollRelayAnswer, PublishBody, RelayAnswer,
        RelayedMessageAnswer,
    },
};

/// Hand in messages without gas
///
/// Whoever hands them in proves to have joined the poll. All messages are taken, or none; whoever gets 201 can rely on
/// them being on the disk, and has a receipt to show. The messages go on chain in the order in which they were taken.
#[utoipa::path(post, path = "/v1/messages/publish", tag = "relay", operation_id = "publishMessages",
    request_body = PublishBody,
    extensions(("x-refuses" = json!([403, 404, 409, 412]))),
    responses((status = 201, description = "The messages, taken", body = [RelayedMessageAnswer])))]
pub(super) async fn publish(
    State(api): State<ApiState>,
    Client(from): Client,
    Body(body): Body<PublishBody>,
) -> Result<(StatusCode, Json<Vec<RelayedMessageAnswer>>), Problem> {
    let relayer = api.service.relayer()?;
    let submission = Submission {
        poll: relayer
            .poll_of(body.chain, body.maci_contract_address, body.poll)
            .await?,
        state_index: body.state_leaf_index,
        proof: body.proof,
        messages: body.messages,
        from: Some(from),
    };
    let accepted = relayer.take(submission).await?;
    Ok((
        StatusCode::CREATED,
        Json(accepted.into_iter().map(Into::into).collect()),
    ))
}

/// How far a message has come, with a proof that it is on chain once it is
#[utoipa::path(get, path = "/v1/messages/{hash}", tag = "relay", operation_id = "message",
    params(("hash" = String, Path, description = "The message's hash, in decimal or hexadecimal", pattern = "^(0x[0-9a-fA-F]+|[0-9]+)$")),
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "One answer per poll that was given the message", body = MessagesAnswer)))]
pub(super) async fn message(
    State(api): State<ApiState>,
    WordPath(hash): WordPath,
) -> Result<Json<MessagesAnswer>, Problem> {
    let hash = wire::message_hash(&hash).map_err(|complaint| Problem::invalid(vec![format!("hash {complaint}")]))?;
    let found = api.service.relayer()?.message(hash).await?;
    Ok(Json(MessagesAnswer {
        messages: found.into_iter().map(Into::into).collect(),
    }))
}

/// Which batches are wanted, in the query.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchesQuery {
    /// How many.
    #[param(minimum = 1, required = true)]
    limit: Option<String>,
    /// How many to leave out first.
    #[param(minimum = 0, required = true)]
    skip: Option<String>,
    /// The poll's number.
    #[param(value_type = wire::PollInteger, required = true)]
    poll: Option<String>,
    /// The MACI contract.
    #[param(value_type = wire::AddressText, required = true)]
    maci_contract_address: Option<String>,
    /// The chain. May be left out where the service relays on one.
    #[param(value_type = Option<wire::ChainName>)]
    chain: Option<String>,
}

/// Batches of relayed messages
///
/// The existing service reads what is wanted from a body, which many clients cannot send with a GET: a body is read here
/// too if there is one, and the query else. POST takes the same body.
#[utoipa::path(get, path = "/v1/messageBatches/get", tag = "relay", operation_id = "messageBatchesByQuery",
    params(BatchesQuery),
    extensions(("x-refuses" = json!([404, 412, 413, 415]))),
    responses((status = 200, description = "The batches, the oldest first", body = [MessageBatchAnswer])))]
pub(super) async fn batches_by_query(
    State(api): State<ApiState>,
    Query(query): Query<BatchesQuery>,
    request: axum::extract::Request,
) -> Result<Json<Vec<MessageBatchAnswer>>, Problem> {
    let mut wanted = super::extract::json_of(request, &api).await?;
    if let Value::Object(fields) = &mut wanted {
        query.fill(fields);
    }
    let body = wire::read(&wanted).map_err(Problem::invalid)?;
    found(&api, body).await
}

/// Batches of relayed messages
#[utoipa::path(post, path = "/v1/messageBatches/get", tag = "relay", operation_id = "messageBatches",
    request_body = BatchesBody,
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "The batches, the oldest first", body = [MessageBatchAnswer])))]
pub(super) async fn batches(
    State(api): State<ApiState>,
    Body(body): Body<BatchesBody>,
) -> Result<Json<Vec<MessageBatchAnswer>>, Problem> {
    found(&api, body).await
}

async fn found(api: &ApiState, body: BatchesBody) -> Result<Json<Vec<MessageBatchAnswer>>, Problem> {
    let relayer = api.service.relayer()?;
    let most = relayer.settings().per_request as u64;
    if body.limit > most {
        return Err(Problem::invalid(vec![format!("limit must not be greater than {most}")]));
    }
    let query = BatchQuery {
        poll: relayer
            .poll_of(body.chain, body.maci_contract_address, body.poll)
            .await?,
        limit: u32::try_from(body.limit).unwrap_or(1),
        skip: body.skip,
        digests: body.ipfs_hashes,
        keys: body.public_keys,
        hashes: body.message_hashes,
    };
    let batches = relayer.batches(&query).await?;
    Ok(Json(batches.into_iter().map(Into::into).collect()))
}

/// Who relays here: whose keys sign receipts, who pays, and the contracts that polls name among their relayers
#[utoipa::path(get, path = "/v1/relay", tag = "relay", operation_id = "relay",
    extensions(("x-refuses" = json!([412]))),
    responses((status = 200, description = "The relayer on every chain", body = RelayAnswer)))]
pub(super) async fn relay(State(api): State<ApiState>) -> Result<Json<RelayAnswer>, Problem> {
    Ok(Json(api.service.relayer()?.view().await.into()))
}

/// How relaying for a poll goes: what waits, what is on its way, and whether voters should publish on chain themselves
#[utoipa::path(get, path = "/v1/polls/{chain}/{maci}/{poll}/relay", tag = "relay", operation_id = "pollRelay",
    params(super::polls::PollParams),
    extensions(("x-refuses" = json!([404, 412]))),
    responses((status = 200, description = "How it goes", body = PollRelayAnswer)))]
pub(super) async fn of_poll(
    State(api): State<ApiState>,
    PollPath(poll): PollPath,
) -> Result<Json<PollRelayAnswer>, Problem> {
    Ok(Json(api.service.relayer()?.poll_view(poll).await?.into()))
}

impl BatchesQuery {
    /// What a body did not say.
    fn fill(self, fields: &mut Map<String, Value>) {
        let Self {
            limit,
            skip,
            poll,
            maci_contract_address,
            chain,
        } = self;
        for (name, text) in [
            ("limit", limit),
            ("skip", skip),
            ("poll", poll),
            ("maciContractAddress", maci_contract_address),
            ("chain", chain),
        ] {
            if let Some(text) = text {
                fields.entry(name).or_insert(Value::String(text));
            }
        }
    }
}
