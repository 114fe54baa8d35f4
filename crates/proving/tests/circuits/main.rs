//! Our circuits against the vectors, against replay, and against whoever wants to cheat with them.
//!
//! - `accepts`        the vectors' inputs have a witness with the vectors' public values
//! - `tampering`      no other value of any input has one
//! - `divergence`     the cases in which upstream's library and circuits part
//! - `verdicts`       every message has exactly one provable outcome
//! - `anything`       nothing that is published keeps a batch from being proven
//! - `determinism`    the inputs fix every wire
//! - `sizes`          constraint counts against upstream's
//! - `circuit`, `vectors`, `attempt`   what these share
//!
//! All circuits are compiled as proving keys need them, with full simplification. Compiled circuits are kept
//! in `MACI_CIRCUIT_CACHE`, else in `target/circuits`, by the hash of their sources.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic anywhere")]

mod accepts;
mod anything;
mod attempt;
mod circuit;
mod determinism;
mod divergence;
mod sizes;
mod tampering;
mod vectors;
mod verdicts;
