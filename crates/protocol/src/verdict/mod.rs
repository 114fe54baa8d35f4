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
//!    credits: QV `balance + v² ≥ w²`, NON_QV `balance + v ≥ w`, FULL `balance + v = w`.
//! 3. A valid command replaces the leaf's key, even by a pair off the curve, pays, counts the
//!    nonce up and sets the one vote. Nothing else changes, in FULL polls neither.
//!
//! | | September | Release | Hardened |
//! |---|---|---|---|
//! | encryption key off the curve | the ladder's product, or no witness | same | shared key (0, 1) |
//! | encryption key of order 4 or 8 | no witness | same | shared key (0, 1) |
//! | encryption key with x = 0 | shared key (0, 1) | same | same |
//! | state key with x of its eightfold 0 | forgeable unless its x is 0 | signature invalid | same |
//! | state key or R8 off the curve | the blind formulas decide, or no witness | invalid, or no witness | invalid |
//! | QV, NON_QV: `balance + price of v` above `2^252 − 2` | no witness | same | ordinary |
//!
//! The sum of a balance and the price of one vote never reaches the field's order in a poll: what
//! a voter has left and what all its votes cost always add up to what it joined with. A Hardened
//! circuit therefore compares the field element `balance + price of v`, read as its canonical
//! integer, with the price of `w`; there is no wrap-around to tell apart.

mod keys;
mod transition;
mod unprovable;

pub use keys::{shared_key, signature_counts};
pub use transition::{Addressed, InvalidReason, PollRules, Verdict};
pub use unprovable::{NoWitness, UnprovableMessage};

#[cfg(test)]
mod tests;
