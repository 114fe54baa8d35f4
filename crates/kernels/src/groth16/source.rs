//! Where a proving key comes from.

use ark_bn254::{Fr, G1Affine, G2Affine};

/// The parts of a snarkjs proving key (`.zkey`) that a proof needs. The prover does without `B` in G1, `β` in G1 and
/// `δ` in G1; see [`super::Blinding`].
///
/// Each method may be called more than once and must give the same every time.
pub trait KeySource: Sync {
    /// Sizes and single points.
    fn header(&self) -> KeyHeader;
    /// Section 5: for every wire, `A` in G1.
    fn a(&self) -> impl Iterator<Item = G1Affine> + '_;
    /// Section 7: for every wire, `B` in G2.
    fn b_g2(&self) -> impl Iterator<Item = G2Affine> + '_;
    /// Section 8: for every private wire, `L` (snarkjs's `C`) in G1.
    fn l(&self) -> impl Iterator<Item = G1Affine> + '_;
    /// Section 9: for every point of the domain, `H` in G1.
    fn h(&self) -> impl Iterator<Item = G1Affine> + '_;
    /// Section 4: the entries of the matrices `A` and `B`, in any order. snarkjs also puts a row for each public signal
    /// there; values are plain here, not times a power of the Montgomery radix.
    fn coefficients(&self) -> impl Iterator<Item = Coefficient> + '_;
}

/// Sizes and single points of a proving key.
#[derive(Clone, Debug)]
pub struct KeyHeader {
    /// Wires of the circuit, with the constant one.
    pub wires: usize,
    /// Public signals, without the constant one.
    pub public: usize,
    /// Points of the domain, a power of two.
    pub domain: usize,
    /// `α` in G1.
    pub alpha_g1: G1Affine,
    /// `β` in G2.
    pub beta_g2: G2Affine,
    /// `δ` in G2.
    pub delta_g2: G2Affine,
}

/// Which matrix an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matrix {
    /// The left factors.
    A,
    /// The right factors.
    B,
}

/// One entry of the sparse constraint matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coefficient {
    /// The matrix.
    pub matrix: Matrix,
    /// The constraint, a point of the domain.
    pub row: u32,
    /// The wire it multiplies.
    pub wire: u32,
    /// The factor.
    pub value: Fr,
}
