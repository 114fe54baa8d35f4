//! What a circuit says about one message, decided as the circuit decides it.
//!
//! - `keys`         shared keys and signatures, where the profiles differ on unusual points
//! - `transition`   which commands count, and what they change
//! - `unprovable`   messages for which a foreign circuit has no witness at all
//!
//! The rules, in the circuits' order. Let `n` be the number of state leaves and let the leaf, the
//! ballot and the vote of the option be those the command addresses, or index 0 where it addresses
//! none; `v` is that vote, `w` the new weight.
//!
//! 1. The message is opened with the shared key, without looking at padding or tag.
//! 2. Valid commands have `stateIndex < n`; a signature over the command's hash under the key **in
//!    the state leaf**; a nonce one above the ballot's; `voteOptionIndex < voteOptions`; and enough
//!    credits: QV `balance + v² ≥ w²`, NON_QV `balance + v ≥ w`, FULL `balance + v = w`. Hardened
//!    circuits also ask for an encryption key that may carry messages.
//! 3. A valid command replaces the leaf's key, even by a pair off the curve, pays, counts the
//!    nonce up and sets the one vote. Nothing else changes, in FULL polls neither.
//!
//! | | September | Release | Hardened |
//! |---|---|---|---|
//! | encryption key (0, 1) or (0, −1) | opened with (0, 1) | same | same |
//! | encryption key of order 4 or 8 | no witness | same | opened with (0, 1), invalid whatever it says |
//! | encryption key off the curve | opened with the ladder's product, or no witness | same | opened with (0, 1), invalid whatever it says |
//! | state key with x of its eightfold 0 | forgeable unless its x is 0 | signature invalid | same |
//! | state key or R8 off the curve | the blind formulas decide, or no witness | invalid, or no witness | invalid |
//! | QV, NON_QV: `balance + price of v` above `2^252 − 2` | no witness | same | not enough credits |
//!
//! An invalid message still opens the leaf, ballot and vote that its plaintext names.
//!
//! Sums of a balance and a price are taken in the field and compared as canonical integers. They
//! cannot wrap around in a poll: what a voter has left and what all its votes cost always add up
//! to what it joined with.

mod keys;
mod transition;
mod unprovable;

pub use keys::{encryption_key_counts, shared_key, signature_counts};
pub use transition::{Addressed, Checks, InvalidReason, PollRules, Verdict};
pub use unprovable::{NoWitness, UnprovableMessage};

#[cfg(test)]
mod tests;
