//! From the batches of a plan to proofs, each made once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use maci_crypto::Fr;
use maci_crypto::field::fr_to_be_bytes;
use maci_protocol::circuit::Profile;
use maci_protocol::files::ProofFile;
use maci_protocol::replay::Finalisation;
use maci_protocol::statement::CircuitInputs;
use maci_proving::witness::{Inputs, ModuleCache};
use maci_proving::{Backend, CircuitArtifacts, MemoryNeed, ProveError, Prover, VerifiedProof};
use maci_store::{ArtifactKey, BlockingArtifacts, Found, PollFolder};

use super::FinaliseError;
use super::keys::PollKeys;
use super::pipeline::{Job, Pipeline};
use crate::crash::crash_point;
use crate::progress::{Phase, Progress, Watch};

/// How much proving may take.
#[derive(Debug, Clone, Copy)]
pub struct ProvingLimits {
    /// Proofs at the same time; as many as are useful and fit if not given.
    pub parallel: Option<usize>,
    /// Bytes all proofs may use together.
    pub memory: u64,
}

/// A proof of one batch.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) phase: Phase,
    pub(super) number: u32,
    pub(super) commitment: Fr,
    pub(super) proof: VerifiedProof,
}

/// A batch as the prover needs it.
struct Batch {
    phase: Phase,
    number: u32,
    total: u32,
    inputs: CircuitInputs,
    publics: Vec<Fr>,
    commitment: Fr,
}

/// What all jobs share.
struct Workshop {
    artifacts: BlockingArtifacts,
    folder: PollFolder,
    watch: Arc<dyn Watch>,
}

/// A prover loaded when its first proof is wanted, or before that in the background.
struct Lazy {
    artifacts: CircuitArtifacts,
    modules: Arc<ModuleCache>,
    loaded: Mutex<Option<Arc<Prover>>>,
}

impl Lazy {
    fn new(artifacts: CircuitArtifacts, modules: Arc<ModuleCache>) -> Arc<Self> {
        Arc::new(Self {
            artifacts,
            modules,
            loaded: Mutex::new(None),
        })
    }

    fn get(&self) -> Result<Arc<Prover>, FinaliseError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prover) = loaded.as_ref() {
            return Ok(prover.clone());
        }
        let prover = Arc::new(Prover::load(&self.artifacts, Backend::default(), &self.modules)?);
        Ok(loaded.insert(prover).clone())
    }
}

/// The two provers of one poll.
pub(super) struct Provers {
    process: Arc<Lazy>,
    tally: Arc<Lazy>,
    /// The rules the circuits were made to.
    pub(super) profile: Profile,
    limits: ProvingLimits,
}

impl Provers {
    /// Nothing is loaded yet.
    pub(super) fn new(keys: PollKeys, modules: &Arc<ModuleCache>, limits: ProvingLimits) -> Self {
        Self {
            process: Lazy::new(keys.process, modules.clone()),
            tally: Lazy::new(keys.tally, modules.clone()),
            profile: keys.profile,
            limits,
        }
    }

    /// Loads keys and calculators while the chain is waited for. What fails here fails again, and is reported, where the
    /// first proof is wanted.
    ///
    /// # Errors
    /// When not even one proof fits into the memory allowed.
    pub(super) fn warm(&self, also_process: bool) -> Result<(), FinaliseError> {
        self.threads()?;
        let process = also_process.then(|| self.process.clone());
        let tally = self.tally.clone();
        std::thread::spawn(move || {
            for lazy in process.into_iter().chain([tally]) {
                if let Err(error) = lazy.get() {
                    tracing::debug!(%error, "a prover was not loaded ahead");
                }
            }
        });
        Ok(())
    }

    /// Starts proving everything of the plan that the chain does not have yet: message batches from `processed` on, then
    /// ballot batches from `tallied` on.
    ///
    /// # Errors
    /// When not even one proof fits into the memory allowed.
    pub(super) fn start(
        &self,
        plan: &Finalisation,
        (processed, tallied): (u64, u64),
        (artifacts, folder): (BlockingArtifacts, PollFolder),
        watch: Arc<dyn Watch>,
    ) -> Result<Pipeline<Made>, FinaliseError> {
        let threads = self.threads()?;
        let workshop = Arc::new(Workshop {
            artifacts,
            folder,
            watch,
        });
        let mut jobs: Vec<Job<Made>> = Vec::new();
        for batch in plan.process.iter().filter(|batch| batch.number >= processed) {
            let public = &batch.statement.public;
            jobs.push(job(
                &workshop,
                &self.process,
                Batch {
                    phase: Phase::Process,
                    number: small(batch.number),
                    total: small(plan.process.len() as u64),
                    inputs: batch.statement.inputs(),
                    publics: public.elements().to_vec(),
                    commitment: public.new_sb_commitment,
                },
            ));
        }
        for (number, batch) in (0u64..).zip(&plan.tally).filter(|(number, _)| *number >= tallied) {
            let public = &batch.statement.public;
            jobs.push(job(
                &workshop,
                &self.tally,
                Batch {
                    phase: Phase::Tally,
                    number: small(number),
                    total: small(plan.tally.len() as u64),
                    inputs: batch.statement.inputs(),
                    publics: public.elements().to_vec(),
                    commitment: public.new_tally_commitment,
                },
            ));
        }
        Ok(Pipeline::start(jobs, threads))
    }

