//! A node in between: forwards JSON-RPC to a real one, counts calls, and fails the way real providers do when told to.
//!
//! - `fault`    the ways to fail, and when
//! - `server`   the HTTP side
//! - `relay`    one request through the faults to the node and back
//! - `rewrite`  what a stale or lying node answers
//! - `tally`    counts of calls and faults
mod fault;
mod relay;
mod rewrite;
mod server;
mod tally;

pub use fault::{Fault, Rule};
pub use server::RpcProxy;
