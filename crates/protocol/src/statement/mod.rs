//! What each circuit proves, told twice: as its public and private inputs, and in plain Rust.
//!
//! - `inputs`   signals by name, as JSON and as flat lists
mod inputs;

pub use inputs::{CircuitInputs, InputsError, Values};
