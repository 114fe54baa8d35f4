//! A poll's history: copied from the chain, turned into events, and believed only when the contract's hashes agree.
//!
//! - `follow`    brings the stored copy up to the chain, around reorganisations
//! - `events`    what the logs say happened, in order
//! - `relayed`   where the messages behind a relayed batch's hash are found
//! - `agree`     the poll's state against the contract's own figures
//! - `error`     what can go wrong, and who acts then

mod agree;
mod error;
mod events;
mod follow;
mod relayed;

pub use agree::{Disagreement, agree};
pub use error::LedgerError;
pub use events::{Placed, placed_events};
pub use follow::{Follow, Ledger};
pub use relayed::{FirstOf, Gathered, NoRelayedBatches, RelayedBatches, RelayedFolder};
