//! What jobs do.
//!
//! - `means`       what they do it with: chains, senders, keys, the proving pool
//! - `polls`       merge, generate, submit, finalise
//! - `deploying`   MACI and polls, recorded as they come about
mod deploying;
mod means;
mod polls;

use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};
use serde_json::Value;
use tracing::Instrument;

pub(crate) use means::{Means, Touched, aside};
pub(crate) use polls::proofs_of;

use crate::jobs::{Perform, Running, Work};
use crate::service::ServiceError;

/// Does every kind of job.
#[derive(Debug, Clone)]
pub(crate) struct Performer(pub(crate) Arc<Means>);

impl Perform for Performer {
    fn perform(&self, work: Work, job: Running) -> BoxFuture<'_, Result<Value, ServiceError>> {
        let means = self.0.as_ref();
        // every line that is logged on the way names the job
        let span = tracing::info_span!("job", id = %job.id, kind = %work.kind());
        async move {
            match work {
                Work::Merge { poll } => means.merge(poll, &job).await,
                Work::Generate {
                    poll,
                    start_block,
                    key_given,
                } => means.generate(poll, start_block, key_given, &job).await,
                Work::Submit { poll } => means.finalise(poll, None, &job).await,
                Work::Finalise { poll, start_block } => means.finalise(poll, start_block, &job).await,
                Work::DeployMaci { chain, config } => means.deploy_maci(chain, &config, &job).await,
                Work::DeployPoll {
                    chain,
                    config,
                    key,
                    paused,
                    schedule: _,
                } => means.deploy_poll(chain, &config, key.as_deref(), paused, &job).await,
            }
        }
        .instrument(span)
        .boxed()
    }
}
