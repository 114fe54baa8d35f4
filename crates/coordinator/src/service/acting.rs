use maci_protocol::ids::PollRef;
use serde_json::Value;

use super::{
    DeployMaciRequest, DeployPollRequest, GenerateRequest, JobHandle, JobQuery, JobView, MergeRequest, Service,
    ServiceError, SubmitRequest,
};
use crate::actor::Actor;
use crate::jobs::JobId;

impl Service {
    /// Merges a closed poll's state. The result is `true`.
    ///
    /// # Errors
    /// When voting is not over, the state was merged already, or the actor is no operator.
    pub async fn merge(&self, _actor: &Actor, _request: MergeRequest) -> Result<JobHandle, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Proves all batches of a merged poll and writes the files. The result is
    /// `{ processProofs, tallyProofs, tallyData }`, each proof `{ proof, publicInputs }`.
    ///
    /// # Errors
    /// Code 0 when the state is not merged, 1 for another coordinator key, 2 without such a poll, 5 without proving keys.
    pub async fn generate(&self, _actor: &Actor, _request: GenerateRequest) -> Result<JobHandle, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Puts the proofs that were made, and the results, on chain. The result is the tally.
    ///
    /// # Errors
    /// Code 0 when the state is not merged, 2 without such a poll, 5 without proofs.
    pub async fn submit(&self, _actor: &Actor, _request: SubmitRequest) -> Result<JobHandle, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Brings a closed poll to its result from wherever it stands. The result is the tally.
    ///
    /// # Errors
    /// When voting is not over, or as [`Self::generate`].
    pub async fn finalise(&self, _actor: &Actor, _poll: PollRef) -> Result<JobHandle, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Deploys MACI. The result is `{ address }`.
    ///
    /// # Errors
    /// Codes 15 to 17 for what cannot be deployed yet.
    pub async fn deploy_maci(&self, _actor: &Actor, _request: DeployMaciRequest) -> Result<JobHandle, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Deploys a poll of the newest MACI recorded for the chain, and watches it. The result is
    /// `{ pollId, maci, chain, … }`.
    ///
    /// # Errors
    /// Codes 15 to 17 for what cannot be deployed yet, 20 to 22 when MACI was not deployed.
    pub async fn deploy_poll(&self, _actor: &Actor, _request: DeployPollRequest) -> Result<JobHandle, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Waits for a job to end, and gives what came of it.
    ///
    /// # Errors
    /// [`ServiceError::JobFailed`], [`ServiceError::Cancelled`], or that there is no such job.
    pub async fn job_outcome(&self, _job: JobId) -> Result<Value, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// A job.
    ///
    /// # Errors
    /// [`ServiceError::NoSuchJob`].
    pub async fn job(&self, _job: JobId) -> Result<JobView, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Jobs, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn jobs(&self, _query: JobQuery) -> Result<Vec<JobView>, ServiceError> {
        Err(ServiceError::Draining)
    }

    /// Stops a job. What it did stays done; transactions that were sent stay sent.
    ///
    /// # Errors
    /// [`ServiceError::JobOver`], [`ServiceError::NoSuchJob`], or the actor is no operator.
    pub async fn cancel_job(&self, _actor: &Actor, _job: JobId) -> Result<JobView, ServiceError> {
        Err(ServiceError::Draining)
    }
}
