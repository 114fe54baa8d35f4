//! What was signed, and what became of it.

use axum::{Json, extract::State, http::StatusCode};
use maci_coordinator_core::service::TransactionQuery;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::extract::{IdPath, Operator, Query, Viewer};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{AddressText, IdText, TransactionAnswer, TransactionsAnswer, chain_text},
};

/// Transactions on a page, if the client does not say.
const PAGE: u32 = 50;

/// The states there are.
const STATES: [&str; 5] = ["live", "mined", "reverted", "superseded", "cancelled"];

/// Which transactions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WhichTransactions {
    /// On this chain, by name or number.
    chain: Option<String>,
    /// Signed by this address, or by a session key for this account.
    #[param(value_type = Option<AddressText>)]
    sender: Option<String>,
    /// In this state: `live`, `mined`, `reverted`, `superseded` or `cancelled`.
    state: Option<String>,
    /// At most so many.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Older than this one.
    #[param(value_type = Option<IdText>)]
    before: Option<Uuid>,
}

/// Transactions and operations this service signed, the newest first
///
/// Operations are what session keys sign for smart accounts; a bundler, or a sender of this service, puts them on the chain.
#[utoipa::path(get, path = "/v1/transactions", tag = "transactions", operation_id = "transactions",
    params(WhichTransactions), extensions(("x-role" = json!("viewer"))),
    responses((status = 200, description = "The transactions", body = TransactionsAnswer)))]
pub(super) async fn list(
    _: Viewer,
    State(api): State<ApiState>,
    Query(which): Query<WhichTransactions>,
) -> Result<Json<TransactionsAnswer>, Problem> {
    let query = which.read()?;
    let limit = query.limit.unwrap_or(PAGE);
    let found = api.service.transactions(query).await?;
    let transactions: Vec<TransactionAnswer> = found.into_iter().map(Into::into).collect();
    let full = u32::try_from(transactions.len()).is_ok_and(|count| count >= limit);
    let next = transactions.last().filter(|_| full).map(|last| last.id.clone());
    Ok(Json(TransactionsAnswer { transactions, next }))
}

/// A transaction or operation, with everything that was signed for it
#[utoipa::path(get, path = "/v1/transactions/{id}", tag = "transactions", operation_id = "transaction",
    params(("id" = IdText, Path, description = "The transaction")),
    extensions(("x-role" = json!("viewer")), ("x-refuses" = json!([404]))),
    responses((status = 200, description = "The transaction", body = TransactionAnswer)))]
pub(super) async fn show(
    _: Viewer,
    State(api): State<ApiState>,
    IdPath(id): IdPath,
) -> Result<Json<TransactionAnswer>, Problem> {
    Ok(Json(api.service.transaction(id).await?.into()))
}

/// Offer more for a transaction that waits to be mined
///
/// Refused for operations: more is offered for them by itself.
#[utoipa::path(post, path = "/v1/transactions/{id}/bump", tag = "transactions", operation_id = "bumpTransaction",
    params(("id" = IdText, Path, description = "The transaction")),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses((status = 201, description = "The transaction, with the new attempt", body = TransactionAnswer)))]
pub(super) async fn bump(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    IdPath(id): IdPath,
) -> Result<(StatusCode, Json<TransactionAnswer>), Problem> {
    let changed = api.service.bump_transaction(&actor, id).await?;
    Ok((StatusCode::CREATED, Json(changed.into())))
}

/// Call a transaction off that waits to be mined
///
/// Its nonce goes to a transfer of nothing. Whichever of the two is mined first counts; the state says which.
/// Refused for operations.
#[utoipa::path(post, path = "/v1/transactions/{id}/cancel", tag = "transactions", operation_id = "cancelTransaction",
    params(("id" = IdText, Path, description = "The transaction")),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409, 412]))),
    responses((status = 201, description = "The transaction, with the new attempt", body = TransactionAnswer)))]
pub(super) async fn cancel(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    IdPath(id): IdPath,
) -> Result<(StatusCode, Json<TransactionAnswer>), Problem> {
    let changed = api.service.cancel_transaction(&actor, id).await?;
    Ok((StatusCode::CREATED, Json(changed.into())))
}

impl WhichTransactions {
    fn read(self) -> Result<TransactionQuery, Problem> {
        let mut complaints = Vec::new();
        let chain = self.chain.as_deref().map(chain_text).transpose();
        let chain = chain.map_err(|error| complaints.push(error.to_owned()));
        let sender = self.sender.map(|text| text.parse()).transpose();
        let sender = sender.map_err(|_| complaints.push("sender must be an Ethereum address".to_owned()));
        let state = self.state.map(|word| STATES.into_iter().find(|known| *known == word));
        if state == Some(None) {
            complaints.push(format!("state must be one of {}", STATES.join(", ")));
        }
        let limit = self.limit.unwrap_or(PAGE);
        if !(1..=500).contains(&limit) {
            complaints.push("limit must be from 1 to 500".to_owned());
        }
        let (Ok(chain), Ok(sender), true) = (chain, sender, complaints.is_empty()) else {
            return Err(Problem::invalid(complaints));
        };
        Ok(TransactionQuery {
            chain,
            sender,
            state: state.flatten(),
            limit: Some(limit),
            before: self.before,
        })
    }
}
