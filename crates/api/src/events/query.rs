use axum::http::HeaderMap;
use maci_coordinator_core::{
    events::{Cursor, EventFilter, EventKind},
    jobs::JobId,
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    problem::Problem,
    wire::{self, AddressText, IdText},
};

/// Where to begin and what to tell.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct WhichEvents {
    /// Only what came after this cursor; 0 for everything that is kept. Without it, only what comes from now on.
    /// `Last-Event-ID`, which browsers send when they connect again, goes before it.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// About a poll: its chain. Needs `maciAddress` and `pollId`.
    chain: Option<String>,
    /// About a poll: its MACI contract.
    #[param(value_type = Option<AddressText>)]
    maci_address: Option<String>,
    /// About a poll: its number.
    #[param(value_type = Option<u64>)]
    poll_id: Option<String>,
    /// In a job.
    #[param(value_type = Option<IdText>)]
    job: Option<Uuid>,
    /// Of these kinds, with commas between.
    kinds: Option<String>,
}

impl WhichEvents {
    /// The cursor and the filter.
    ///
    /// # Errors
    /// One text for everything that is not as it should be.
    pub(super) fn read(self, headers: &HeaderMap) -> Result<(Option<Cursor>, EventFilter), Problem> {
        let mut complaints = Vec::new();
        let after = match headers.get("last-event-id") {
            Some(id) => id.to_str().ok().and_then(|id| id.parse().ok()).or_else(|| {
                complaints.push("Last-Event-ID must be a cursor".to_owned());
                None
            }),
            None => self.after,
        };
        if after.is_some_and(|after| after < 0) {
            complaints.push("after must not be less than 0".to_owned());
        }
        let words = self
            .kinds
            .as_deref()
            .unwrap_or_default()
            .split(',')
            .filter(|word| !word.is_empty());
        let mut kinds = Vec::new();
        for word in words {
            match EventKind::named(word) {
                Some(kind) => kinds.push(kind),
                None => {
                    let known = EventKind::ALL.map(EventKind::name).join(", ");
                    complaints.push(format!("kinds must be of the following values: {known}"));
                }
            }
        }
        let poll = match (&self.chain, &self.maci_address, &self.poll_id) {
            (None, None, None) => None,
            (Some(chain), Some(maci), Some(poll)) => Some(wire::poll_path(chain, maci, poll)?),
            _ => {
                complaints.push("chain, maciAddress and pollId belong together".to_owned());
                None
            }
        };
        if !complaints.is_empty() {
            return Err(Problem::invalid(complaints));
        }
        let job = self.job.map(JobId);
        Ok((after.map(Cursor), EventFilter { poll, job, kinds }))
    }
}
