//! Contracts that are there already: used again only when their code is the artifact's.
//!
//! - `known`      where contracts are said to be
//! - `compare`    a contract's code against its artifact, with what it links to and clones
mod compare;
mod known;

pub use compare::{Comparer, Mismatch};
pub use known::{Known, Origin, Refusal};
