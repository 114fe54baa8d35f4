use maci_crypto::Fr;

use super::opening::{Opened, open_all};
use super::process::{Processor, Progress, Ready};
use super::tally::tally_batches;
use super::trees::Trees;
use super::working_state::{WorkingState, judge_all};
use super::{CoordinatorKey, FinalState, ProcessBatch, ReplayError, TallyBatch, WrongCoordinatorKey};
use crate::circuit::Profile;
use crate::ids::MessageIndex;
use crate::salts::Salts;
use crate::state::PollState;
use crate::tally::Tally;
use crate::verdict::{NoWitness, PollRules, UnprovableMessage};

/// Everything that is proven about a poll, and its result.
#[derive(Debug)]
pub struct Finalisation {
    /// Whose circuits prove it.
    pub profile: Profile,
    /// Message batches in proving order: proof number k is batch `T − k` of `T`.
    pub process: Vec<ProcessBatch>,
    /// Ballot batches in proving order.
    pub tally: Vec<TallyBatch>,
    /// Leaves and ballots when all messages are processed.
    pub final_state: FinalState,
    /// The result.
    pub result: Tally,
}

/// Makes all batches of a poll whose voting is over, and its result.
///
/// # Errors
/// When the key is not the poll's, when there are no events yet, and when a foreign profile's
/// circuits have no witness for some messages.
pub fn finalise(
    state: &PollState,
    key: &CoordinatorKey,
    profile: Profile,
    salts: &dyn Salts,
) -> Result<Finalisation, ReplayError> {
    let config = state.config();
    key.expect_key_of(config)?;
    if state.messages().is_empty() {
        return Err(ReplayError::NoMessages { poll: config.poll() });
    }
    let rules = rules(state, profile);
    let opened = open_all(state.messages(), key.secret_scalar(), &rules, state.leaves());
    let judged = judge_all(state.leaves(), &rules, &opened);
    let unprovable = unprovable(state, judged.iter().map(|judged| judged.as_ref().err()));
    if let Some(first) = unprovable.first().copied() {
        return Err(ReplayError::Unprovable {
            profile,
            first,
            messages: unprovable,
        });
    }

    let ready: Vec<Ready<'_>> = state
        .messages()
        .iter()
        .zip(&opened)
        .zip(&judged)
        .filter_map(|((message, opened), judged)| {
            let Opened { signed, .. } = opened.as_ref().ok()?;
            Some(Ready {
                message,
                command: &signed.command,
                judged: *judged.as_ref().ok()?,
            })
        })
        .collect();
    let mut progress = Progress {
        state: WorkingState::new(state.leaves()),
        trees: Trees::new(config.depths(), state.leaves())?,
        sb_salt: Fr::from(0u64),
    };
    let processor = Processor {
        config,
        chain: state.chain(),
        key,
        rules,
        salts,
    };
    let process = processor.run(&ready, &mut progress)?;
    let (tally, result) = tally_batches(config, state.chain().head(), salts, &progress)?;
    Ok(Finalisation {
        profile,
        process,
        tally,
        final_state: progress.into(),
        result,
    })
}

/// The messages for which a foreign profile's circuits have no witness, in order of publication.
///
/// Cheaper than [`finalise`], and it may run while voting is open: a message found for its
/// encryption key stays unprovable whatever follows; one found for a leaf's key or balance may
/// not, because messages are processed from the last to the first.
///
/// # Errors
/// When the key is not the poll's.
pub fn unprovable_messages(
    state: &PollState,
    key: &CoordinatorKey,
    profile: Profile,
) -> Result<Vec<UnprovableMessage>, WrongCoordinatorKey> {
    key.expect_key_of(state.config())?;
    let rules = rules(state, profile);
    let opened = open_all(state.messages(), key.secret_scalar(), &rules, state.leaves());
    let judged = judge_all(state.leaves(), &rules, &opened);
    Ok(unprovable(state, judged.iter().map(|judged| judged.as_ref().err())))
}

fn unprovable<'a>(state: &PollState, reasons: impl Iterator<Item = Option<&'a NoWitness>>) -> Vec<UnprovableMessage> {
    let poll = state.config().poll();
    let indexed = (0..).map(MessageIndex).zip(reasons);
    let found = indexed.filter_map(|(index, reason)| {
        Some(UnprovableMessage {
            poll,
            index,
            reason: *reason?,
        })
    });
    found.collect()
}

fn rules(state: &PollState, profile: Profile) -> PollRules {
    PollRules {
        profile,
        mode: state.config().mode(),
        vote_options: state.config().vote_options(),
        state_leaves: state.leaves().len() as u64,
    }
}
