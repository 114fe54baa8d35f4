use std::ops::Range;

use maci_crypto::Fr;
use maci_crypto::trees::TreeError;

use super::CoordinatorKey;
use super::trees::Trees;
use super::working_state::{Judged, WorkingState};
use crate::ids::{MessageIndex, StateIndex};
use crate::poll::PollConfig;
use crate::salts::{SaltRole, SaltSlot, Salts};
use crate::statement::{ProcessPrivate, ProcessPublic, ProcessStatement, Slot, sb_commitment};
use crate::verdict::{PollRules, Verdict};
use crate::vote::{Command, Message, MessageChain, batch_range};

/// One batch of messages, ready to be proven.
#[derive(Debug, Clone)]
pub struct ProcessBatch {
    /// The proof's number, from 0 in proving order.
    pub number: u64,
    /// The contracts' number of the batch, from 1 in order of publication; the last is proven first.
    pub batch: u64,
    /// What is proven.
    pub statement: ProcessStatement,
    /// What became of the batch's messages, in processing order: the last one first.
    pub verdicts: Vec<JudgedMessage>,
    /// Root of the state tree after the batch.
    pub state_root_after: Fr,
    /// Root of the ballot tree after the batch.
    pub ballot_root_after: Fr,
}

/// A message and what the circuit says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedMessage {
    /// Which message.
    pub index: MessageIndex,
    /// What the circuit says.
    pub verdict: Verdict,
}

/// A message with everything that was found out about it.
pub(super) struct Ready<'a> {
    pub(super) message: &'a Message,
    pub(super) command: &'a Command,
    pub(super) judged: Judged,
}

/// What stays the same from batch to batch.
pub(super) struct Processor<'a> {
    pub(super) config: &'a PollConfig,
    pub(super) chain: &'a MessageChain,
    pub(super) key: &'a CoordinatorKey,
    pub(super) rules: PollRules,
    pub(super) salts: &'a dyn Salts,
}

/// What a batch finds and what it leaves.
pub(super) struct Progress {
    pub(super) state: WorkingState,
    pub(super) trees: Trees,
    pub(super) sb_salt: Fr,
}

impl Processor<'_> {
    /// Runs all batches, the last one first; `ready` is in order of publication.
    pub(super) fn run(&self, ready: &[Ready<'_>], progress: &mut Progress) -> Result<Vec<ProcessBatch>, TreeError> {
        let hashes = self.chain.padded_batch_hashes();
        // Batch b leads from hash b − 1 to hash b.
        let ends: Vec<(u64, &[Fr])> = (1..).zip(hashes.windows(2)).collect();
        let mut batches = Vec::with_capacity(ends.len());
        for (number, (batch, ends)) in (0..).zip(ends.into_iter().rev()) {
            if let [input, output] = *ends {
                batches.push(self.batch(number, batch, [input, output], ready, progress)?);
            }
        }
        Ok(batches)
    }

    fn batch(
        &self,
        number: u64,
        batch: u64,
        [input_batch_hash, output_batch_hash]: [Fr; 2],
        ready: &[Ready<'_>],
        progress: &mut Progress,
    ) -> Result<ProcessBatch, TreeError> {
        let at = |role| SaltSlot {
            role,
            batch,
            chain_hash: output_batch_hash,
        };
        let range = batch_range(batch, self.chain.len(), self.config.message_batch_size());
        let (current_state_root, current_ballot_root) = progress.trees.roots();
        let current_sb_salt = progress.sb_salt;

        let mut slots = self.padding(&range, &at(SaltRole::PaddingKey), progress)?;
        let mut verdicts = Vec::new();
        for (index, ready) in in_batch(&range, ready).rev() {
            slots.push(progress.process(ready)?);
            verdicts.push(JudgedMessage {
                index,
                verdict: ready.judged.verdict,
            });
        }
        slots.reverse();

        let new_sb_salt = self.salts.salt(&at(SaltRole::StateAndBallots));
        progress.sb_salt = new_sb_salt;
        let (state_root_after, ballot_root_after) = progress.trees.roots();
        let public = ProcessPublic {
            total_signups: self.rules.state_leaves,
            output_batch_hash,
            actual_state_tree_depth: progress.trees.filled_depth(),
            coordinator_public_key_hash: self.key.public_key().hash(),
            vote_options: self.rules.vote_options,
            current_sb_commitment: sb_commitment(current_state_root, current_ballot_root, current_sb_salt),
            new_sb_commitment: sb_commitment(state_root_after, ballot_root_after, new_sb_salt),
            index: range.start,
            batch_end_index: range.end,
        };
        let private = ProcessPrivate {
            input_batch_hash,
            coordinator_private_key: self.key.secret_scalar().clone(),
            current_state_root,
            current_ballot_root,
            current_sb_salt,
            new_sb_salt,
            slots,
        };
        let statement = ProcessStatement {
            mode: self.rules.mode,
            state_tree_depth: self.config.depths().state_tree(),
            message_batch_size: self.config.message_batch_size(),
            vote_option_tree_depth: self.config.depths().vote_option_tree(),
            public,
            private,
        };
        Ok(ProcessBatch {
            number,
            batch,
            statement,
            verdicts,
            state_root_after,
            ballot_root_after,
        })
    }

    /// The slots beyond the batch's last message, all alike: a message that addresses leaf 0.
    fn padding(&self, range: &Range<u64>, at: &SaltSlot, progress: &Progress) -> Result<Vec<Slot>, TreeError> {
        let messages = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        let missing = usize::from(self.config.message_batch_size()).saturating_sub(messages);
        if missing == 0 {
            return Ok(Vec::new());
        }
        let message = self.padding_message(at);
        Ok(vec![progress.trees.open(&progress.state, &message, 0, 0)?; missing])
    }

    /// A command for leaf 0, signed with a key that leaf 0 does not have.
    fn padding_message(&self, at: &SaltSlot) -> Message {
        let one_time = self.salts.padding_key(at);
        let command = Command {
            state_index: StateIndex(0),
            new_public_key: one_time.public_key().point(),
            vote_option_index: 0,
            new_vote_weight: 0,
            nonce: 0,
            poll_id: 0,
            salt: Fr::from(0u64),
        };
        let sealed = command
            .sign(&one_time)
            .and_then(|signed| signed.encrypt(&one_time, self.key.public_key()));
        // Zeros fit a command's fields, so there is always a padding message; the placeholder, which
        // nobody has signed either, would serve as well.
        sealed.unwrap_or_else(|_| Message::placeholder())
    }
}

impl Progress {
    /// Shows what a message finds, and does what it says if it counts.
    fn process(&mut self, ready: &Ready<'_>) -> Result<Slot, TreeError> {
        let Judged { leaf, option, .. } = ready.judged;
        let slot = self.trees.open(&self.state, ready.message, leaf, option)?;
        if self.state.apply(ready.command, &ready.judged) {
            self.trees.follow(&self.state, leaf, option)?;
        }
        Ok(slot)
    }
}

fn in_batch<'a, 'b>(
    range: &Range<u64>,
    ready: &'a [Ready<'b>],
) -> impl DoubleEndedIterator<Item = (MessageIndex, &'a Ready<'b>)> {
    let place = |index| usize::try_from(index).unwrap_or(usize::MAX);
    let messages = ready.get(place(range.start)..place(range.end)).unwrap_or_default();
    let indices: Vec<_> = range.clone().map(MessageIndex).collect();
    indices.into_iter().zip(messages)
}
