//! The chain: the official MACI contracts, what they recorded, and transactions to them.
//!
//! - `rpc`         one chain behind one or several endpoints
//! - `contracts`   bindings, and which generation a contract is of
//! - `artifacts`   compiled contracts from the pinned package, linked here
//! - `deploy`      MACI, polls and verifying keys, resumable
//! - `reader`      where a poll stands
//! - `finalising`  the calls that bring a poll to its result
//! - `relaying`    the calls that put relayed messages on chain
//! - `logs`        the history of contracts, whole and in order
//! - `account`    smart accounts that act by a session key, ERC-4337
//! - `send`        transactions that survive crashes and are sent once
//!
//! It holds no keys and no database: signing is a wallet's, remembering is behind
//! [`send::IntentLog`]. Start reading at [`reader::PollReader`].

pub mod account;
pub mod artifacts;
pub mod contracts;
pub mod deploy;
pub mod finalising;
pub mod logs;
pub mod reader;
pub mod relaying;
pub mod rpc;
pub mod send;
pub mod words;

pub use maci_protocol::Remedy;
