//! Poseidon over [`Fr`], compatible with circomlib (protocol section 3).
//!
//! - `grain`   round constants and matrices, drawn rather than copied
//! - `permutation`   the permutation of a whole state
//!
//! `hashN(x1..xN)` permutes `[0, x1, …, xN]` and returns element 0.

mod grain;
mod lazy;
mod matrix;
mod permutation;
mod schedule;
#[cfg(test)]
mod tests;

pub use permutation::{Supported, Width, permute};

use crate::Fr;
use ark_ff::AdditiveGroup;

/// Rounds in which every element passes the S-box, half of them first and half last.
const FULL_ROUNDS: usize = 8;

/// Poseidon of one element.
#[must_use]
pub fn hash1(a: Fr) -> Fr {
    let mut state = [Fr::ZERO, a];
    permute(&mut state);
    state[0]
}

/// Poseidon of two elements.
#[must_use]
pub fn hash2(a: Fr, b: Fr) -> Fr {
    let mut state = [Fr::ZERO, a, b];
    permute(&mut state);
    state[0]
}

/// Poseidon of three elements.
#[must_use]
pub fn hash3(a: Fr, b: Fr, c: Fr) -> Fr {
    let mut state = [Fr::ZERO, a, b, c];
    permute(&mut state);
    state[0]
}

/// Poseidon of four elements.
#[must_use]
pub fn hash4(&[a, b, c, d]: &[Fr; 4]) -> Fr {
    let mut state = [Fr::ZERO, a, b, c, d];
    permute(&mut state);
    state[0]
}

/// Poseidon of five elements.
#[must_use]
pub fn hash5(&[a, b, c, d, e]: &[Fr; 5]) -> Fr {
    let mut state = [Fr::ZERO, a, b, c, d, e];
    permute(&mut state);
    state[0]
}

/// `H2(a, 0)`, which upstream calls `hashOne`.
#[must_use]
pub fn hash_one(a: Fr) -> Fr {
    hash2(a, Fr::ZERO)
}

/// `hashN` of the protocol: the list, zero-padded to `N` elements, in one Poseidon of `N` inputs.
///
/// Elements beyond the `N`-th are not accepted by the type: pass an array or a shorter slice through [`padded`].
#[must_use]
pub fn hash_n<const N: usize>(elements: [Fr; N]) -> Fr
where
    Inputs<N>: Arity<N>,
{
    Inputs::<N>::hash(&elements)
}

/// The first `N` elements of a list, zero-padded.
#[must_use]
pub fn padded<const N: usize>(elements: &[Fr]) -> [Fr; N] {
    std::array::from_fn(|index| elements.get(index).copied().unwrap_or(Fr::ZERO))
}

/// `hash12` of messages: `H4(H5(e0..e4), H5(e5..e9), e10, e11)`; shorter lists are zero-padded, elements beyond the
/// twelfth ignored.
#[must_use]
pub fn hash12(elements: &[Fr]) -> Fr {
    let [e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11] = padded::<12>(elements);
    hash4(&[hash5(&[e0, e1, e2, e3, e4]), hash5(&[e5, e6, e7, e8, e9]), e10, e11])
}

/// Names a number of inputs for [`hash_n`].
#[derive(Debug)]
pub enum Inputs<const N: usize> {}

/// The numbers of inputs Poseidon takes here: 1 to 5.
pub trait Arity<const N: usize>: sealed::Sealed {
    /// Poseidon of exactly `N` elements.
    fn hash(elements: &[Fr; N]) -> Fr;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! arity {
    ($n:literal, $elements:ident => $hash:expr) => {
        impl sealed::Sealed for Inputs<$n> {}
        impl Arity<$n> for Inputs<$n> {
            fn hash($elements: &[Fr; $n]) -> Fr {
                $hash
            }
        }
    };
}
arity!(1, elements => hash1(elements[0]));
arity!(2, elements => hash2(elements[0], elements[1]));
arity!(3, elements => hash3(elements[0], elements[1], elements[2]));
arity!(4, elements => hash4(elements));
arity!(5, elements => hash5(elements));
