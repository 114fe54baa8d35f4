//! What the coordinator does, as steps that may stop anywhere and start again.
//!
//! It is *not* an interface (that is above) and knows no outside thing itself (those are below): it puts the chain, the
//! store, the prover and the protocol together.
//!
//! Start reading at [`service`] (what can be asked of it) and [`finalise`] (what it is for).
//!
//! - [`senders`]    who sends transactions
//! - [`service`]    the facade that every interface calls
//! - [`jobs`]       work that outlives a process
//! - [`rounds`]     polls that finish themselves
//! - [`schedule`]   what happens at a time
//! - [`events`]     what happened
//! - [`doctor`]     what would keep all this from working
//! - [`deploy`]     what can be deployed, in the shape clients ask for it
//! - [`chains`]     the chains, connected when they are needed
//! - [`actor`]      who acts
//! - [`access`]     who may come in, and the record of who did what
//! - [`clock`]      what time it is
//! - [`ledger`]     a poll's history, copied from the chain and believed only when its hashes agree
//! - [`finalise`]   a closed poll to its result on chain
//! - [`ipfs`]       content that stays: published by its hash, pinned, fetched from whoever has it
//! - [`verify`]     a result against the chain, with no key and no trust
//! - [`publication`]   everything a result rests on, under one root
//! - [`relay`]      votes from voters who pay no gas, on their way to the chain
//! - [`progress`]   what is told meanwhile
//! - [`voter`]      what a voter does, for demonstrations and tests
//! - [`repeats`]    requests that come again
//! - [`networks`]   names of chains
//! - [`StoredIntents`], [`StoredOperations`]   the memory of senders and of smart accounts

pub mod access;
pub mod actor;
pub mod chains;
pub mod clock;
mod crash;
pub mod deploy;
pub mod doctor;
pub mod events;
pub mod finalise;
mod intents;
pub mod ipfs;
pub mod jobs;
pub mod ledger;
pub mod networks;
mod operations;
mod perform;
pub mod progress;
pub mod publication;
pub mod relay;
pub mod repeats;
pub mod rounds;
pub mod schedule;
pub mod senders;
pub mod service;
pub mod verify;
pub mod voter;

pub use intents::StoredIntents;
pub use operations::StoredOperations;
