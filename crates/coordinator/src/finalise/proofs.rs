//! From the batches of a plan to proofs, each made once.

use std::sync::Arc;
use std::time::Instant;

use maci_crypto::Fr;
use maci_crypto::field::fr_to_be_bytes;
use maci_protocol::circuit::Profile;
use maci_protocol::files::ProofFile;
use maci_protocol::replay::Finalisation;
use maci_protocol::statement::CircuitInputs;
use maci_proving::witness::{Inputs, ModuleCache};
use maci_proving::{Backend, ProveError, VerifiedProof};
use maci_store::{ArtifactKey, BlockingArtifacts, Found, PollFolder};

use super::FinaliseError;
use super::circuit::Circuit;
use super::keys::PollKeys;
use super::pipeline::{Job, Pipeline};
use super::pool::{Footprint, ProvingPool};
use crate::crash::crash_point;
use crate::progress::{Phase, Progress, ProvedBatch, Watch};

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
    pool: ProvingPool,
}

/// The two circuits of one poll, and where they are proved.
pub(super) struct Provers {
    process: Arc<Circuit>,
    tally: Arc<Circuit>,
    /// The rules the circuits were made to.
    pub(super) profile: Profile,
    pool: ProvingPool,
}

impl Provers {
    /// Nothing is loaded yet.
    ///
    /// # Errors
    /// When not even one proof fits into the memory allowed.
    pub(super) fn new(keys: PollKeys, modules: &Arc<ModuleCache>, pool: &ProvingPool) -> Result<Self, FinaliseError> {
        let process = Circuit::new(keys.process, modules.clone())?;
        let tally = Circuit::new(keys.tally, modules.clone())?;
        pool.expect_room(&[process.footprint(), tally.footprint()])?;
        Ok(Self {
            process,
            tally,
            profile: keys.profile,
            pool: pool.clone(),
        })
    }

    /// Loads keys and calculators while the chain is waited for.
    pub(super) fn warm(&self, also_process: bool) {
        let process = also_process.then(|| self.process.clone());
        self.pool
            .warm(process.into_iter().chain([self.tally.clone()]).collect());
    }

    /// Starts proving everything of the plan but the first `processed` message batches and the first `tallied` ballot
    /// batches: message batches first, each run in proving order.
    pub(super) fn start(
        &self,
        plan: &Finalisation,
        (processed, tallied): (u64, u64),
        (artifacts, folder): (BlockingArtifacts, PollFolder),
        watch: Arc<dyn Watch>,
    ) -> Pipeline<Made> {
        let workshop = Arc::new(Workshop {
            artifacts,
            folder,
            watch,
            pool: self.pool.clone(),
        });
        let mut jobs: Vec<(Footprint, Job<Made>)> = Vec::new();
        for batch in plan.process.iter().filter(|batch| batch.number >= processed) {
            let public = &batch.statement.public;
            let batch = Batch {
                phase: Phase::Process,
                number: small(batch.number),
                total: small(plan.process.len() as u64),
                inputs: batch.statement.inputs(),
                publics: public.elements().to_vec(),
                commitment: public.new_sb_commitment,
            };
            jobs.push((self.process.footprint(), job(&workshop, &self.process, batch)));
        }
        for (number, batch) in (0u64..).zip(&plan.tally).filter(|(number, _)| *number >= tallied) {
            let public = &batch.statement.public;
            let batch = Batch {
                phase: Phase::Tally,
                number: small(number),
                total: small(plan.tally.len() as u64),
                inputs: batch.statement.inputs(),
                publics: public.elements().to_vec(),
                commitment: public.new_tally_commitment,
            };
            jobs.push((self.tally.footprint(), job(&workshop, &self.tally, batch)));
        }
        Pipeline::start(jobs, &self.pool)
    }
}

fn job(workshop: &Arc<Workshop>, circuit: &Arc<Circuit>, batch: Batch) -> Job<Made> {
    let (workshop, circuit) = (workshop.clone(), circuit.clone());
    Box::new(move || {
        let (proof, reused, times) = workshop.prove(&circuit, &batch)?;
        let made = ProvedBatch {
            proof: proof.proof().clone(),
            public_inputs: batch.publics.clone(),
        };
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
            made: Box::new(made),
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
    fn prove(&self, circuit: &Circuit, batch: &Batch) -> Result<(VerifiedProof, bool, (u64, u64)), FinaliseError> {
        let vk = circuit.artifacts.verifying_key();
        let key = artifact_key(&serde_json::to_vec(vk).unwrap_or_default(), batch);
        if let Some(proof) = self.earlier(&key, vk, batch)? {
            return Ok((proof, true, (0, 0)));
        }
        let prover = self.pool.prover(circuit)?;
        let begun = Instant::now();
        let witness = prover.witness(&Inputs::from(&batch.inputs))?;
        prover.expect_publics(&witness, &batch.publics)?;
        let computed = Instant::now();
        let proof = match prover.prove_witness(&witness) {
            // nobody has seen it, but a poll must not wait for a better prover: another one makes the same proof
            Err(error @ ProveError::Rejected { .. }) if Backend::default() != Backend::Arkworks => {
                tracing::error!(%error, phase = %batch.phase, batch = batch.number, "proving again with another prover");
                circuit.load(Backend::Arkworks)?.prove_witness(&witness)?
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
