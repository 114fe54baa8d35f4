//! Interfaces over the coordinator.
//!
//! - [`problem`]   what a client is told when something is not done
//! - [`wire`]      bodies, answers and ids on the wire
//! - `rest`        the routes
//! - `openapi`     their description

mod openapi;
pub mod problem;
mod rest;
pub mod wire;
