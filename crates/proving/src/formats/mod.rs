//! The files of circom and snarkjs, read with suspicion and written byte for byte as they expect.
//!
//! - `container`, `writer`, `source`, `fields`, `points`, `list`   what the binary formats share
//! - [`r1cs`]   a circuit's constraints
//! - [`json`]   verifying keys, proofs and public values
//! - `wtns`     a witness
//! - [`zkey`]   a proving key
//! - [`ptau`]   powers of tau, from which ceremonies make proving keys
//!
//! Everything read here may be truncated, of another circuit or hostile: each length is compared
//! with the file's before memory is taken, and each value with its field.
mod container;
mod error;
pub(crate) mod fields;
pub mod json;
mod list;
mod points;
pub mod ptau;
pub mod r1cs;
mod source;
mod writer;
mod wtns;
pub mod zkey;

pub use error::FormatError;
pub(crate) use list::PointList;
pub(crate) use points::FilePoint;
pub use source::{FileSource, ReadAt};
