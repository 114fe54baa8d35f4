use std::ops::Range;

use maci_crypto::constants::NUMS;
use maci_crypto::{Fr, poseidon};

/// The running hash over a poll's messages, and its value at every batch's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageChain {
    batch_size: u8,
    /// After 0, 1, 2, … messages.
    hashes: Vec<Fr>,
}

/// How many batches `messages` messages fill, the last perhaps in part.
pub fn batch_count(messages: u64, batch_size: u8) -> u64 {
    messages.div_ceil(u64::from(batch_size.max(1)))
}

/// The messages of batch `batch`, counted from **1** as the contracts count them.
pub fn batch_range(batch: u64, messages: u64, batch_size: u8) -> Range<u64> {
    let size = u64::from(batch_size.max(1));
    let start = batch.saturating_sub(1).saturating_mul(size);
    start..messages.min(start.saturating_add(size))
}

impl MessageChain {
    /// The chain before any message. A batch size of 0 counts as 1.
    pub fn new(batch_size: u8) -> Self {
        Self {
            batch_size: batch_size.max(1),
            hashes: vec![NUMS],
        }
    }

    /// Appends a message by its hash.
    pub fn push(&mut self, message_hash: Fr) {
        let next = poseidon::hash2(self.head(), message_hash);
        self.hashes.push(next);
    }

    /// How many messages the chain holds, the placeholder included.
    pub fn len(&self) -> u64 {
        self.hashes.len() as u64 - 1
    }

    /// Whether not even the placeholder has come.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The hash after all messages.
    pub fn head(&self) -> Fr {
        self.hashes.last().copied().unwrap_or(NUMS)
    }

    /// The hash after the first `count` messages, to find where two chains part.
    pub fn after(&self, count: u64) -> Option<Fr> {
        self.hashes.get(usize::try_from(count).ok()?).copied()
    }

    /// How many batches the messages fill, the last perhaps in part.
    pub fn batch_count(&self) -> u64 {
        batch_count(self.len(), self.batch_size)
    }

    /// What the contract's `batchHashes` holds while voting is open: the hash at the start and at
    /// the end of every full batch.
    pub fn batch_hashes(&self) -> Vec<Fr> {
        let size = usize::from(self.batch_size);
        self.hashes.iter().step_by(size).copied().collect()
    }

    /// What `batchHashes` holds after padding: the end of an unfilled last batch too.
    pub fn padded_batch_hashes(&self) -> Vec<Fr> {
        let mut hashes = self.batch_hashes();
        if !self.len().is_multiple_of(u64::from(self.batch_size)) {
            hashes.push(self.head());
        }
        hashes
    }
}
