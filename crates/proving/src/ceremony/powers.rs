//! Whether a powers-of-tau file is what it says, as far as a circuit needs it.
//!
//! This shows that all points follow from one τ, one α and one β. That nobody knows them is shown by
//! the contributions of the file's own ceremony (`snarkjs powersoftau verify`), or by comparing the
//! file's published checksum.

use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::Zero;
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};

use super::combine::{Weights, combine, same_product, same_ratio};
use super::error::CeremonyError;
use crate::formats::ptau::{Factor, PtauFile};
use crate::formats::{FilePoint, FormatError, PointList};

/// Refuses powers, or Lagrange bases of the domain of 2^`level` elements, that contradict each
/// other.
pub(super) fn check(ptau: &PtauFile, level: u32, weights: &mut Weights) -> Result<(), CeremonyError> {
    let unsound = |what| CeremonyError::UnsoundPowers {
        file: ptau.name().to_owned(),
        what,
    };
    let hold = |holds: bool, what| if holds { Ok(()) } else { Err(unsound(what)) };
    let (one1, one2) = (G1Affine::generator(), G2Affine::generator());
    let (in_g1, in_g2) = (ptau.powers_g1(Factor::One)?, ptau.powers_g2()?);
    let domain = 1usize << level;

    hold(
        in_g1.first()? == one1 && in_g2.first()? == one2,
        "the first powers are not 1",
    )?;
    let tau1 = in_g1.read(1..2)?.pop().unwrap_or_default();
    let tau2 = in_g2.read(1..2)?.pop().unwrap_or_default();
    hold(
        tau2.is_in_group() && same_ratio(one1, tau1, one2, tau2),
        "tau differs between the groups",
    )?;

    let last = in_g1.len().min(2 * domain) - 1;
    let mut shifted = vec![Fr::zero()];
    shifted.extend(weights.take(last));
    let unshifted = shifted.get(1..).unwrap_or_default();
    let (low, high) = (combine(&in_g1, unshifted)?, combine(&in_g1, &shifted)?);
    hold(
        same_product(low, tau2, high, one2),
        "the points in G1 are not powers of tau",
    )?;

    let random = weights.take(domain);
    let combined = combine(&in_g2, &random)?.into();
    let powers = combine(&in_g1, &random)?;
    hold(
        same_product(powers, one2, one1, combined),
        "the points in G2 are not powers of tau",
    )?;
    for (factor, what) in [
        (Factor::Alpha, "the points with alpha are not powers of tau times alpha"),
        (Factor::Beta, "the points with beta are not powers of tau times beta"),
    ] {
        let list = ptau.powers_g1(factor)?;
        hold(
            same_product(combine(&list, &random)?, one2, list.first()?, combined),
            what,
        )?;
    }
    let (beta1, beta2) = (ptau.powers_g1(Factor::Beta)?.first()?, ptau.beta_g2()?);
    hold(
        beta2.is_in_group() && same_ratio(one1, beta1, one2, beta2),
        "beta differs between the groups",
    )?;

    let bases = "Lagrange bases are not those of the powers";
    for factor in [Factor::One, Factor::Alpha, Factor::Beta] {
        let agree = same_polynomials(&ptau.bases_g1(factor, level)?, &ptau.powers_g1(factor)?, &random, 1)?;
        hold(agree, bases)?;
    }
    hold(same_polynomials(&ptau.bases_g2(level)?, &in_g2, &random, 1)?, bases)?;
    let odd = ptau.bases_g1(Factor::One, level + 1)?.odd();
    hold(same_polynomials(&odd, &in_g1, &random, 2)?, bases)
}

/// Whether bases give the same point for the values of a random polynomial as powers give for its
/// coefficients. With a `step` of two, `bases` are those of the odd elements of a domain twice as
/// large, and the polynomial is zero at the even ones.
fn same_polynomials<P: FilePoint>(
    bases: &PointList<'_, P>,
    powers: &PointList<'_, P>,
    values: &[Fr],
    step: usize,
) -> Result<bool, FormatError>
where
    P::Group: ark_ec::VariableBaseMSM<MulBase = P>,
{
    let mut spread = vec![Fr::zero(); values.len() * step];
    for (place, value) in spread.iter_mut().skip(step - 1).step_by(step).zip(values) {
        *place = *value;
    }
    let Some(domain) = Radix2EvaluationDomain::<Fr>::new(spread.len()) else {
        return Ok(false); // larger than the field has domains for
    };
    domain.ifft_in_place(&mut spread);
    // A file has one power less than its largest domain has elements; its bases are made without.
    spread.truncate(powers.len());
    Ok(combine(bases, values)? == combine(powers, &spread)?)
}
