//! What a whole round on a local chain takes.
//!
//! - `chain`         anvil, for as long as the round lasts
//! - `coordinator`   our binary, as an operator would call it
//! - `clients`       the official client library, as voters and checkers use it
//! - `service`       the running service, and the operator's program that calls its API
//! - `bodies`        what that program sends to deploy
mod bodies;
mod chain;
mod clients;
mod coordinator;
mod service;

pub(crate) use self::{
    chain::Chain,
    clients::{Clients, Joining, Vote},
    coordinator::{Coordinator, Size},
    service::{Operator, Service},
};
