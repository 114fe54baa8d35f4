//! A whole round, checked again from what was published of it and the chain: its history, every proof, every commitment,
//! the result.
//!
//! - `evidence`   the published files, from a folder, a CAR or whoever has them
//! - `facts`      what is fixed about the poll, and the keys that check its proofs
//! - `history`    the ledger, with the relayed messages that were published
//! - `proofs`     every proof, and that each goes on where the one before it ended
//! - `whole`      all of it, in order

mod evidence;
mod facts;
mod history;
mod proofs;
mod whole;

pub use evidence::{Evidence, EvidenceError};
pub use whole::verify_round;
