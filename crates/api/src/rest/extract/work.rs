use std::{convert::Infallible, sync::Arc};

use axum::{
    Json,
    extract::{FromRef, FromRequestParts},
    http::{HeaderName, HeaderValue, StatusCode, header::LOCATION, request::Parts},
    response::{IntoResponse, Response},
};
use maci_coordinator_core::{
    jobs::JobId,
    repeats::Repeat,
    service::{JobHandle, Service, ServiceError},
};
use serde_json::Value;

use super::Wait;
use crate::{problem::Problem, state::ApiState, wire::JobAnswer};

const APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Work that a request begins as a job: begun once however often the request comes, and answered when it is done, or at
/// once if the client prefers that.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) service: Service,
    wait: Wait,
    repeat: Option<Arc<Repeat>>,
}

impl<S: Send + Sync> FromRequestParts<S> for Work
where
    ApiState: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self {
            service: ApiState::from_ref(state).service,
            wait: Wait::of(&parts.headers),
            repeat: parts.extensions.get().cloned(),
        })
    }
}

impl Work {
    /// Begins the job, or goes on with the one the same request began before a crash, and answers with what came of it.
    ///
    /// # Errors
    /// What the service refuses, or why the job failed.
    pub(crate) async fn run(
        self,
        begin: impl Future<Output = Result<JobHandle, ServiceError>> + Send,
        shape: impl FnOnce(Value) -> Value + Send,
    ) -> Result<Response, Problem> {
        let job = self.begin(begin).await?;
        if self.wait == Wait::Not {
            let view = self.service.job(job).await?;
            let mut response = (StatusCode::ACCEPTED, Json(JobAnswer::from(view))).into_response();
            let headers = response.headers_mut();
            headers.insert(LOCATION, location(job));
            headers.insert(APPLIED, HeaderValue::from_static("respond-async"));
            return Ok(response);
        }
        let result = self.service.job_outcome(job).await?;
        Ok((StatusCode::CREATED, Json(shape(result))).into_response())
    }

    async fn begin(
        &self,
        begin: impl Future<Output = Result<JobHandle, ServiceError>> + Send,
    ) -> Result<JobId, Problem> {
        if let Some(job) = self.repeat.as_ref().and_then(|repeat| repeat.job()) {
            return Ok(JobId(job));
        }
        let job = begin.await?.id;
        if let Some(repeat) = &self.repeat {
            repeat.note_job(job.0).await.map_err(ServiceError::from)?;
        }
        Ok(job)
    }
}

/// Where a job is found.
pub(crate) fn location(job: JobId) -> HeaderValue {
    // A UUID's text is always a header's value.
    HeaderValue::from_str(&format!("/v1/jobs/{job}")).unwrap_or_else(|_| HeaderValue::from_static("/v1/jobs"))
}
