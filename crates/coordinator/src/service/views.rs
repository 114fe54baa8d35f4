//! What is told about polls, jobs, keys and schedules.

use cid::Cid;
use maci_chain::contracts::Generation;
use maci_chain::reader::{ExternalContracts, Period, PollAddresses};
use maci_crypto::Fr;
use maci_crypto::keys::PublicKey;
use maci_protocol::files::TallyFile;
use maci_protocol::groth16::Proof;
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, PollRef};
use maci_protocol::poll::{Mode, TreeDepths};
use maci_protocol::time::Timestamp;
use maci_store::Pin;
use serde_json::Value;

use super::Source;
use crate::finalise::Stage;
use crate::jobs::{JobFailure, JobId, JobKind, JobState};
use crate::progress::Phase;
use crate::rounds::Warning;
use crate::verify::Report;

/// A watched poll, as far as the store and the last look know it; nothing is asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollSummary {
    /// The poll.
    pub poll: PollRef,
    /// Its mode.
    pub mode: Mode,
    /// Why it is watched.
    pub watched: WatchView,
    /// Where it stood at the last look; none before the first.
    pub stage: Option<Stage>,
    /// Its end, in Unix seconds, once it was looked at.
    pub ends_at: Option<u64>,
    /// How many warnings there are.
    pub warnings: usize,
    /// What keeps it from its result, if something does.
    pub trouble: Option<JobFailure>,
}

/// Since when and why a poll is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchView {
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub source: Source,
    /// Whether it is finalised only when somebody asks.
    pub paused: bool,
    /// The block its history begins at, if that was given.
    pub deployment_block: Option<BlockNumber>,
    /// Who sends for it; the chain's default if nobody was named.
    pub sender: Option<String>,
}

/// Everything known about a poll.
#[derive(Debug, Clone, PartialEq)]
pub struct PollView {
    /// The poll.
    pub poll: PollRef,
    /// How its votes are paid for.
    pub mode: Mode,
    /// Which generation its MACI is of.
    pub generation: Generation,
    /// Its dates, and the chain's clock.
    pub timeline: Timeline,
    /// Its own contracts.
    pub addresses: PollAddresses,
    /// The contracts it relies on.
    pub external: ExternalContracts,
    /// The key its messages are encrypted for.
    pub coordinator_public_key: PublicKey,
    /// The name of that key in custody, if it is there.
    pub key: Option<String>,
    /// How large its trees are.
    pub depths: TreeDepths,
    /// Messages in a batch.
    pub message_batch_size: u8,
    /// Options voters choose between.
    pub vote_options: u64,
    /// How many took part.
    pub counts: Counts,
    /// What is next for it.
    pub stage: Stage,
    /// Message batches.
    pub process: BatchCounts,
    /// Ballot batches.
    pub tally: BatchCounts,
    /// Results on chain.
    pub results: u64,
    /// Whether the results were written to `tally.json`.
    pub has_tally: bool,
    /// The check of the result against the chain, once made.
    pub verification: Option<Report>,
    /// What an operator should know before the end.
    pub warnings: Vec<Warning>,
    /// Since when and why it is watched, if it is.
    pub watched: Option<WatchView>,
    /// The job that works on it.
    pub job: Option<JobId>,
    /// What keeps it from its result, if something does.
    pub trouble: Option<JobFailure>,
    /// The block all this was read at.
    pub block: BlockNumber,
}

/// A poll's dates, in Unix seconds by the chain's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    /// When voting is possible, both ends included.
    pub period: Period,
    /// From when on it can be merged.
    pub finalisable_from: u64,
    /// The chain's clock.
    pub now: u64,
}

impl Timeline {
    /// Whether votes are taken.
    #[must_use]
    pub fn is_open(&self) -> bool {
        (self.period.start..=self.period.end).contains(&self.now)
    }
}

/// How many took part in a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Voters who joined.
    pub voters: u64,
    /// Voters who can join.
    pub capacity: u64,
    /// Messages published.
    pub messages: u64,
}

/// How far a run of proofs has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchCounts {
    /// Batches there are, as far as is known before the end.
    pub total: u64,
    /// Batches proved here.
    pub proved: u64,
    /// Proofs the contract has accepted.
    pub landed: u64,
}

/// A proof and what it is about. Circuit inputs are no part of it: they hold the coordinator's secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofView {
    /// Which run.
    pub phase: Phase,
    /// Batch in proving order.
    pub batch: u32,
    /// The proof.
    pub proof: Proof,
    /// The values the contract checks it with.
    pub public_inputs: Vec<Fr>,
}

/// A poll's result and its check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyView {
    /// The file.
    pub file: TallyFile,
    /// Its text, as on the disk.
    pub text: String,
}

/// A poll's result, published as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationView {
    /// The root of everything.
    pub root: Cid,
    /// When it was published here.
    pub published: Timestamp,
    /// How far everybody who is to keep it has come, by name.
    pub pins: Vec<Pin>,
    /// Multiaddresses at which others fetch it over Bitswap; none if this service has no node of its own.
    pub addresses: Vec<String>,
}

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct JobView {
    /// Its id.
    pub id: JobId,
    /// What is done.
    pub kind: JobKind,
    /// The poll it is about.
    pub poll: Option<PollRef>,
    /// Where it stands.
    pub state: JobState,
    /// How often it was begun.
    pub attempts: u32,
    /// Who asked for it.
    pub by: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was begun last.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The next attempt, while it waits for one.
    pub next_attempt: Option<Timestamp>,
    /// The last thing it told, while it runs.
    pub progress: Option<Value>,
    /// What came of it.
    pub result: Option<Value>,
    /// Why it failed, or why the last attempt did.
    pub failure: Option<JobFailure>,
}

/// The answer to a request that acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobHandle {
    /// The job.
    pub id: JobId,
    /// Whether it was there already.
    pub joined: bool,
}

/// A coordinator key, as far as it may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    /// Its name.
    pub name: String,
    /// Its public half.
    pub public_key: PublicKey,
}

/// How the service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthReport {
    /// Whether the database answers.
    pub store: bool,
    /// Whether it is stopping.
    pub draining: bool,
    /// Whether the keys still wait for their passphrase.
    pub locked: bool,
    /// Every described chain.
    pub chains: Vec<ChainHealth>,
    /// The circuits found under the root of the proving keys.
    pub circuits: Vec<CircuitHealth>,
    /// Jobs at work.
    pub running_jobs: usize,
    /// Proofs being made.
    pub proofs_running: usize,
    /// Proofs waiting for their turn.
    pub proofs_waiting: usize,
}

/// How a chain is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainHealth {
    /// The chain.
    pub chain: ChainId,
    /// Its name.
    pub name: String,
    /// The newest block, if it answers.
    pub head: Option<BlockNumber>,
    /// That block's time, in Unix seconds.
    pub head_time: Option<u64>,
    /// Who pays for gas there; none before the gas key is made.
    pub sender: Option<EthAddress>,
    /// What the sender has, in wei, as a decimal number.
    pub balance: Option<String>,
    /// Why it does not answer.
    pub error: Option<String>,
}

/// A circuit's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircuitHealth {
    /// The folder's name.
    pub name: String,
    /// The proving key.
    pub zkey: Option<String>,
    /// The wasm calculator.
    pub wasm: Option<String>,
    /// The native calculator.
    pub native: Option<String>,
    /// Whether the key was made without a ceremony.
    pub development_only: bool,
}
