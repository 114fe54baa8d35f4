//! What tests stand on: the real things, made easy to start, to break and to count.
//!
//! - [`accounts`]  what smart accounts need: their contracts, and a bundler
//! - [`anvil`]     a local chain on a free port, with its clock and its forks in the test's hands
//! - [`postgres`]  a database server that ends with the test
//! - [`clients`]   voters who use the official JavaScript libraries
//! - [`proxy`]     a node in between that fails the way real ones do, and counts calls
//! - [`explorer`]  an explorer that compiles sources again and compares
//! - [`crash`]     a process that dies where it is told to, again and again, until it is done
//! - [`signers`]   stand-ins for services that keep keys
//! - [`wallet`]    an Ethereum account that signs what a browser's wallet would
//! - [`batches`]   a wallet that takes several calls at once, or only some of them
//! - [`script`]    polls written down: played by those voters, and counted by the rules alone
//! - [`schemathesis`]   requests made from an OpenAPI document
//! - [`moto`]      a bucket as Amazon has them
//! - [`python`]    what the last two are installed with
//! - `absent`      a program that this machine lacks
//! - [`places`]    where the set-up put the programs these need
//!
//! It is not a place for fakes of our own code, and it depends on none of our crates, so that every one of them
//! can use it in its tests. A thing the set-up should have installed and did not is an error that names the command. Only
//! what it may not install everywhere (PostgreSQL, Pebble, what needs Python) is left out where it is absent, and on CI not
//! even that.
mod absent;
pub mod accounts;
pub mod anvil;
pub mod batches;
pub mod clients;
pub mod crash;
pub mod explorer;
pub mod moto;
pub mod places;
pub mod postgres;
pub mod proxy;
pub mod python;
mod rpc;
pub mod schemathesis;
pub mod script;
pub mod signers;
pub mod wallet;

pub use absent::Absent;
pub use anvil::Anvil;
pub use clients::{Clients, Helia, HeliaPeer};
pub use explorer::SourceExplorer;
pub use moto::Moto;
pub use places::Missing;
pub use postgres::Postgres;
pub use proxy::RpcProxy;
pub use rpc::{Rpc, RpcError};
pub use script::Script;
pub use wallet::Wallet;
