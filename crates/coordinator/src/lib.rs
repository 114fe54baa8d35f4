//! What the coordinator does, as steps that may stop anywhere and start again.
//!
//! It is *not* an interface (that is above) and knows no outside thing itself (those are below): it puts the chain, the
//! store, the prover and the protocol together.
//!
//! Start reading at [`finalise`].
//!
//! - [`ledger`]     a poll's history, copied from the chain and believed only when its hashes agree
//! - [`finalise`]   a closed poll to its result on chain
//! - [`verify`]     a result against the chain, with no key and no trust
//! - [`progress`]   what is told meanwhile
//! - [`voter`]      what a voter does, for demonstrations and tests
//! - [`networks`]   names of chains
//! - [`StoredIntents`]   the sender's memory

mod crash;
pub mod finalise;
mod intents;
pub mod ledger;
pub mod networks;
pub mod progress;
pub mod verify;
pub mod voter;

pub use intents::StoredIntents;
