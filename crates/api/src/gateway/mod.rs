//! What this service has published, by its hash: a trustless gateway at `/ipfs`.
//!
//! It answers for what was published here and nothing else, to everybody. Clients that check hashes ask for blocks
//! (`?format=raw`) or for many of them (`?format=car`); browsers and clients that do not get files as they are.
//!
//! - `asked`      which content, in which form
//! - `range`      parts of blocks and files
//! - `answer`     blocks, CARs, files and directories, with the headers that let caches keep them
//! - `routes`     where it is asked

mod answer;
mod asked;
mod range;
mod routes;

pub(crate) use routes::{Described, routes};
