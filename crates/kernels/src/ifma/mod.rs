//! Eight elements at once with AVX-512 IFMA: five limbs of 52 bits, each limb of eight elements in one register.
//!
//! - `instructions` the machine's operations, the only place that calls them
//! - `element`      arithmetic on eight elements, Montgomery radix `2^260`
//! - `memory`       from and to four 64-bit limbs per element
//!
//! `2^260` is 84 times the prime: sums and differences need no reduction before a product takes them.
#![expect(
    unsafe_code,
    reason = "vector instructions are unsafe to call on machines that lack them"
)]

mod element;
mod instructions;
mod memory;

use std::sync::LazyLock;

use crate::field::modulus::{Base, Scalar};
use crate::lanes::{Kernel, Machine};

/// AVX-512 IFMA. Must only be named where [`is_available`] is true: its values' operations use the instructions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ifma;

impl Machine for Ifma {
    type Base = element::Limbs52<Base>;
    type Scalar = element::Limbs52<Scalar>;
}

/// Whether this machine has the instructions.
pub(crate) fn is_available() -> bool {
    static AVAILABLE: LazyLock<bool> = LazyLock::new(|| {
        is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512ifma")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("adx")
            && is_x86_feature_detected!("popcnt")
    });
    *AVAILABLE
}

/// Runs a kernel with the instructions enabled for all code inlined into it.
///
/// # Panics
/// If the machine lacks them.
#[inline(always)]
fn run<K: Kernel>(kernel: K) -> K::Output {
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma,bmi2,adx,popcnt")]
    fn enabled<K: Kernel>(kernel: K) -> K::Output {
        kernel.run()
    }
    assert!(is_available(), "a kernel was laid out for another machine");
    // SAFETY: the machine has every instruction set enabled, as just checked.
    unsafe { enabled(kernel) }
}
