//! Interfaces over the coordinator.
//!
//! - [`problem`]   what a client is told when something is not done
//! - [`wire`]      bodies, answers and ids on the wire
//! - `rest`        the routes
//! - `openapi`     their description
//! - [`server`]    the listener: HTTP, HTTPS, limits, an orderly stop
//! - [`metrics`]   figures for Prometheus

pub mod metrics;
mod openapi;
pub mod problem;
mod rest;
pub mod server;
pub mod wire;
