//! Where a poll stands, derived from the chain alone.

use std::fmt;

/// What the chain says of a poll at one block: the facts that decide what is next, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Timestamp of the block these facts were read at, in Unix seconds.
    pub now: u64,
    /// The poll's end date, in Unix seconds; voting is still possible in a block with exactly this timestamp.
    pub ends_at: u64,
    /// Whether `mergeState` has been called.
    pub merged: bool,
    /// Messages of the poll, the placeholder included.
    pub messages: u64,
    /// Leaves of the poll's state tree, the blank one included.
    pub leaves: u64,
    /// Messages in a batch.
    pub message_batch_size: u32,
    /// Ballots in a tally batch.
    pub tally_batch_size: u32,
    /// Message batches whose proofs the contract has accepted.
    pub batches_processed: u32,
    /// Whether the contract takes no further message batch.
    pub processing_complete: bool,
    /// Ballot batches whose proofs the contract has accepted.
    pub batches_tallied: u32,
    /// For each vote option of the poll, whether its result is on chain.
    pub results_set: Vec<bool>,
}

/// The one thing to do next for a poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Votes may still come; nothing can be done before `until` (Unix seconds).
    Voting {
        /// First moment at which merging is safe.
        until: u64,
    },
    /// The poll is over and its state tree has to be merged.
    Merging,
    /// Message batches have to be proved, from the last to the first.
    Processing(Batches),
    /// Ballot batches have to be proved, from the first to the last.
    Tallying(Batches),
    /// The results of these vote options have to be added.
    Publishing {
        /// Indices of vote options without a result on chain, ascending.
        missing: Vec<u32>,
    },
    /// Everything is on chain.
    Final,
}

/// How far a run of batches has come. Proof number `done` is the next to submit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batches {
    /// Proofs accepted by the contract.
    pub done: u32,
    /// Proofs needed in all.
    pub total: u32,
}

/// The contract reports figures that no poll can reach.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// More batches accepted than there are.
    #[error(
        "the contract reports {done} accepted {what} batches out of {total}; the endpoint's answers do not belong together, ask another one"
    )]
    TooMany {
        /// `message` or `ballot`.
        what: &'static str,
        /// As reported.
        done: u32,
        /// As it follows from the counts.
        total: u32,
    },
    /// Work done before its time.
    #[error("the contract reports {0}; the endpoint's answers do not belong together, ask another one")]
    OutOfOrder(&'static str),
    /// A batch size of zero.
    #[error("the poll has a {0} batch size of zero and can never be finalised")]
    NoBatchSize(&'static str),
}

impl Stage {
    /// The stage that follows from what was seen.
    ///
    /// `margin` is the wait, in seconds, between the end of voting and merging. It is never less than one second: in a
    /// block whose timestamp is the end date itself a vote can still follow the merge, and the poll would be lost.
    pub fn of(seen: &Seen, margin: u64) -> Result<Self, Impossible> {
        let message_batches = batches("message", seen.messages, seen.message_batch_size)?;
        let ballot_batches = batches("ballot", seen.leaves, seen.tally_batch_size)?;
        if !seen.merged {
            if seen.batches_processed > 0 {
                return Err(Impossible::OutOfOrder("processed batches of a poll that is not merged"));
            }
            let until = seen.ends_at.saturating_add(margin.max(1));
            return Ok(if seen.now < until {
                Self::Voting { until }
            } else {
                Self::Merging
            });
        }
        if !seen.processing_complete {
            return ahead("message", seen.batches_processed, message_batches).map(Self::Processing);
        }
        if seen.batches_tallied < ballot_batches {
            return ahead("ballot", seen.batches_tallied, ballot_batches).map(Self::Tallying);
        }
        let missing: Vec<u32> = (0u32..)
            .zip(&seen.results_set)
            .filter(|(_, set)| !**set)
            .map(|(i, _)| i)
            .collect();
        Ok(if missing.is_empty() {
            Self::Final
        } else {
            Self::Publishing { missing }
        })
    }
}

impl Stage {
    /// Whether proofs are still to be made, now or after the next step.
    #[must_use]
    pub const fn needs_proofs(&self) -> bool {
        match self {
            Self::Merging | Self::Processing(_) | Self::Tallying(_) => true,
            Self::Voting { .. } | Self::Publishing { .. } | Self::Final => false,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Voting { until } => write!(f, "voting, until {until}"),
            Self::Merging => write!(f, "merging"),
            Self::Processing(b) => write!(f, "processing, {} of {} message batches done", b.done, b.total),
            Self::Tallying(b) => write!(f, "tallying, {} of {} ballot batches done", b.done, b.total),
            Self::Publishing { missing } => write!(f, "publishing, {} results to add", missing.len()),
            Self::Final => write!(f, "final"),
        }
    }
}

fn batches(what: &'static str, items: u64, size: u32) -> Result<u32, Impossible> {
    if size == 0 {
        return Err(Impossible::NoBatchSize(what));
    }
    u32::try_from(items.div_ceil(u64::from(size))).map_err(|_| Impossible::TooMany {
        what,
        done: 0,
        total: u32::MAX,
    })
}

fn ahead(what: &'static str, done: u32, total: u32) -> Result<Batches, Impossible> {
    if done < total {
        Ok(Batches { done, total })
    } else {
        Err(Impossible::TooMany { what, done, total })
    }
}

#[cfg(test)]
mod tests;
