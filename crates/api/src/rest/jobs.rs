//! Work in hand and done.

use axum::{Json, extract::State};
use maci_coordinator_core::{
    jobs::{JobId, JobKind},
    service::JobQuery,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use super::extract::{IdPath, Operator, Query, Viewer};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{self, AddressText, IdText, JobAnswer, JobKindName, JobStateName, JobsAnswer},
};

/// Jobs on a page, if the client does not say.
const PAGE: u32 = 50;

/// Which jobs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct WhichJobs {
    /// In this state.
    #[param(value_type = Option<JobStateName>)]
    state: Option<String>,
    /// Of this kind.
    #[param(value_type = Option<JobKindName>)]
    kind: Option<String>,
    /// About a poll: its chain. Needs `maciAddress` and `pollId`.
    chain: Option<String>,
    /// About a poll: its MACI contract.
    #[param(value_type = Option<AddressText>)]
    maci_address: Option<String>,
    /// About a poll: its number.
    #[param(value_type = Option<u64>)]
    poll_id: Option<String>,
    /// At most so many.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Older than this job.
    #[param(value_type = Option<IdText>)]
    before: Option<Uuid>,
}

/// Jobs, the newest first
#[utoipa::path(get, path = "/v1/jobs", tag = "jobs", operation_id = "jobs", params(WhichJobs),
    extensions(("x-role" = json!("viewer"))),
    responses((status = 200, description = "The jobs", body = JobsAnswer)))]
pub(super) async fn list(
    _: Viewer,
    State(api): State<ApiState>,
    Query(which): Query<WhichJobs>,
) -> Result<Json<JobsAnswer>, Problem> {
    let query = which.read()?;
    let limit = query.limit.unwrap_or(PAGE);
    let found = api.service.jobs(query).await?;
    let jobs: Vec<JobAnswer> = found
        .into_iter()
        .map(|job| JobAnswer::from(job).without_result())
        .collect();
    let full = u32::try_from(jobs.len()).is_ok_and(|count| count >= limit);
    let next = jobs.last().filter(|_| full).map(|job| job.id.clone());
    Ok(Json(JobsAnswer { jobs, next }))
}

/// A job
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "jobs", operation_id = "job",
    params(("id" = IdText, Path, description = "The job")),
    extensions(("x-role" = json!("viewer")), ("x-refuses" = json!([404]))),
    responses((status = 200, description = "The job", body = JobAnswer)))]
pub(super) async fn show(
    _: Viewer,
    State(api): State<ApiState>,
    IdPath(id): IdPath,
) -> Result<Json<JobAnswer>, Problem> {
    Ok(Json(api.service.job(JobId(id)).await?.into()))
}

/// What came of a job; waits while it is not over
#[utoipa::path(get, path = "/v1/jobs/{id}/result", tag = "jobs", operation_id = "jobResult",
    params(("id" = IdText, Path, description = "The job")),
    extensions(("x-role" = json!("viewer")), ("x-refuses" = json!([404, 409, 412]))),
    responses((status = 200, description = "What the job's own route answers", body = Value)))]
pub(super) async fn result(_: Viewer, State(api): State<ApiState>, IdPath(id): IdPath) -> Result<Json<Value>, Problem> {
    Ok(Json(api.service.job_outcome(JobId(id)).await?))
}

/// Stop a job; what it did stays done
#[utoipa::path(delete, path = "/v1/jobs/{id}", tag = "jobs", operation_id = "cancelJob",
    params(("id" = IdText, Path, description = "The job")),
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([404, 409]))),
    responses((status = 200, description = "The job", body = JobAnswer)))]
pub(super) async fn cancel(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    IdPath(id): IdPath,
) -> Result<Json<JobAnswer>, Problem> {
    Ok(Json(api.service.cancel_job(&actor, JobId(id)).await?.into()))
}

impl WhichJobs {
    fn read(self) -> Result<JobQuery, Problem> {
        let mut complaints = Vec::new();
        let state = self.state.map(|word| word.parse()).transpose();
        let state = state.map_err(|error| complaints.push(format!("state is refused: {error}")));
        let kind = self.kind.map(|word| word.parse::<JobKind>()).transpose();
        let kind = kind.map_err(|error| complaints.push(format!("kind is refused: {error}")));
        let limit = self.limit.unwrap_or(PAGE);
        if !(1..=500).contains(&limit) {
            complaints.push("limit must be from 1 to 500".to_owned());
        }
        let poll = match (&self.chain, &self.maci_address, &self.poll_id) {
            (None, None, None) => None,
            (Some(chain), Some(maci), Some(poll)) => Some(wire::poll_path(chain, maci, poll)?),
            _ => {
                complaints.push("chain, maciAddress and pollId belong together".to_owned());
                None
            }
        };
        let (Ok(state), Ok(kind), true) = (state, kind, complaints.is_empty()) else {
            return Err(Problem::invalid(complaints));
        };
        Ok(JobQuery {
            poll,
            state,
            kind: kind.map(|kind| kind.name().to_owned()),
            limit: Some(limit),
            before: self.before.map(JobId),
        })
    }
}
