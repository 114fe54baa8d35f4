//! The key before anybody contributed: δ is 1, everything else follows from the circuit and the
//! powers of tau. Byte for byte what `snarkjs zkey new` writes.

use std::fmt;
use std::path::Path;

use ark_bn254::{G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use rayon::prelude::*;

use super::error::CeremonyError;
use super::overrun;
use super::query::Queries;
use super::transcript::Transcript;
use crate::formats::ptau::{Factor, PtauFile};
use crate::formats::r1cs::R1cs;
use crate::formats::zkey::{ZKeyHeader, ZKeyWriter, section};
use crate::formats::{FilePoint, FormatError};

/// Points of the quotient read, written or hashed at a time.
const PIECE: usize = 1 << 14;
/// A domain beyond this makes snarkjs hash one difference more than it counts.
const OVERRUN_BEYOND: usize = 1 << 14;

/// BLAKE2b-512 of the key before anybody contributed: a circuit's name in a ceremony.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CircuitHash(pub [u8; 64]);

impl fmt::Display for CircuitHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for CircuitHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CircuitHash({self})")
    }
}

/// Writes the key that a circuit's ceremony starts from, and gives the circuit's hash.
///
/// The powers of tau are read piece by piece. Beside the constraints this takes some 300 bytes of
/// memory for each wire. All threads of the current rayon pool are used.
pub fn initial_key(r1cs: &R1cs, ptau: &PtauFile, zkey: &Path) -> Result<CircuitHash, CeremonyError> {
    let level = level_of(r1cs, ptau)?;
    let queries = Queries { r1cs, ptau, level };
    let header = header_of(r1cs, ptau, level)?;
    let mut hash = begin_hash(&header);

    let mut file = ZKeyWriter::create(zkey, &header)?;
    file.coefficients(r1cs)?;
    put(&mut file, section::IC, &mut hash, queries.ic()?.points()?)?;
    let quotient = queries.h()?;
    file.points_fallible(section::H, pieces(quotient.len()).map(|range| quotient.read(range)))?;
    hash_quotient(&mut hash, ptau, level)?;
    put(&mut file, section::C, &mut hash, queries.c()?.points()?)?;
    put(&mut file, section::A, &mut hash, queries.a()?.points()?)?;
    put(&mut file, section::B1, &mut hash, queries.b1()?.points()?)?;
    put(&mut file, section::B2, &mut hash, queries.b2()?.points()?)?;
    let hash = hash.hash();
    file.finish(&hash)?;
    Ok(CircuitHash(hash))
}

fn put<P: FilePoint>(
    file: &mut ZKeyWriter,
    section: u32,
    hash: &mut Transcript,
    points: Vec<P>,
) -> Result<(), FormatError> {
    hash.count(points.len());
    hash.points(&points);
    file.points(section, std::iter::once(points))
}

/// The exponent of the circuit's domain, if the powers of tau reach that far.
pub(super) fn level_of(r1cs: &R1cs, ptau: &PtauFile) -> Result<u32, CeremonyError> {
    let (domain, file) = (r1cs.shape.domain(), || ptau.name().to_owned());
    if domain > 1 << 27 {
        return Err(CeremonyError::TooLarge { domain });
    }
    let (power, needed) = (ptau.power(), domain.trailing_zeros());
    if needed > power {
        return Err(CeremonyError::TooFewPowers {
            file: file(),
            power,
            needed,
        });
    }
    if !ptau.is_prepared() {
        return Err(CeremonyError::NotPrepared { file: file() });
    }
    Ok(needed)
}

/// The header of the key: α and β from the powers of tau, γ and δ are 1.
pub(super) fn header_of(r1cs: &R1cs, ptau: &PtauFile, level: u32) -> Result<ZKeyHeader, FormatError> {
    Ok(ZKeyHeader {
        wires: r1cs.shape.wires,
        publics: r1cs.shape.publics(),
        domain: 1 << level,
        alpha1: ptau.powers_g1(Factor::Alpha)?.first()?,
        beta1: ptau.powers_g1(Factor::Beta)?.first()?,
        beta2: ptau.beta_g2()?,
        gamma2: G2Affine::generator(),
        delta1: G1Affine::generator(),
        delta2: G2Affine::generator(),
    })
}

/// The circuit's hash begins with the key's fixed points.
pub(super) fn begin_hash(header: &ZKeyHeader) -> Transcript {
    let mut hash = Transcript::default();
    hash.points(&[header.alpha1, header.beta1]);
    hash.points(&[header.beta2, header.gamma2]);
    hash.point(&header.delta1);
    hash.point(&header.delta2);
    hash
}

/// For the quotient the hash takes not the key's points but τ^(i+n) − τ^i, for a domain of n.
pub(super) fn hash_quotient(hash: &mut Transcript, ptau: &PtauFile, level: u32) -> Result<(), FormatError> {
    let powers = ptau.powers_g1(Factor::One)?;
    let domain = 1usize << level;
    hash.count(domain - 1);
    let hashed = if domain > OVERRUN_BEYOND { domain } else { domain - 1 };
    let known = hashed.min(powers.len() - domain);
    for range in pieces(known) {
        let low = powers.read(range.clone())?;
        let high = powers.read(range.start + domain..range.end + domain)?;
        let differences: Vec<_> = high.par_iter().zip(&low).map(|(high, low)| *high - low).collect();
        hash.points(&<G1Affine as AffineRepr>::Group::normalize_batch(&differences));
    }
    if known < hashed
        && let Some(last) = powers.read(known..hashed)?.pop()
    {
        hash.bytes(&overrun::difference(&ptau.behind_the_powers()?, &last));
    }
    Ok(())
}

fn pieces(count: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..count)
        .step_by(PIECE)
        .map(move |start| start..count.min(start + PIECE))
}
