//! What jobs do.
//!
//! - `means`       what they do it with: chains, senders, keys, the proving pool
//! - `polls`       merge, generate, submit, finalise
//! - `publishing`   a final poll's whole result under one root
//! - `deploying`   MACI and polls, recorded as they come about
mod deploying;
mod means;
mod polls;
mod publishing;

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
                Work::Merge { poll, sender } => means.merge(poll, &sender, &job).await,
                Work::Generate {
                    poll,
                    start_block,
                    key_given,
                } => means.generate(poll, start_block, key_given, &job).await,
                Work::Submit { poll, sender } => means.finalise(poll, None, &sender, &job).await,
                Work::Finalise {
                    poll,
                    start_block,
                    sender,
                } => means.finalise(poll, start_block, &sender, &job).await,
                Work::DeployMaci { chain, config, sender } => means.deploy_maci(chain, &config, &sender, &job).await,
                Work::DeployPoll {
                    chain,
                    config,
                    key,
                    paused,
                    schedule: _,
                    sender,
                } => {
                    let sender = (&sender, paused);
                    means.deploy_poll(chain, &config, key.as_deref(), sender, &job).await
                }
                Work::Apply { chain, description } => means.apply(chain, &description, &job).await,
            }
        }
        .instrument(span)
        .boxed()
    }
}
