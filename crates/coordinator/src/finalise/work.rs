use std::time::Instant;

use maci_chain::reader::{Merged, Standing};
use maci_crypto::Fr;
use maci_protocol::replay::{CoordinatorKey, Finalisation};

use super::history::history;
use super::plan::{adopt, continues, plan};
use super::proofs::Provers;
use super::{FinaliseError, Finaliser};
use crate::crash::crash_point;
use crate::progress::Progress;

/// What follows from the poll's history.
pub(super) struct Work {
    pub(super) plan: Finalisation,
    made_from: History,
}

/// What the contract says of the history that a plan was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct History {
    chain_hash: Fr,
    merged: Option<Merged>,
}

impl History {
    fn of(standing: &Standing) -> Self {
        Self {
            chain_hash: standing.chain_hash,
            merged: standing.merged,
        }
    }
}

impl Work {
    /// Whether the plan is still about the poll that is on chain.
    fn fits(&self, standing: &Standing) -> bool {
        self.made_from == History::of(standing) && continues(&self.plan, standing)
    }
}

impl Finaliser {
    /// The work as far as it fits the chain; replayed when there is none or the chain has become another one.
    pub(super) async fn continued<'w>(
        &self,
        work: &'w mut Option<Work>,
        key: &CoordinatorKey,
        provers: &Provers,
        standing: &Standing,
    ) -> Result<&'w Work, FinaliseError> {
        match work.take() {
            Some(begun) if begun.fits(standing) => Ok(work.insert(begun)),
            Some(_) | None => Ok(work.insert(self.begin(key, provers, standing).await?)),
        }
    }

    /// Replays the poll.
    pub(super) async fn begin(
        &self,
        key: &CoordinatorKey,
        provers: &Provers,
        standing: &Standing,
    ) -> Result<Work, FinaliseError> {
        let (reader, store, watch) = (&self.reader, &self.store, self.watch.as_ref());
        let state = history(reader, store, self.settings.follow, self.relayed.as_ref(), watch).await?;
        let folder = store.poll_folder(&self.poll())?;
        let given = self.settings.proof_files.as_deref();
        let folders: Vec<_> = std::iter::once(folder.path()).chain(given).collect();
        let begun = Instant::now();
        let (plan, source) = tokio::task::block_in_place(|| plan(&state, key, provers.profile, standing, &folders))?;
        if let (Some(1), Some(given)) = (source, given) {
            // the next start must not depend on being given them again
            adopt(given, &folder, standing)?;
            crash_point("salts-adopted");
        }
        let verdicts = || plan.process.iter().flat_map(|batch| &batch.verdicts);
        let valid = verdicts().filter(|judged| judged.verdict.is_valid()).count() as u64;
        watch.notice(Progress::Replayed {
            process_batches: u32::try_from(plan.process.len()).unwrap_or(u32::MAX),
            tally_batches: u32::try_from(plan.tally.len()).unwrap_or(u32::MAX),
            valid,
            invalid: verdicts().count() as u64 - valid,
            millis: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        Ok(Work {
            plan,
            made_from: History::of(standing),
        })
    }
}

#[cfg(test)]
mod tests;