    /// Proofs that may run at the same time: two keep every core busy, one computing its witness while the other is
    /// proved.
    fn threads(&self) -> Result<usize, FinaliseError> {
        let need = |lazy: &Lazy| -> Result<MemoryNeed, FinaliseError> {
            let need = Backend::default().memory_need(lazy.artifacts.zkey());
            need.map_err(|error| FinaliseError::Prove(maci_proving::artifacts::ArtifactError::from(error).into()))
        };
        let (process, tally) = (need(&self.process)?, need(&self.tally)?);
        let each = process.witness.max(process.proof).max(tally.witness.max(tally.proof));
        let loaded = process.key.saturating_add(tally.key);
        let fit = self.limits.memory.saturating_sub(loaded) / each.max(1);
        if fit == 0 {
            let mib = |bytes: u64| bytes.div_ceil(1 << 20);
            return Err(FinaliseError::TooLittleMemory {
                needed: mib(loaded.saturating_add(each)),
                allowed: mib(self.limits.memory),
            });
        }
        let wanted = self.limits.parallel.unwrap_or(2).max(1);
        Ok(wanted.min(usize::try_from(fit).unwrap_or(usize::MAX)))
    }
}

fn job(workshop: &Arc<Workshop>, lazy: &Arc<Lazy>, batch: Batch) -> Job<Made> {
    let (workshop, lazy) = (workshop.clone(), lazy.clone());
    Box::new(move || {
        let (proof, reused, times) = workshop.prove(&lazy, &batch)?;
        let file = ProofFile {
            circuit_inputs: batch.inputs,
            proof: proof.proof().clone(),
            public_inputs: batch.publics,
        };
        let name = format!("{}_{}.json", batch.phase, batch.number);
        workshop.folder.write_atomically(&name, file.to_text()?.as_bytes())?;
        crash_point("proof-file-written");
        workshop.watch.notice(Progress::Proved {
            phase: batch.phase,
            batch: batch.number,
            total: batch.total,
            reused,
            witness_millis: times.0,
            proof_millis: times.1,
        });
        Ok(Made {
            phase: batch.phase,
            number: batch.number,
            commitment: batch.commitment,
            proof,
        })
    })
}

impl Workshop {
    /// The proof of a batch, from an earlier run if that one holds, and the milliseconds that witness and proof took.
    fn prove(&self, lazy: &Lazy, batch: &Batch) -> Result<(VerifiedProof, bool, (u64, u64)), FinaliseError> {
        let vk = lazy.artifacts.verifying_key();
        let key = artifact_key(&serde_json::to_vec(vk).unwrap_or_default(), batch);
        if let Some(proof) = self.earlier(&key, vk, batch)? {
            return Ok((proof, true, (0, 0)));
        }
        let prover = lazy.get()?;
        let begun = Instant::now();
        let witness = prover.witness(&Inputs::from(&batch.inputs))?;
        prover.expect_publics(&witness, &batch.publics)?;
        let computed = Instant::now();
        let proof = match prover.prove_witness(&witness) {
            // nobody has seen it, but a poll must not wait for a better prover: another one makes the same proof
            Err(error @ ProveError::Rejected { .. }) if Backend::default() != Backend::Arkworks => {
                tracing::error!(%error, phase = %batch.phase, batch = batch.number, "proving again with another prover");
                Prover::load(&lazy.artifacts, Backend::Arkworks, &lazy.modules)?.prove_witness(&witness)?
            }
            made => made?,
        };
        let times = (millis(computed - begun), millis(computed.elapsed()));
        let text = serde_json::to_vec(proof.proof()).unwrap_or_default();
        self.artifacts.put(&key, &text)?;
        crash_point("proof-stored");
        Ok((proof, false, times))
    }

    fn earlier(
        &self,
        key: &ArtifactKey,
        vk: &maci_protocol::groth16::VerifyingKey,
        batch: &Batch,
    ) -> Result<Option<VerifiedProof>, FinaliseError> {
        let bytes = match self.artifacts.get(key)? {
            Found::Whole(bytes) => bytes,
            Found::Missing => return Ok(None),
            Found::Damaged { place, reason } => {
                tracing::warn!(place, reason, "a stored proof is damaged; making it again");
                return Ok(None);
            }
        };
        let proof = serde_json::from_slice(&bytes).ok();
        Ok(proof.and_then(|proof| VerifiedProof::check(vk, &batch.publics, proof).ok()))
    }
}

/// What a proof follows from: the verifying key and every input.
fn artifact_key(vk: &[u8], batch: &Batch) -> ArtifactKey {
    let flat = batch.inputs.flat();
    let values: Vec<u8> = flat
        .iter()
        .flat_map(|(_, values)| values)
        .flat_map(fr_to_be_bytes)
        .collect();
    ArtifactKey::of("proof", &[vk, &values])
}

fn millis(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
