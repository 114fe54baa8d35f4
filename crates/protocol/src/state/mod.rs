//! A poll's state as its events make it, before anything is decrypted.
//!
//! - `event`   what can happen in a poll
//! - `poll`    the state: leaves, messages, chain and trees, followed event by event

mod event;

pub use event::PollEvent;
