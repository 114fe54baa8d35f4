//! Whether a contributed key is the circuit's key with another δ.
//!
//! Everything in the key is compared with what circuit and powers of tau give: the coefficients one
//! by one, the points by random combinations, the circuit's hash by computing the key that the
//! ceremony started from.

use std::ops::Range;

use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, VariableBaseMSM};

use super::chain::{Contributed, follow};
use super::combine::{Weights, combine, first_difference, same_product, same_ratio, within};
use super::error::CeremonyError;
use super::initial::{CircuitHash, begin_hash, hash_quotient, header_of, level_of};
use super::powers;
use super::query::{Queries, Query};
use super::transcript::Transcript;
use crate::formats::ptau::PtauFile;
use crate::formats::r1cs::R1cs;
use crate::formats::zkey::{ZKeyFile, ZKeyHeader};
use crate::formats::{FilePoint, FormatError, PointList};

/// Points hashed at a time.
const PIECE: usize = 1 << 15;

/// A key that is known to come from a ceremony about a circuit. Only [`verify_key`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedKey {
    circuit_hash: CircuitHash,
    contributions: Vec<Contributed>,
}

impl VerifiedKey {
    /// What the ceremony called the circuit.
    pub fn circuit_hash(&self) -> CircuitHash {
        self.circuit_hash
    }

    /// Who contributed, at least one.
    pub fn contributions(&self) -> &[Contributed] {
        &self.contributions
    }
}

/// Checks a key against its circuit and the powers of tau it was made from; names the first thing
/// that differs.
///
/// The files are read piece by piece. Beside the constraints this takes some 200 bytes of memory for
/// each wire and each row of the domain. Takes minutes for a million constraints; all threads of the
/// current rayon pool are used.
pub fn verify_key(zkey: &ZKeyFile, r1cs: &R1cs, ptau: &PtauFile) -> Result<VerifiedKey, CeremonyError> {
    let level = level_of(r1cs, ptau)?;
    let header = header_of(r1cs, ptau, level)?;
    same_fixed_points(zkey.header(), &header, ptau.name())?;
    if let Some(entry) = zkey.first_other_coefficient(r1cs)? {
        return Err(CeremonyError::OtherConstraint { entry });
    }
    let ceremony = zkey.ceremony()?;
    let (delta, contributions) = follow(&ceremony)?;
    same_delta(zkey.header(), delta)?;

    let mut weights = Weights::draw()?;
    tracing::info!("checking the powers of tau");
    powers::check(ptau, level, &mut weights)?;
    let queries = Queries { r1cs, ptau, level };
    tracing::info!("checking the key's points");
    same_points("IC points", &zkey.list_ic()?, &queries.ic()?, &mut weights)?;
    same_points("A points", &zkey.list_a()?, &queries.a()?, &mut weights)?;
    same_points("B points in G1", &zkey.list_b1()?, &queries.b1()?, &mut weights)?;
    same_points("B points in G2", &zkey.list_b2()?, &queries.b2()?, &mut weights)?;
    let delta = zkey.header().delta2;
    let (private, c) = (zkey.list_c()?, queries.c()?);
    let random = weights.take(private.len());
    divided("C points", delta, &private, &random, |weights| c.combined(weights))?;
    let (quotient, h) = (zkey.list_h()?, queries.h()?);
    let random = weights.take(quotient.len());
    divided("H points", delta, &quotient, &random, |weights| combine(&h, weights))?;

    tracing::info!("computing the circuit's hash");
    let expected = circuit_hash(zkey, &header, &queries)?;
    let found = CircuitHash(ceremony.circuit_hash);
    if found != expected {
        return Err(CeremonyError::OtherCircuitHash { expected, found });
    }
    if contributions.is_empty() {
        return Err(CeremonyError::NoContribution);
    }
    Ok(VerifiedKey {
        circuit_hash: found,
        contributions,
    })
}

