//! Everything that speaks to other machines: TCP, encrypted with Noise, shared with Yamux, and one protocol over it.
//!
//! - `address`   where nodes are
//! - `bounds`    how much of anything others may take
//! - `frame`     messages over a stream, within bounds
//! - `streams`   streams of our protocol, opened and taken
//! - `network`   the connections, and what else is said on them
//! - `driver`    the loop that owns all of it
//! - `attend`    one stream of somebody else's: their wants answered
//! - `wants`     what was asked of whom, and what came of it
//! - `peer`      somebody who is asked
//! - `start`     all of it behind one handle
//! - `error`     what can fail

mod address;
mod attend;
mod bounds;
mod driver;
mod error;
mod frame;
mod network;
mod peer;
mod start;
mod streams;
mod wants;

#[cfg(test)]
mod tests;

pub use address::{Address, BadAddress, PeerAddress};
pub use attend::Blocks;
pub use driver::Serving;
pub use error::{Miss, StartError};
pub use peer::Peer;
pub use start::{Node, NodeSettings};
