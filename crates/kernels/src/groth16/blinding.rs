//! The random part of a proof.

use std::fmt;

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};

/// Two random scalars that hide the witness in a proof.
///
/// Provers usually add random multiples `r` and `s` of `δ` to `A` and `B` and repair `C`, for which they need `B` in G1
/// as well, a whole sum over all wires. This one makes the proof `(A, B, C)` with `r = s = 0` and turns it into
/// `(A/t, t·(B + u·δ), C + u·A)`, which verifies as well: `e(A/t, t·B + t·u·δ) = e(A, B)·e(u·A, δ)`.
/// Both ways draw from the same distribution: `A` is uniform (up to the point at infinity), `B` is uniform and independent of `A`,
/// and `C` is the only point that verifies with them. So the proof is as zero-knowledge as ever, and one of five sums falls away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Blinding {
    scale: Fr,
    shift: Fr,
}

impl Blinding {
    /// From two scalars of a secure random source; nothing if `scale` (`t` above) is zero, which happens once in `2^254`.
    /// `scale = 1, shift = 0` hides nothing.
    #[must_use]
    pub fn new(scale: Fr, shift: Fr) -> Option<Self> {
        (scale != Fr::ZERO).then_some(Self { scale, shift })
    }

    pub(super) fn scale(&self) -> Fr {
        self.scale
    }

    pub(super) fn inverse_scale(&self) -> Fr {
        // Never zero, by construction.
        self.scale.inverse().unwrap_or_default()
    }

    pub(super) fn shift(&self) -> Fr {
        self.shift
    }
}

/// Says nothing: with the blinding, a proof gives away what it hides.
impl fmt::Debug for Blinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blinding")
    }
}
