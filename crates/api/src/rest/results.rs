//! Contracts and tallies, by the names the original service's wish list gave them.

use axum::{Json, extract::State, http::StatusCode};
use maci_coordinator_core::service::ServiceError;
use maci_protocol::{EthAddress, PollId, PollRef, files::TallyFile};
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{Query, WordPath};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{self, AddressText, Contracts, TallyData},
};

/// Which MACI contract's poll.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct WhichMaci {
    /// The chain, by name or number; needed where several polls have the number.
    chain: Option<String>,
    /// The MACI contract; needed where several polls have the number.
    #[param(value_type = Option<AddressText>)]
    maci_address: Option<String>,
}

/// Every contract deployed through this service, by chain
#[utoipa::path(get, path = "/v1/contracts", tag = "polls", operation_id = "contracts",
    responses((status = 200, description = "As in deployed-contracts.json", body = Contracts)))]
pub(super) async fn contracts(State(api): State<ApiState>) -> Result<Json<Contracts>, Problem> {
    Ok(Json(Contracts(api.service.contracts().await?)))
}

/// The same at its older name
#[utoipa::path(get, path = "/contracts/", tag = "polls", operation_id = "contractsOlder",
    responses((status = 200, description = "As in deployed-contracts.json", body = Contracts)))]
pub(super) async fn contracts_short(state: State<ApiState>) -> Result<Json<Contracts>, Problem> {
    contracts(state).await
}

/// A poll's tally, by its number
#[utoipa::path(get, path = "/v1/tally/poll/{id}", tag = "polls", operation_id = "tallyById",
    params(("id" = u64, Path, description = "The poll's number", maximum = 9_007_199_254_740_991_i64), WhichMaci),
    extensions(("x-refuses" = json!([404, 409, 412]))),
    responses((status = 200, description = "As in tally.json", body = TallyData)))]
pub(super) async fn tally(
    State(api): State<ApiState>,
    WordPath(id): WordPath,
    Query(which): Query<WhichMaci>,
) -> Result<Json<TallyFile>, Problem> {
    let poll = find(&api, &id, &which).await?;
    tally_of(&api, poll).await
}

/// The same at its older name
#[utoipa::path(get, path = "/tally/poll/{id}", tag = "polls", operation_id = "tallyByIdOlder",
    params(("id" = u64, Path, description = "The poll's number", maximum = 9_007_199_254_740_991_i64), WhichMaci),
    extensions(("x-refuses" = json!([404, 409, 412]))),
    responses((status = 200, description = "As in tally.json", body = TallyData)))]
pub(super) async fn tally_short(
    state: State<ApiState>,
    id: WordPath,
    which: Query<WhichMaci>,
) -> Result<Json<TallyFile>, Problem> {
    tally(state, id, which).await
}

/// A poll's tally. One that is not there is not found, whatever number the original service has for its file.
///
/// # Errors
/// When there is none.
pub(super) async fn tally_of(api: &ApiState, poll: PollRef) -> Result<Json<TallyFile>, Problem> {
    match api.service.tally(poll).await {
        Ok(tally) => Ok(Json(tally.file)),
        Err(error @ ServiceError::NoTally { .. }) => Err(Problem::not_found("NO_TALLY", error.to_string())
            .with_remedy("the poll's stage says how far it is: GET /v1/polls/{chain}/{maci}/{poll}")),
        Err(error) => Err(error.into()),
    }
}

/// The one poll that is meant.
async fn find(api: &ApiState, id: &str, which: &WhichMaci) -> Result<PollRef, Problem> {
    let mut complaints = Vec::new();
    let id: Option<PollId> = wire::poll_text(id)
        .map_err(|_| complaints.push("id must be an integer number".to_owned()))
        .ok();
    let maci: Option<Option<EthAddress>> = which
        .maci_address
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| complaints.push("maciAddress must be an Ethereum address".to_owned()))
        .ok();
    let chain = which
        .chain
        .as_deref()
        .map(wire::chain_text)
        .transpose()
        .map_err(|complaint| complaints.push(complaint.to_owned()))
        .ok();
    let (Some(id), Some(maci), Some(chain)) = (id, maci, chain) else {
        return Err(Problem::invalid(complaints));
    };
    if let (Some(chain), Some(maci)) = (chain, maci) {
        return Ok(PollRef { chain, maci, poll: id });
    }
    let meant = |poll: &PollRef| {
        poll.poll == id && chain.is_none_or(|chain| poll.chain == chain) && maci.is_none_or(|maci| poll.maci == maci)
    };
    let polls = api.service.polls().await?;
    let mut found = polls.iter().map(|summary| summary.poll).filter(meant);
    match (found.next(), found.next()) {
        (Some(poll), None) => Ok(poll),
        (None, _) => Err(
            Problem::not_found("POLL_NOT_FOUND", format!("this service follows no poll {id}"))
                .with_remedy("name the contract: ?chain=…&maciAddress=0x…"),
        ),
        (Some(one), Some(other)) => Err(Problem::new(
            StatusCode::CONFLICT,
            "SEVERAL_POLLS",
            format!("several polls have this number, {one} and {other} among them"),
        )
        .with_remedy("name the contract: ?chain=…&maciAddress=0x…")),
    }
}
