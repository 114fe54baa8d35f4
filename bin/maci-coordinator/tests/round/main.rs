//! Whole rounds on a real chain: official contracts, votes by the official client, our binary.
//!
//! - `operator`   our binary as an operator calls it
//! - `venue`      a chain with MACI and a poll on it, and voters in it
//! - `modes`      all three voting modes come to the independent count
//! - `sizes`      polls of the sizes at which counting goes wrong
//! - `site`       a chain with nothing on it, and descriptions to bring about there
//! - `deploying`  descriptions brought about, once, or refused
//! - `policies`   every policy, killed at every step of its deployment
//! - `explorers`  sources shown to explorers that compile them again
//! - `crashes`    killed after every durable step, and at random
//! - `foreign`    batches that another tool has put on chain
//! - `official`   proving keys in the layout of upstream's archives, under their own profile
//! - `faults`     a chain whose node fails in every way
//! - `refusals`   what cannot be done is said, and nothing is lost by it
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod crashes;
mod deploying;
mod explorers;
mod faults;
mod foreign;
mod modes;
mod official;
mod operator;
mod policies;
mod refusals;
mod site;
mod sizes;
mod venue;
