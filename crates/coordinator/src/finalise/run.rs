use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use maci_chain::finalising::PollCalls;
use maci_chain::reader::{PollReader, Standing};
use maci_chain::send::Submit;
use maci_crypto::keys::PrivateKey;
use maci_protocol::ids::PollRef;
use maci_protocol::replay::{CoordinatorKey, Finalisation};
use maci_protocol::tally::Tally;
use maci_proving::witness::ModuleCache;
use maci_store::{BlockingArtifacts, PollFolder, Store};
use tokio::runtime::Handle;

use super::files::write_tally;
use super::keys::PollKeys;
use super::look::look;
use super::pool::ProvingPool;
use super::proofs::Provers;
use super::publish::next_call;
use super::work::Work;
use super::{FinaliseError, KeySet, Stage};
use crate::crash::crash_point;
use crate::ledger::{Follow, RelayedBatches};
use crate::progress::{Progress, Watch};

/// How a poll is finalised.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How its history is read.
    pub follow: Follow,
    /// Seconds between the end of voting and the merge.
    pub margin: u64,
    /// Whether to wait for the end of voting instead of refusing.
    pub wait: bool,
    /// Proof files of another tool that has begun.
    pub proof_files: Option<PathBuf>,
}

/// Everything needed to finalise one poll.
pub struct Finaliser {
    /// The poll on its chain.
    pub reader: PollReader,
    /// What is remembered.
    pub store: Store,
    /// Who pays for gas; the contracts do not ask who calls.
    pub submit: Arc<dyn Submit>,
    /// The circuits.
    pub keys: KeySet,
    /// Compiled witness calculators.
    pub modules: Arc<ModuleCache>,
    /// Where relayed messages are found.
    pub relayed: Arc<dyn RelayedBatches>,
    /// Who is told.
    pub watch: Arc<dyn Watch>,
    /// Where proofs are made.
    pub pool: ProvingPool,
    /// How.
    pub settings: Settings,
}

/// A poll whose result is on chain.
#[derive(Debug)]
pub struct Finalised {
    /// The result.
    pub tally: Tally,
    /// The folder with `tally.json` and the proof files.
    pub folder: PathBuf,
    /// Message batches and ballot batches.
    pub batches: (usize, usize),
}

/// A poll of which everything is proved, and nothing need be on chain yet.
#[derive(Debug)]
pub struct Proved {
    /// The result.
    pub tally: Tally,
    /// The folder with `tally.json` and the proof files.
    pub folder: PathBuf,
    /// Message batches and ballot batches.
    pub batches: (usize, usize),
}

impl Finaliser {
    /// Merges the poll's state, unless that has happened.
    ///
    /// # Errors
    /// See [`FinaliseError`]; calling again goes on.
    pub async fn merge(&self) -> Result<(), FinaliseError> {
        let mut lock = self.store.lock_poll(&self.poll(), "merge").await?;
        loop {
            let (standing, stage) = self.look().await?;
            match stage {
                Stage::Voting { until } => self.wait_for_the_end(&standing, until).await?,
                Stage::Merging => {
                    self.submit(&mut lock, self.calls().merge(), &standing).await?;
                }
                Stage::Processing(_) | Stage::Tallying(_) | Stage::Publishing { .. } | Stage::Final => return Ok(()),
            }
        }
    }

    /// Proves every batch of a merged poll and writes the files; sends nothing. Proofs do not depend on what is on chain,
    /// so they can all be made before the first is sent.
    ///
    /// # Errors
    /// [`FinaliseError::NotMerged`] before the merge, else see [`FinaliseError`]; calling again goes on.
    pub async fn prove(&self, coordinator: PrivateKey) -> Result<Proved, FinaliseError> {
        let poll = self.poll();
        let key = CoordinatorKey::new(coordinator, self.reader.config())?;
        let _lock = self.store.lock_poll(&poll, "prove").await?;
        let (standing, stage) = self.look().await?;
        match stage {
            Stage::Voting { .. } | Stage::Merging => return Err(FinaliseError::NotMerged { poll }),
            Stage::Processing(_) | Stage::Tallying(_) | Stage::Publishing { .. } | Stage::Final => {}
        }
        let provers = self.provers().await?;
        provers.warm(true);
        let work = self.begin(&key, &provers, &standing).await?;
        let mut pipeline = provers.start(&work.plan, (0, 0), self.places()?, self.watch.clone());
        while let Some(made) = pipeline.next().await {
            made?;
        }
        let folder = self.write(&work.plan.result)?;
        Ok(Proved {
            batches: (work.plan.process.len(), work.plan.tally.len()),
            tally: work.plan.result,
            folder,
        })
    }

