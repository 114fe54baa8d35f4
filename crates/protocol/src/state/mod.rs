//! A poll's state as its events make it, before anything is decrypted.
//!
//! - `event`   what can happen in a poll
//! - `poll`    the state: leaves, messages, chain and tree, followed event by event

mod event;
mod poll;

pub use event::PollEvent;
pub use poll::{AbsorbError, PollState};

#[cfg(test)]
mod tests;
