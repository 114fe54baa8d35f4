//! Our side of the chain against the official contracts on a real one.

mod deploying;
mod failing;
mod reading;
mod sending;
mod stage;
