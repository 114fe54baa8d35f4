//! What a whole round on a local chain takes.
//!
//! - `chain`         anvil, for as long as the round lasts
//! - `coordinator`   our binary, as an operator would call it
//! - `clients`       the official client library, as voters and checkers use it
mod chain;
mod clients;
mod coordinator;

pub(crate) use self::{
    chain::Chain,
    clients::{Clients, Joining, Vote},
    coordinator::{Coordinator, Size},
};
