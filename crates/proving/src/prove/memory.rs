//! How much memory a proof takes, known from a zkey's header before anything large is read.

use crate::formats::zkey::ZKeyHeader;

/// Bytes of memory, as bounds from above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryNeed {
    /// Taken as long as the key is loaded.
    pub key: u64,
    /// Taken by the witness calculator while it runs.
    pub witness: u64,
    /// Taken by one proof while it is computed.
    pub proof: u64,
}

/// A field element.
const ELEMENT: u64 = 32;
/// arkworks's affine points: coordinates and a flag, aligned.
const G1: u64 = 72;
const G2: u64 = 136;

impl MemoryNeed {
    /// One job at a time: the key, and the larger of the two steps. The witness itself is there in
    /// both.
    pub fn total(&self) -> u64 {
        self.key + self.witness.max(self.proof)
    }

    /// For [`Backend::Arkworks`](super::Backend::Arkworks) with `coefficients` matrix entries.
    pub(super) fn arkworks(header: &ZKeyHeader, coefficients: u32) -> Self {
        let (wires, domain) = (u64::from(header.wires), u64::from(header.domain));
        let points = wires * (3 * G1 + G2) + domain * G1;
        // A row is a vector of pairs of an element and an index.
        let matrices = u64::from(coefficients) * (ELEMENT + 8) + 2 * domain * 24;
        // The three factors' values, the table of the coset, and the sums' digits and buckets.
        let proof = ELEMENT * 8 * (domain + wires);
        Self {
            key: points + matrices,
            witness: Self::witness(wires),
            proof,
        }
    }

    /// For our own kernels with `coefficients` matrix entries.
    pub(super) fn kernels(header: &ZKeyHeader, coefficients: u32) -> Self {
        let (wires, domain) = (u64::from(header.wires), u64::from(header.domain));
        // Coordinates of 40 bytes (five limbs of 52 bits), and a wire's number for each point.
        let points = wires * (2 * 84 + 164) + domain * 84;
        let rows = u64::from(coefficients) * 8 + 2 * domain * 4;
        // The factors' values and the transform's tables; the digits of wires and domain, sorted.
        let proof = 40 * 5 * domain + (ELEMENT + 2 * 96) * wires.max(domain);
        // While the key is laid out, the coefficients and the H points are there twice.
        let loading = u64::from(coefficients) * 8 + domain * G1;
        Self {
            key: points + rows,
            witness: Self::witness(wires),
            proof: proof.max(loading),
        }
    }

    /// A calculator keeps every signal of the circuit before simplification, about four for each
    /// wire, at 40 bytes, beside the witness that is read from it.
    fn witness(wires: u64) -> u64 {
        const CALCULATOR: u64 = 32 << 20;
        wires * (4 * 40 + ELEMENT) + CALCULATOR
    }
}
