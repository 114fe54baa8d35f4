//! What a poll is before anything happens in it.
//!
//! - `mode`     how votes are paid for
//! - `depths`   how large its trees are
//! - `config`   all of its parameters, checked

mod config;
mod depths;
mod mode;

pub use config::{ConfigError, PollConfig, PollParameters};
pub use depths::{DepthError, TreeDepths};
pub use mode::{Mode, UnknownMode};
