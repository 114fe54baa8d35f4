//! A poll written down as intentions: played by real clients on a real chain, and counted by the rules alone.
//!
//! - `intent`   a message as its author meant it
//! - `count`    what the messages must come to
//! - `play`     the same messages, signed, encrypted and published
//! - `poll`     the script: who joins, who says what
mod count;
mod intent;
mod play;
mod poll;

pub use count::IndependentCount;
pub use intent::{Craft, Intent, LOW_ORDER_KEYS, POISONED_KEY, Point};
pub use play::{Joining, Stage};
pub use poll::{Mode, Script};
