//! Blocks over Bitswap 1.2.0: a small IPFS node of our own that serves what was published here, and asks named peers for
//! what is missing.
//!
//! It is *not* an IPFS node like others: it answers for published blocks alone, keeps nothing for anybody, looks for
//! nothing on behalf of others, and announces nothing to a distributed table. Everybody may connect and ask, within
//! bounds; blocks are taken only from peers that were asked, and only those that were asked for.
//!
//! All of it is behind the feature `bitswap`, which brings libp2p; without it only the messages are here and nothing is
//! depended on that the other crates do not need. Start reading at [`Message`], then at `Node`.
//!
//! - `message`   what two nodes say to each other
//! - `wire`      numbers and fields as they are written
//! - `node`      everything that speaks to other machines

mod message;
mod wire;

#[cfg(feature = "bitswap")]
mod node;

pub use message::{Delivered, Kind, Message, MessageError, Presence, Want};

#[cfg(feature = "bitswap")]
pub use node::{Address, BadAddress, Blocks, Miss, Node, NodeSettings, Peer, PeerAddress, Serving, StartError};
