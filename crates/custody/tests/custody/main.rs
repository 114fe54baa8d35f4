//! Custody as its callers use it, on a real disk.

#![expect(clippy::unwrap_used, reason = "a test may panic anywhere")]

mod coordinator;
mod elsewhere;
mod passphrase;
mod peer;
mod sender;
mod transport;
mod vault;
