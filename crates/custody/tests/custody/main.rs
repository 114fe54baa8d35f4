//! Custody as its callers use it, on a real disk.

mod coordinator;
mod passphrase;
mod sender;
