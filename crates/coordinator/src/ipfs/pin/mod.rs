//! Others who keep what we published: each root is brought to each of them, however often it takes.
//!
//! - `keep`      what is due, attempt by attempt, with a state for every root and target
//! - `kubo`      a Kubo node, which gets every block from us
//! - `service`   a pinning service, which is told the root and fetches the blocks itself
//! - `error`     what can go wrong at a target

mod error;
mod keep;
mod kubo;
mod service;

pub(super) use error::PinError;
pub(super) use keep::{Outcome, Target, keep};
