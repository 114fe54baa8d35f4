//! Content that stays: published by its hash, served, kept elsewhere too, and read back from whoever has it.
//!
//! Everything here is named by what it is: whoever delivers a block, its hash says whether it is the right one. Start
//! reading at [`Ipfs`].
//!
//! - `block`      bytes and the identifier that follows from them
//! - `unixfs`     files and directories as blocks, as Helia and Kubo make them
//! - `reading`    files and directories out of blocks, whoever has them
//! - `car`        many blocks in one file
//! - `fetch`      blocks from gateways and nodes, hashed before they are believed
//! - `neighbour`  somebody who is asked for blocks by other means than HTTP
//! - `pin`        others who keep what we published
//! - `settings`   which gateways, which of those others
//! - `node`       all of it behind one handle
//! - `error`      what can fail

mod block;
mod car;
mod error;
mod fetch;
mod neighbour;
mod node;
mod pin;
mod reading;
mod settings;
mod unixfs;

pub use ::cid::Cid;
pub use block::{Block, Codec, NotTheBlock, cid_of, digest_of};
pub use car::{Car, CarError};
pub use error::IpfsError;
pub use fetch::{FetchError, Fetcher, Miss, Tried};
pub use maci_store::{Pin, PinCount, PinState};
pub use neighbour::Neighbour;
pub use node::{Ipfs, Published, ReadBack};
pub use reading::{BlockSource, Entity, ReadError, Resolved, entity, read_file, resolve, walk};
pub use settings::{BadHttpUrl, FetchLimits, HttpUrl, IpfsSettings, TargetKind, TargetSettings};
pub use unixfs::{Dag, ShapeError};
