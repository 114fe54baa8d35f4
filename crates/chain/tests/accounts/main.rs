//! Smart accounts acting by session keys, on a chain with the real EntryPoint and Kernel, with and without a bundler.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod bundled;
mod dying;
mod own;
mod published;
mod sponsors;
mod stage;
