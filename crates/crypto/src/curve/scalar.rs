//! Integers modulo `l`, the prime order of the subgroup that [`Point::BASE8`](super::Point::BASE8) generates.

#![expect(
    unexpected_cfgs,
    reason = "the derive asks for a feature of ark-ff that only ark-ff has"
)]

use crate::Fr;
use ark_ff::{Fp256, MontBackend, MontConfig, PrimeField};

/// Montgomery parameters of [`Fl`].
#[derive(Debug, MontConfig)]
#[modulus = "2736030358979909402780800718157159386076813972158567259200215660948447373041"]
#[generator = "31"]
pub struct FlConfig;

/// The field of scalars modulo the subgroup's order.
pub type Fl = Fp256<MontBackend<FlConfig, 4>>;

/// The same integer as an element of the larger field in which circuits and messages carry it.
#[must_use]
pub fn fl_to_fr(scalar: &Fl) -> Fr {
    // l < p, so every canonical scalar is a canonical element.
    Fr::from_bigint(scalar.into_bigint()).unwrap_or_default()
}
