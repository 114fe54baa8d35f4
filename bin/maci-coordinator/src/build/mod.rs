//! The service's parts, each made of its section of the settings. Making one is quick: it opens no key, compiles
//! nothing and asks nobody.
//!
//! - `storage`    the store
//! - `chains`     the chains
//! - `proving`    circuits, calculators, what proofs may take
//! - `senders`    who sends transactions
//! - `session_keys`   keys that owners of smart accounts allow something
//! - `keys`       the vault and the key that clients encrypt to
//! - `door`       who may come in, and how often
//! - `listener`   where the service listens
//! - `ipfs`       gateways, and those who pin
//! - `bitswap`    a node of our own that others fetch from
//! - `relayer`    votes from voters who pay no gas
//! - `doctor`     what is examined, and what the settings themselves have wrong

mod bitswap;
mod chains;
mod doctor;
mod door;
mod ipfs;
mod keys;
mod listener;
mod proving;
mod relayer;
mod senders;
mod session_keys;
mod storage;

pub(crate) use bitswap::companion;
pub(crate) use chains::{chains, listed, sending};
pub(crate) use doctor::{doubts, examination, port};
pub(crate) use door::door;
pub(crate) use ipfs::ipfs;
pub(crate) use keys::{transport, vault};
pub(crate) use listener::{figures, listener};
pub(crate) use proving::{available_memory, circuits, contracts, limits, modules, relayed, rounds};
pub(crate) use relayer::relayer;
pub(crate) use senders::senders;
use session_keys::session_keys;
pub(crate) use storage::store;
