//! A proof from a key and a witness.

use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::CurveGroup;
use ark_ff::PrimeField;
use rayon::prelude::*;

use super::blinding::Blinding;
use super::key::ProvingKey;
use crate::backend::Backend;
use crate::curve::{G1, G2};
use crate::fft::quotient;
use crate::lanes::Machine;
use crate::lanes::portable::Portable;
use crate::msm::{self, Digits, Lists};

/// A Groth16 proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// `A` in G1.
    pub a: G1Affine,
    /// `B` in G2.
    pub b: G2Affine,
    /// `C` in G1.
    pub c: G1Affine,
}

/// No proof can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError {
    /// The witness is another circuit's.
    #[error("the witness has {values} values, but the proving key's circuit has {wires} wires")]
    WitnessLength {
        /// Values of the witness.
        values: usize,
        /// Wires of the key's circuit.
        wires: usize,
    },
}

/// Makes a proof. Takes seconds for circuits of half a million wires, and every thread of the rayon pool it is called in.
///
/// Whether the witness satisfies the constraints is not looked at: if not, the proof does not verify.
///
/// # Errors
/// [`ProveError::WitnessLength`] if the witness is not as long as the circuit is wide.
pub fn prove(key: &ProvingKey, witness: &[Fr], blinding: &Blinding) -> Result<Proof, ProveError> {
    if witness.len() != key.wires {
        return Err(ProveError::WitnessLength {
            values: witness.len(),
            wires: key.wires,
        });
    }
    let sums = match key.backend {
        #[cfg(target_arch = "x86_64")]
        Backend::Ifma => Sums::new::<crate::ifma::Ifma>(key, witness),
        // A key is only ever laid out for a backend the machine has.
        #[cfg(not(target_arch = "x86_64"))]
        Backend::Ifma => Sums::new::<Portable>(key, witness),
        Backend::Portable => Sums::new::<Portable>(key, witness),
    };
    let a = sums.a + key.alpha_g1;
    let b = sums.b + key.beta_g2;
    Ok(Proof {
        a: (a * blinding.inverse_scale()).into_affine(),
        b: ((b + key.delta_g2 * blinding.shift()) * blinding.scale()).into_affine(),
        c: (sums.c + a * blinding.shift()).into_affine(),
    })
}

/// The sums over the witness and the quotient.
struct Sums {
    a: G1Projective,
    b: G2Projective,
    c: G1Projective,
}

impl Sums {
    fn new<M: Machine>(key: &ProvingKey, witness: &[Fr]) -> Self {
        let ((a, b, l), h) = rayon::join(
            || sums_over_witness::<M>(key, witness),
            || sum_over_quotient::<M>(key, witness),
        );
        Self { a, b, c: l + h }
    }
}

/// `A`, `B` and `L`: the same scalars, so the same digits and lists.
fn sums_over_witness<M: Machine>(key: &ProvingKey, witness: &[Fr]) -> (G1Projective, G2Projective, G1Projective) {
    let digits = Digits::new(witness, |value| value.into_bigint().0);
    let windows: Vec<_> = (0..digits.windows())
        .into_par_iter()
        .map(|window| {
            let lists = Lists::new(&digits, window);
            (
                msm::window_sum::<M, G1>(&lists, &key.a),
                msm::window_sum::<M, G2>(&lists, &key.b),
                msm::window_sum::<M, G1>(&lists, &key.l),
            )
        })
        .collect();
    (
        msm::join_windows::<G1>(&digits, windows.iter().map(|w| w.0)),
        msm::join_windows::<G2>(&digits, windows.iter().map(|w| w.1)),
        msm::join_windows::<G1>(&digits, windows.iter().map(|w| w.2)),
    )
}

/// `H`: the quotient's values on the coset.
fn sum_over_quotient<M: Machine>(key: &ProvingKey, witness: &[Fr]) -> G1Projective {
    let quotient = quotient::<M>(&key.plan, &|row| key.rows.at(row, witness));
    let digits = Digits::new(quotient.as_flattened(), |value| *value);
    drop(quotient);
    msm::sum::<M, G1>(&digits, &key.h)
}