fn same_fixed_points(found: &ZKeyHeader, expected: &ZKeyHeader, file: &str) -> Result<(), CeremonyError> {
    for (what, expected, found) in [
        ("wires", expected.wires, found.wires),
        ("public values", expected.publics, found.publics),
        ("rows in its domain", expected.domain, found.domain),
    ] {
        let (expected, found) = (expected.into(), found.into());
        if expected != found {
            return Err(CeremonyError::OtherCircuit { what, expected, found });
        }
    }
    for (what, agrees) in [
        ("alpha in G1", found.alpha1 == expected.alpha1),
        ("beta in G1", found.beta1 == expected.beta1),
        ("beta in G2", found.beta2 == expected.beta2),
    ] {
        if !agrees {
            let file = file.to_owned();
            return Err(CeremonyError::OtherPowers { what, file });
        }
    }
    if found.gamma2 == expected.gamma2 {
        Ok(())
    } else {
        Err(CeremonyError::OtherGamma)
    }
}

/// The key's δ is the one that the contributions lead to, in both groups.
fn same_delta(header: &ZKeyHeader, delta: G1Affine) -> Result<(), CeremonyError> {
    if header.delta1 != delta {
        return Err(CeremonyError::OtherDelta { group: "G1" });
    }
    let (one1, one2) = (G1Affine::generator(), G2Affine::generator());
    if !header.delta2.is_in_group() || !same_ratio(one1, delta, one2, header.delta2) {
        return Err(CeremonyError::OtherDelta { group: "G2" });
    }
    Ok(())
}

/// The key's points are the circuit's.
fn same_points<P>(
    section: &'static str,
    found: &PointList<'_, P>,
    expected: &Query<'_, P>,
    weights: &mut Weights,
) -> Result<(), CeremonyError>
where
    P: FilePoint,
    P::Group: VariableBaseMSM<MulBase = P>,
{
    let random = weights.take(found.len());
    expect_none(section, random.len(), |range| {
        let weights = within(&random, &range);
        Ok(combine(found, &weights)? == expected.combined(&weights)?)
    })
}

/// The key's points times δ are the circuit's.
fn divided(
    section: &'static str,
    delta: G2Affine,
    found: &PointList<'_, G1Affine>,
    random: &[Fr],
    expected: impl Fn(&[Fr]) -> Result<<G1Affine as AffineRepr>::Group, FormatError>,
) -> Result<(), CeremonyError> {
    expect_none(section, random.len(), |range| {
        let weights = within(random, &range);
        let (found, expected) = (combine(found, &weights)?, expected(&weights)?);
        Ok(same_product(found, delta, expected, G2Affine::generator()))
    })
}

fn expect_none(
    section: &'static str,
    count: usize,
    agrees: impl Fn(Range<usize>) -> Result<bool, CeremonyError>,
) -> Result<(), CeremonyError> {
    match first_difference(count, agrees)? {
        Some(index) => Err(CeremonyError::OtherPoint { section, index }),
        None => Ok(()),
    }
}

/// The hash of the key that the ceremony started from. The lists in which it agrees with the checked
/// key are read there.
fn circuit_hash(zkey: &ZKeyFile, header: &ZKeyHeader, queries: &Queries<'_>) -> Result<CircuitHash, CeremonyError> {
    let mut hash = begin_hash(header);
    hash_list(&mut hash, &zkey.list_ic()?)?;
    hash_quotient(&mut hash, queries.ptau, queries.level)?;
    let private = queries.c()?.points()?;
    hash.count(private.len());
    hash.points(&private);
    drop(private);
    hash_list(&mut hash, &zkey.list_a()?)?;
    hash_list(&mut hash, &zkey.list_b1()?)?;
    hash_list(&mut hash, &zkey.list_b2()?)?;
    Ok(CircuitHash(hash.hash()))
}

fn hash_list<P: FilePoint>(hash: &mut Transcript, list: &PointList<'_, P>) -> Result<(), FormatError> {
    hash.count(list.len());
    for start in (0..list.len()).step_by(PIECE) {
        hash.points(&list.read(start..start + PIECE)?);
    }
    Ok(())
}
