//! Interfaces over the coordinator's service: thin, and nothing is decided in them.
//!
//! Start reading at [`router`].
//!
//! - [`ApiState`]   what routes and sockets stand on
//! - `rest`         the routes
//! - `events`       server-sent events
//! - `gateway`      what was published, by its hash
//! - `openapi`      their description
//! - `socketio`     the same over Socket.IO
//! - [`auth`]       who is calling: one door in front of all of them
//! - [`limits`]     how often, and from which pages
//! - [`problem`]    what a client is told when something is not done
//! - [`wire`]       bodies, answers and ids on the wire
//! - [`server`]     the listener: HTTP, HTTPS, limits, an orderly stop
//! - [`metrics`]    figures for Prometheus
//! - [`operations`]   probes, the doctor, the page of figures

pub mod auth;
mod events;
mod gateway;
pub mod limits;
pub mod metrics;
mod openapi;
pub mod operations;
pub mod problem;
mod rest;
mod router;
pub mod server;
mod socketio;
mod state;
pub mod wire;

pub use router::{document, router};
pub use state::ApiState;