    /// Brings the poll to its result, from wherever it stands.
    ///
    /// # Errors
    /// See [`FinaliseError`]; what was done stays done, and calling again goes on.
    pub async fn run(&self, coordinator: PrivateKey) -> Result<Finalised, FinaliseError> {
        let key = CoordinatorKey::new(coordinator, self.reader.config())?;
        let mut lock = self.store.lock_poll(&self.poll(), "finalise").await?;
        // wrong keys are refused before anything is sent
        let provers = self.provers().await?;
        let mut warm = false;
        let mut work: Option<Work> = None;
        loop {
            let (standing, stage) = self.look().await?;
            self.watch.notice(Progress::Stands {
                stage: stage.to_string(),
            });
            if !warm && stage.needs_proofs() {
                // the transactions before the first proof leave the time
                provers.warm(!matches!(stage, Stage::Tallying(_)));
                warm = true;
            }
            match stage {
                Stage::Voting { until } => self.wait_for_the_end(&standing, until).await?,
                Stage::Merging => {
                    self.submit(&mut lock, self.calls().merge(), &standing).await?;
                }
                Stage::Processing(_) | Stage::Tallying(_) => {
                    let begun = self.continued(&mut work, &key, &provers, &standing).await?;
                    self.prove_and_submit(&mut lock, &begun.plan, &provers, &standing)
                        .await?;
                }
                Stage::Publishing { ref missing } => {
                    let begun = self.continued(&mut work, &key, &provers, &standing).await?;
                    let (reader, submit, calls) = (&self.reader, self.submit.as_ref(), self.calls());
                    let call = next_call(reader, submit, &calls, &begun.plan.result, missing).await?;
                    if let Some(call) = call {
                        self.submit(&mut lock, call, &standing).await?;
                    }
                }
                Stage::Final => {
                    let begun = self.continued(&mut work, &key, &provers, &standing).await?;
                    return self.close(&begun.plan).await;
                }
            }
        }
    }

    pub(super) fn poll(&self) -> PollRef {
        self.reader.config().poll()
    }

    /// The poll's circuits, compared with the registered keys.
    async fn provers(&self) -> Result<Provers, FinaliseError> {
        let keys = PollKeys::open(&self.keys, &self.reader).await?;
        Provers::new(keys, &self.modules, &self.pool)
    }

    /// Where proofs are kept.
    pub(super) fn places(&self) -> Result<(BlockingArtifacts, PollFolder), FinaliseError> {
        let artifacts = self.store.artifacts().blocking(Handle::current());
        Ok((artifacts, self.store.poll_folder(&self.poll())?))
    }

    pub(super) fn calls(&self) -> PollCalls {
        PollCalls {
            poll: self.reader.config().poll(),
            contracts: self.reader.addresses(),
        }
    }

    async fn look(&self) -> Result<(Standing, Stage), FinaliseError> {
        look(&self.reader, self.settings.margin).await
    }

    async fn wait_for_the_end(&self, standing: &Standing, until: u64) -> Result<(), FinaliseError> {
        let now = standing.at.timestamp;
        if !self.settings.wait {
            let (poll, ends_at) = (self.reader.config().poll(), self.reader.period().end);
            return Err(FinaliseError::StillOpen {
                poll,
                ends_at,
                until,
                now,
            });
        }
        // the chain's clock counts, and it may be moved: look again now and then
        let rest = Duration::from_secs(until.saturating_sub(now).clamp(1, 60));
        let often = self.reader.rpc().look_every().saturating_mul(10);
        tokio::time::sleep(rest.min(often.max(Duration::from_secs(1)))).await;
        Ok(())
    }

    /// Compares the results on chain with ours and writes them down.
    async fn close(&self, plan: &Finalisation) -> Result<Finalised, FinaliseError> {
        let poll = self.reader.config().poll();
        let results = self.reader.results(self.reader.config().vote_options()).await?;
        for (option, (theirs, ours)) in (0u32..).zip(results.iter().zip(&plan.result.totals.results)) {
            if theirs.value != *ours {
                return Err(FinaliseError::OtherResult { poll, option });
            }
        }
        Ok(Finalised {
            tally: plan.result.clone(),
            folder: self.write(&plan.result)?,
            batches: (plan.process.len(), plan.tally.len()),
        })
    }

    /// Writes the result, and answers where.
    fn write(&self, result: &Tally) -> Result<PathBuf, FinaliseError> {
        let folder = self.store.poll_folder(&self.poll())?;
        write_tally(&folder, &self.reader, result)?;
        crash_point("tally-written");
        let path = folder.path().to_owned();
        self.watch.notice(Progress::Written {
            folder: path.display().to_string(),
        });
        Ok(path)
    }
}

impl std::fmt::Debug for Finaliser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finaliser")
            .field("poll", &self.reader.config().poll())
            .finish_non_exhaustive()
    }
}
