use std::time::Instant;

use maci_chain::reader::PollReader;
use maci_protocol::Remedy;
use maci_protocol::circuit::Profile;
use maci_protocol::ids::PollRef;
use maci_protocol::replay::{CoordinatorKey, finalise, unprovable_messages};
use maci_protocol::salts::DerivedSalts;
use maci_protocol::state::PollState;

use super::{DryRun, Warning};
use crate::finalise::{FinaliseError, PollKeys, history};
use crate::ledger::LedgerError;
use crate::perform::{Means, aside};
use crate::progress::Unwatched;
use crate::service::ServiceError;

/// Above this share of its voters a poll is nearly full, in percent.
const NEARLY_FULL: u64 = 90;

/// Reads a poll's history and works out its result as if it ended now. Nothing is proved and nothing sent.
///
/// # Errors
/// When the chain or the store fails. What stands in the way of the poll itself is no error but a warning.
pub(crate) async fn check(means: &Means, poll: PollRef) -> Result<DryRun, ServiceError> {
    let begun = Instant::now();
    let look = means.looks.now(poll).await?;
    let (reader, standing) = (&look.reader, &look.standing);
    let mut warnings = Vec::new();
    let (voters, capacity) = (standing.leaves.saturating_sub(1), capacity(reader));
    if voters.saturating_mul(100) >= capacity.saturating_mul(NEARLY_FULL) {
        warnings.push(Warning::VoterCapacity { voters, capacity });
    }
    let profile = match PollKeys::open(&means.parts.circuits, reader).await {
        Ok(keys) => keys.profile,
        Err(error) if error.remedy() == Remedy::Retry => return Err(error.into()),
        Err(error) => {
            let detail = error.to_string();
            warnings.push(Warning::Circuits { detail });
            means.parts.circuits.profile.unwrap_or(Profile::Hardened)
        }
    };
    let key = match means.coordinator_key(reader).await {
        Ok(key) => Some(key),
        Err(ServiceError::NoKey { public_key, .. }) => {
            warnings.push(Warning::CoordinatorKeyMissing { public_key });
            None
        }
        Err(ServiceError::Locked) => None,
        Err(error) => return Err(error),
    };
    let mut run = DryRun {
        poll,
        block: standing.at.number,
        profile,
        messages: standing.messages,
        leaves: standing.leaves,
        valid: None,
        process_batches: standing.messages.div_ceil(reader.config().message_batch_size().into()),
        tally_batches: standing
            .leaves
            .div_ceil(reader.config().depths().tally_batch_size() as u64),
        provable: false,
        millis: 0,
        warnings,
    };
    match state(means, reader).await? {
        Err(warning) => run.warnings.push(warning),
        Ok(state) => {
            run.process_batches = state.process_batch_count();
            run.tally_batches = state.tally_batch_count();
            if let Some(key) = key {
                let key = CoordinatorKey::new(key, reader.config()).map_err(FinaliseError::from)?;
                let (valid, unprovable) = aside(move || replay(&state, &key, profile)).await??;
                run.valid = valid;
                run.warnings.extend(unprovable);
            }
        }
    }
    run.provable = run
        .warnings
        .iter()
        .all(|warning| matches!(warning, Warning::VoterCapacity { .. }));
    run.millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(run)
}

/// Voters a poll's tree has room for; one leaf is the blank one.
pub(crate) fn capacity(reader: &PollReader) -> u64 {
    reader.config().depths().state_leaf_capacity().saturating_sub(1)
}

/// The poll's state from its believed history, or what keeps the history from being believed.
async fn state(means: &Means, reader: &PollReader) -> Result<Result<PollState, Warning>, ServiceError> {
    let poll = reader.config().poll();
    let follow = means.follow(poll, None).await?;
    let (store, relayed) = (&means.parts.store, means.parts.relayed.as_ref());
    match history(reader, store, follow, relayed, &Unwatched).await {
        Ok(state) => Ok(Ok(state)),
        Err(FinaliseError::Ledger(LedgerError::Disagrees(found))) => Ok(Err(Warning::BatchHashesBroken {
            detail: found.to_string(),
        })),
        Err(FinaliseError::Ledger(error @ (LedgerError::MissingBatch { .. } | LedgerError::BadBatch { .. }))) => {
            Ok(Err(Warning::RelayedMessagesMissing {
                detail: error.to_string(),
            }))
        }
        Err(error) => Err(error.into()),
    }
}

/// How many messages count, and which cannot be proved.
fn replay(
    state: &PollState,
    key: &CoordinatorKey,
    profile: Profile,
) -> Result<(Option<u64>, Vec<Warning>), ServiceError> {
    let unprovable = unprovable_messages(state, key, profile).map_err(FinaliseError::from)?;
    if !unprovable.is_empty() {
        let warnings = unprovable.into_iter().map(|one| Warning::UnprovableMessage {
            message: one.index,
            reason: one.reason.to_string(),
        });
        return Ok((None, warnings.collect()));
    }
    let salts = DerivedSalts::new(key.private_key(), state.config().poll());
    let plan = finalise(state, key, profile, &salts).map_err(FinaliseError::from)?;
    let verdicts = plan.process.iter().flat_map(|batch| &batch.verdicts);
    let valid = verdicts.filter(|judged| judged.verdict.is_valid()).count() as u64;
    Ok((Some(valid), Vec::new()))
}
