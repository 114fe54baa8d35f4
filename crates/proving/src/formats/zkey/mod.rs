//! A Groth16 proving key in snarkjs's ten sections.
//!
//! - `header`    what is known before anything large is read
//! - `read`      constraints and points, section by section
//! - `write`     the same sections in the same order
//! - `stream`    points one after the other, a piece in memory at a time
//! - `ceremony`  who contributed to the key, and how
mod ceremony;
mod header;
mod read;
mod stream;
mod write;

pub use ceremony::{Beacon, Ceremony, Contribution};
pub use header::ZKeyHeader;
pub use read::{Coefficients, ZKeyFile};
pub(crate) use stream::PointStream;
pub(crate) use write::ZKeyWriter;

use super::container::Format;

pub(crate) const FORMAT: Format = Format {
    magic: *b"zkey",
    name: "zkey",
    version: 1,
    sections: &[
        "protocol",
        "Groth16 header",
        "IC points",
        "coefficients",
        "A points",
        "B points in G1",
        "B points in G2",
        "C points",
        "H points",
        "contributions",
    ],
};

/// The numbers of the sections.
pub(crate) mod section {
    pub(crate) const PROTOCOL: u32 = 1;
    pub(crate) const HEADER: u32 = 2;
    pub(crate) const IC: u32 = 3;
    pub(crate) const COEFFICIENTS: u32 = 4;
    pub(crate) const A: u32 = 5;
    pub(crate) const B1: u32 = 6;
    pub(crate) const B2: u32 = 7;
    pub(crate) const C: u32 = 8;
    pub(crate) const H: u32 = 9;
    pub(crate) const CONTRIBUTIONS: u32 = 10;
}

/// Number that stands for Groth16 in the first section.
const GROTH16: u32 = 1;
/// Bytes of one entry of the coefficients: matrix, row, wire, value.
const COEFFICIENT: u64 = 3 * 4 + 32;
