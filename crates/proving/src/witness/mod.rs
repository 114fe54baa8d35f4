//! From a circuit's inputs to the value of every wire.
//!
//! - `inputs`       named input signals
//! - `calculator`   runs circom's wasm in wasmtime
//! - `arithmetic`   faster products in circom's wasm
//! - `runtime`      what that wasm calls back
//! - `cache`        compiled modules on disk
//! - `native`       runs circom's C++ calculator, where there is one
mod arithmetic;
mod cache;
mod calculator;
mod error;
mod inputs;
mod native;
mod runtime;

use std::fmt;

use ark_bn254::Fr;
use zeroize::Zeroize;

pub use cache::ModuleCache;
pub(crate) use cache::forget;
pub use calculator::WasmCalculator;
pub use error::WitnessError;
pub use inputs::{InputError, Inputs};
pub use native::NativeCalculator;

/// The value of every wire of a circuit, the constant 1 first.
///
/// It holds the secrets the circuit was given: it is wiped when dropped and never printed.
pub struct Witness {
    values: Vec<Fr>,
}

impl Witness {
    /// Takes the values as they are; nothing is checked.
    pub fn new(values: Vec<Fr>) -> Self {
        Self { values }
    }

    /// All values in the order of the wires.
    pub fn values(&self) -> &[Fr] {
        &self.values
    }

    /// The public values, outputs first, when the circuit has `count` of them; fewer if the
    /// witness is shorter.
    pub fn publics(&self, count: u32) -> &[Fr] {
        let end = self.values.len().min(count as usize + 1);
        self.values.get(1..end).unwrap_or_default()
    }
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Witness({} values)", self.values.len())
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.values.zeroize();
    }
}
