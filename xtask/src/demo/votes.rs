//! Who votes what, and what it must come to.

use crate::round::Vote;

/// How many vote.
pub(crate) const VOTERS: usize = 3;

const fn vote(voter: usize, nonce: u64, option: u64, weight: u64) -> Vote {
    Vote {
        voter,
        nonce,
        option,
        weight,
    }
}

/// Who hands votes in without gas; the others publish on chain.
pub(crate) const WITHOUT_GAS: usize = 1;

/// The votes, in the order they are published. A voter's last published vote has nonce 1 and is counted first.
///
/// Ann gives option 0 nine votes, then option 3 four, then takes option 0 back to two; Bob splits his credits; Cy asks for more than he
/// has (11² > 100), which changes nothing.
pub(crate) const VOTES: [Vote; 6] = [
    vote(0, 3, 0, 2),
    vote(0, 2, 3, 4),
    vote(0, 1, 0, 9),
    vote(1, 2, 1, 6),
    vote(1, 1, 2, 8),
    vote(2, 1, 4, 11),
];

/// What the votes come to, option by option.
pub(crate) const RESULTS: [u64; 5] = [2, 6, 8, 4, 0];
