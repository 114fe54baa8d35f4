//! Coordinators' keys, which open votes: one per poll by default, so that no message can be
//! replayed from one poll into another.
//!
//! - `key`      an opened key
//! - `keys`     a folder of sealed ones
//! - `samples`  keys that everybody knows

mod key;
mod keys;
mod samples;

pub use key::CoordinatorKey;
pub use keys::{CoordinatorKeys, KeyList, KnownKey};
