//! What the relayer refuses, as clients see it.

use axum::http::StatusCode;
use maci_coordinator_core::jobs::Advice;
use maci_coordinator_core::relay::{RelayError, Spent};

use super::Problem;
use crate::wire;

impl From<RelayError> for Problem {
    fn from(error: RelayError) -> Self {
        let text = error.to_string();
        let remedy = wire::remedy(Advice::from(error.remedy()));
        let named = |status, name| Self::new(status, name, text.clone()).with_remedy(remedy);
        match error {
            RelayError::Service(error) => Self::from(*error),
            RelayError::Off => named(StatusCode::PRECONDITION_FAILED, "RELAYER_OFF"),
            RelayError::NotRelayer { .. } => named(StatusCode::PRECONDITION_FAILED, "NOT_ITS_RELAYER"),
            RelayError::Unusable { .. } => named(StatusCode::NOT_FOUND, "NOT_RELAYED"),
            RelayError::WhichChain | RelayError::Count { .. } | RelayError::Message { .. } => Self::invalid(vec![text]),
            RelayError::TooEarly { .. } | RelayError::TooLate { .. } => {
                named(StatusCode::CONFLICT, "NOT_TAKING_MESSAGES")
            }
            RelayError::Duplicate { .. } => named(StatusCode::CONFLICT, "DUPLICATE_MESSAGE"),
            RelayError::NoSuchLeaf { .. } | RelayError::ProofRefused { .. } => Self::forbidden(text),
            RelayError::Spent {
                spent: Spent::Address(wait),
                ..
            } => Self::too_many(wait.as_secs().saturating_add(1)),
            RelayError::Spent {
                spent: Spent::Voter(_) | Spent::Poll,
                ..
            } => named(StatusCode::CONFLICT, "BUDGET_SPENT"),
            RelayError::Busy => named(StatusCode::SERVICE_UNAVAILABLE, "BUSY").with_retry_after(1),
            RelayError::NoSuchMessage { .. } => named(StatusCode::NOT_FOUND, "NO_SUCH_MESSAGE"),
            RelayError::Publish(_)
            | RelayError::NotReadBack(_)
            | RelayError::Send(_)
            | RelayError::Landed(_)
            | RelayError::Damaged { .. } => {
                tracing::error!(%text, "a request to the relayer failed");
                named(StatusCode::INTERNAL_SERVER_ERROR, "FAILED")
            }
        }
    }
}
