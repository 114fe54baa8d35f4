use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use maci_chain::finalising::PollCalls;
use maci_chain::reader::{Merged, PollReader, Standing};
use maci_chain::send::{Call, Landed, SendError, Submit};
use maci_crypto::keys::PrivateKey;
use maci_protocol::ids::PollRef;
use maci_protocol::replay::{CoordinatorKey, Finalisation};
use maci_protocol::tally::Tally;
use maci_proving::witness::ModuleCache;
use maci_store::{BlockingArtifacts, PollFolder, Store};
use tokio::runtime::Handle;

use super::files::write_tally;
use super::history::history;
use super::keys::PollKeys;
use super::look::look;
use super::plan::{adopt, continues, plan};
use super::pool::ProvingPool;
use super::proofs::{Made, Provers};
use super::publish::next_call;
use super::{FinaliseError, KeySet, Stage};
use crate::crash::crash_point;
use crate::ledger::{Follow, RelayedBatches};
use crate::progress::{Phase, Progress, Watch};

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

/// What follows from the poll's history.
struct Work {
    plan: Finalisation,
    /// What merging had fixed when the plan was made.
    merged: Option<Merged>,
}

impl Work {
    /// Whether the plan is still about the poll that is on chain.
    fn fits(&self, standing: &Standing) -> bool {
        self.merged == standing.merged && continues(&self.plan, standing)
    }
}

impl Finaliser {
    /// Merges the poll's state, unless that has happened.
    ///
    /// # Errors
    /// See [`FinaliseError`]; calling again goes on.
    pub async fn merge(&self) -> Result<(), FinaliseError> {
        let _lock = self.store.lock_poll(&self.poll(), "merge").await?;
        loop {
            let (standing, stage) = self.look().await?;
            match stage {
                Stage::Voting { until } => self.wait_for_the_end(&standing, until).await?,
                Stage::Merging => {
                    self.submit(self.calls().merge(), &standing).await?;
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
        let _lock = self.store.lock_poll(&self.poll(), "finalise").await?;
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
                    self.submit(self.calls().merge(), &standing).await?;
                }
                Stage::Processing(_) | Stage::Tallying(_) => {
                    let begun = self.continued(&mut work, &key, &provers, &standing).await?;
                    self.prove_and_submit(&begun.plan, &provers, &standing).await?;
                }
                Stage::Publishing { ref missing } => {
                    let begun = self.continued(&mut work, &key, &provers, &standing).await?;
                    let (reader, submit, calls) = (&self.reader, self.submit.as_ref(), self.calls());
                    let call = next_call(reader, submit, &calls, &begun.plan.result, missing).await?;
                    if let Some(call) = call {
                        self.submit(call, &standing).await?;
                    }
                }
                Stage::Final => {
                    let begun = self.continued(&mut work, &key, &provers, &standing).await?;
                    return self.close(&begun.plan).await;
                }
            }
        }
    }

    fn poll(&self) -> PollRef {
        self.reader.config().poll()
    }

    /// The poll's circuits, compared with the registered keys.
    async fn provers(&self) -> Result<Provers, FinaliseError> {
        let keys = PollKeys::open(&self.keys, &self.reader).await?;
        Provers::new(keys, &self.modules, &self.pool)
    }

    /// Where proofs are kept.
    fn places(&self) -> Result<(BlockingArtifacts, PollFolder), FinaliseError> {
        let artifacts = self.store.artifacts().blocking(Handle::current());
        Ok((artifacts, self.store.poll_folder(&self.poll())?))
    }

    fn calls(&self) -> PollCalls {
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

    /// The work as far as it fits the chain; replayed when there is none or the chain has become another one.
    async fn continued<'w>(
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
    async fn begin(&self, key: &CoordinatorKey, provers: &Provers, standing: &Standing) -> Result<Work, FinaliseError> {
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
            merged: standing.merged,
        })
    }

    /// Proves what the chain does not have and submits it in order, until there is no more or the chain has moved without
    /// us.
    async fn prove_and_submit(
        &self,
        plan: &Finalisation,
        provers: &Provers,
        standing: &Standing,
    ) -> Result<(), FinaliseError> {
        let done = (standing.processing.batches, standing.tallying.batches);
        let mut pipeline = provers.start(plan, done, self.places()?, self.watch.clone());
        while let Some(made) = pipeline.next().await {
            let made = made?;
            self.expect_inputs(plan, &made).await?;
            let proof = made.proof.proof();
            let call = match made.phase {
                Phase::Process => self.calls().process(made.number, &made.commitment, proof),
                Phase::Tally => self.calls().tally(made.number, &made.commitment, proof),
            };
            if self.submit(call, standing).await?.is_none() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The public values the contract will check the proof with must be ours.
    async fn expect_inputs(&self, plan: &Finalisation, made: &Made) -> Result<(), FinaliseError> {
        let theirs = match made.phase {
            Phase::Process => {
                let Some(batch) = plan.process.iter().find(|batch| batch.number == u64::from(made.number)) else {
                    return Ok(());
                };
                let output = batch.statement.public.output_batch_hash;
                self.reader
                    .process_inputs(batch.batch, &made.commitment, &output)
                    .await?
            }
            // the contract takes the processing's commitment over with the first tally proof
            Phase::Tally if made.number == 0 => return Ok(()),
            Phase::Tally => {
                let size = self.reader.config().depths().tally_batch_size() as u64;
                self.reader
                    .tally_inputs(u64::from(made.number).saturating_mul(size), &made.commitment)
                    .await?
            }
        };
        let ours = made.proof.publics();
        if theirs == ours {
            return Ok(());
        }
        let position = theirs
            .iter()
            .zip(ours)
            .take_while(|(theirs, ours)| theirs == ours)
            .count();
        let poll = self.reader.config().poll();
        // somebody else may have gone on meanwhile: then the next look sees it
        if self.reader.standing().await?.processing.batches > u64::from(made.number) {
            return Ok(());
        }
        Err(FinaliseError::OtherInputs {
            poll,
            phase: made.phase,
            batch: made.number,
            position,
        })
    }

    /// Sends a call. None if the contract refused it and the poll has moved on meanwhile: somebody else did it.
    async fn submit(&self, call: Call, before: &Standing) -> Result<Option<Landed>, FinaliseError> {
        let what = call.purpose.to_string();
        match self.submit.submit(call).await {
            Ok(landed) => {
                self.watch.notice(Progress::Mined {
                    what,
                    transaction: landed.transaction.to_string(),
                    gas: landed.gas_used,
                });
                crash_point("step-done");
                Ok(Some(landed))
            }
            Err(
                error @ (SendError::WouldRevert { .. } | SendError::Reverted { .. } | SendError::Superseded { .. }),
            ) => {
                let now = self.reader.standing().await?;
                if progress_of(&now) > progress_of(before) {
                    tracing::info!(%what, %error, "the poll has moved on; looking again");
                    return Ok(None);
                }
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
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

/// A measure that grows with every step of a poll.
fn progress_of(standing: &Standing) -> (bool, u64, u64, u64) {
    (
        standing.merged.is_some(),
        standing.processing.batches,
        standing.tallying.batches,
        standing.tallying.results,
    )
}

impl std::fmt::Debug for Finaliser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finaliser")
            .field("poll", &self.reader.config().poll())
            .finish_non_exhaustive()
    }
}
