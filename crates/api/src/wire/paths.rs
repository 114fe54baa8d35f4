//! Ids in paths. Digits are digits only, addresses are exact, and nothing is trimmed or decoded twice.

use maci_coordinator_core::{networks, service::KeyName};
use maci_protocol::{ChainId, PollId, PollRef};
use uuid::Uuid;

use super::rules::LARGEST;
use crate::problem::Problem;

/// A poll, by chain (name or number), MACI address and number.
///
/// # Errors
/// One text per part that is not as it should be.
pub(crate) fn poll_path(chain: &str, maci: &str, poll: &str) -> Result<PollRef, Problem> {
    let chain_id = chain_text(chain);
    let maci_address = maci.parse().map_err(|_| "maci must be an Ethereum address");
    let number = poll_text(poll);
    match (&chain_id, &maci_address, &number) {
        (Ok(chain), Ok(maci), Ok(poll)) => Ok(PollRef {
            chain: *chain,
            maci: *maci,
            poll: *poll,
        }),
        _ => {
            let complaints = [chain_id.err(), maci_address.err(), number.err()];
            Err(Problem::invalid(
                complaints.into_iter().flatten().map(str::to_owned).collect(),
            ))
        }
    }
}

/// A poll's number, as exact as clients of other languages can hold it.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn poll_text(text: &str) -> Result<PollId, &'static str> {
    let exact = text.parse().ok().filter(|poll: &PollId| poll.0 <= LARGEST);
    exact.ok_or("poll must be an integer number")
}

/// A chain, by its name or its number.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn chain_text(text: &str) -> Result<ChainId, &'static str> {
    networks::chain_named(text)
        .or_else(|| text.parse().ok())
        .ok_or("chain must be a chain's name or number")
}

/// A job's or schedule's id.
///
/// # Errors
/// When it is not a UUID in its usual form.
pub(crate) fn job_text(text: &str) -> Result<Uuid, Problem> {
    let refuse = || Problem::invalid(vec!["id must be a UUID".to_owned()]);
    let id = Uuid::try_parse(text).map_err(|_| refuse())?;
    if id.hyphenated().to_string().eq_ignore_ascii_case(text) {
        Ok(id)
    } else {
        Err(refuse())
    }
}

/// A coordinator key's name.
///
/// # Errors
/// When no key can have it.
pub(crate) fn key_name(text: &str) -> Result<KeyName, Problem> {
    text.parse()
        .map_err(|error| Problem::invalid(vec![format!("name is refused: {error}")]))
}
