//! Content this service has published by its hash, and where else it is kept.
//!
//! - `blocks`         the blocks, and the roots they hang from
//! - `pins`           a state for every root and target
//! - `publications`   the root of every poll's result

mod blocks;
mod pins;
mod publications;

pub use blocks::{Blocks, NewRoot};
pub use pins::{Pin, PinCount, PinState, Pins};
pub use publications::{Publication, Publications};
