//! What a person or a script is told while a poll is brought to its result.

use maci_crypto::Fr;
use maci_protocol::groth16::Proof;
use serde::Serialize;

/// The two runs of proofs a poll needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Message batches.
    Process,
    /// Ballot batches.
    Tally,
}

impl Phase {
    /// `process` or `tally`, as in the names of proof files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Tally => "tally",
        }
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A proof as anybody may see it: without the circuit's inputs, which hold the coordinator's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedBatch {
    /// The proof.
    pub proof: Proof,
    /// The values the contract checks it with.
    pub public_inputs: Vec<Fr>,
}

/// One thing that happened. Batches are numbered in proving order, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Progress {
    /// The ledger follows the chain.
    Reading {
        /// Last block read.
        block: u64,
        /// Last block wanted.
        target: u64,
        /// Events of the poll so far.
        events: u64,
    },
    /// The ledger agrees with every hash the contract keeps.
    LedgerAgrees {
        /// Messages, the placeholder included.
        messages: u64,
        /// Leaves, the blank one included.
        leaves: u64,
    },
    /// Batches, commitments and the tally are known.
    Replayed {
        /// Message batches.
        process_batches: u32,
        /// Ballot batches.
        tally_batches: u32,
        /// Messages that count.
        valid: u64,
        /// Messages that do not.
        invalid: u64,
        /// Milliseconds it took.
        millis: u64,
    },
    /// Where the chain says the poll stands.
    Stands {
        /// In words.
        stage: String,
    },
    /// A proof was made and verified, or a stored one was found good.
    Proved {
        /// Which run.
        phase: Phase,
        /// Batch of that run.
        batch: u32,
        /// Batches of that run.
        total: u32,
        /// Whether an earlier run had made it.
        reused: bool,
        /// Milliseconds for the witness.
        witness_millis: u64,
        /// Milliseconds for the proof.
        proof_millis: u64,
        /// The proof itself, for those who pass it on; not part of what is printed.
        #[serde(skip)]
        made: Box<ProvedBatch>,
    },
    /// A transaction is on chain.
    Mined {
        /// What it did.
        what: String,
        /// Its hash.
        transaction: String,
        /// Gas it used.
        gas: u64,
    },
    /// Results and proofs were written.
    Written {
        /// The folder.
        folder: String,
    },
}

/// Somebody who is told. Called from several threads; must not block.
pub trait Watch: Send + Sync {
    /// Takes notice.
    fn notice(&self, progress: Progress);
}

/// Nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn notice(&self, _: Progress) {}
}

impl<F: Fn(Progress) + Send + Sync> Watch for F {
    fn notice(&self, progress: Progress) {
        self(progress);
    }
}
