//! The random-looking values of a finalisation, none of which is drawn.
//!
//! Commitments hide what they commit to behind a salt. Deriving the salts from the coordinator's
//! key and from what has happened in the poll makes finalisation a function: any batch can be made
//! again, on any machine, with the same commitments.
//!
//! - `slot`       where a salt is needed
//! - `derived`    salts from the coordinator's key
//! - `injected`   salts that another tool has already used

mod derived;
mod injected;
mod slot;

pub use derived::DerivedSalts;
pub use injected::{InjectedSalts, MissingSalt};
pub use slot::{SaltRole, SaltSlot, Salts};

#[cfg(test)]
mod tests;
