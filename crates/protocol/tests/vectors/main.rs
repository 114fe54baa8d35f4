//! The golden vectors: every file that concerns this crate, compared field by field.
//!
//! `MACI_VECTORS=<folder>` points the same tests at another folder of the same shape.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic anywhere")]

mod addresses;
mod divergence;
mod polls;
mod reading;
mod voters;
