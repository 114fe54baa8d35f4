//! A Groth16 set-up by one party: proving keys for development, made in minutes.
//!
//! Whoever runs it could keep the secrets and forge proofs, so such a key must not guard anything
//! of value; [`DEVELOPMENT_ONLY`] is part of the name of every file made this way. Production keys
//! come from a ceremony.
//!
//! - `secrets`      the numbers nobody may keep
//! - `lagrange`     the bases of the evaluation domain at τ
//! - `queries`      each wire's polynomials at τ
//! - `fixed_base`   many multiples of one point
mod fixed_base;
mod lagrange;
mod queries;
mod secrets;

use std::path::Path;

use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::Field;

pub use secrets::{NoRandomness, Secrets};

use crate::formats::FormatError;
use crate::formats::r1cs::R1cs;
use crate::formats::zkey::{ZKeyHeader, ZKeyWriter, section};
use fixed_base::FixedBase;
use queries::Queries;

/// Stands in the name of every file that a single party made.
pub const DEVELOPMENT_ONLY: &str = "development-only";

/// Points computed before they are written: what bounds the memory beside the queries.
const PIECE: usize = 1 << 15;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The circuit is too large for the field.
    #[error("a domain of {domain} rows is more than BN254's scalar field allows (2^27)")]
    TooLarge {
        /// The domain the circuit needs.
        domain: u64,
    },
    /// The key could not be written.
    #[error(transparent)]
    Write(#[from] FormatError),
}

/// Makes a proving key for a circuit and writes it in snarkjs's format.
///
/// Takes about twenty seconds of CPU time for 500,000 constraints and, beside the constraints, some
/// 200 bytes of memory per wire. All threads of the current rayon pool are used.
pub fn develop(r1cs: &R1cs, secrets: &Secrets, zkey: &Path) -> Result<(), SetupError> {
    let shape = &r1cs.shape;
    let domain = shape.domain();
    let size = u32::try_from(domain).ok().filter(|&size| size <= 1 << 27);
    let size = size.ok_or(SetupError::TooLarge { domain })?;
    let Secrets {
        tau,
        alpha,
        beta,
        delta,
    } = *secrets;

    let g1 = FixedBase::new(G1Affine::generator(), shape.wires as usize * 3 + size as usize);
    let g2 = FixedBase::new(G2Affine::generator(), shape.wires as usize);
    let header = ZKeyHeader {
        wires: shape.wires,
        publics: shape.publics(),
        domain: size,
        alpha1: (G1Affine::generator() * alpha).into_affine(),
        beta1: (G1Affine::generator() * beta).into_affine(),
        beta2: (G2Affine::generator() * beta).into_affine(),
        gamma2: G2Affine::generator(), // as snarkjs: its γ is 1
        delta1: (G1Affine::generator() * delta).into_affine(),
        delta2: (G2Affine::generator() * delta).into_affine(),
    };
    let by_delta = delta.inverse().unwrap_or_default(); // never zero: `Secrets` sees to it

    let Queries { a, b, c } = Queries::at(tau, r1cs, size);
    // What A and B alone leave over: β·a + α·b + c.
    let cross = |range: std::ops::Range<usize>, factor: Fr| -> Vec<Fr> {
        let each = |wire: usize| Some((beta * a.get(wire)? + alpha * b.get(wire)? + c.get(wire)?) * factor);
        range.map(|wire| each(wire).unwrap_or_default()).collect()
    };
    let visible = shape.publics() as usize + 1;
    let public = cross(0..visible, Fr::ONE);
    let private = cross(visible..shape.wires as usize, by_delta);
    let quotient = lagrange::odd_bases(tau, size, by_delta);

    let mut file = ZKeyWriter::create(zkey, &header)?;
    file.points(section::IC, g1.pieces(&public))?;
    file.coefficients(r1cs)?;
    file.points(section::A, g1.pieces(&a))?;
    file.points(section::B1, g1.pieces(&b))?;
    file.points(section::B2, g2.pieces(&b))?;
    file.points(section::C, g1.pieces(&private))?;
    file.points(section::H, g1.pieces(&quotient))?;
    file.finish(&[0; 64])?; // there was no ceremony
    Ok(())
}
