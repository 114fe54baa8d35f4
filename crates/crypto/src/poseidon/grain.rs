//! Poseidon's parameters, drawn from the Grain LFSR as its authors' reference script does.
//!
//! Reference: L. Grassi, D. Khovratovich, C. Rechberger, A. Roy, M. Schofnegger, "Poseidon: A New Hash Function for
//! Zero-Knowledge Proof Systems", appendix F.

use super::FULL_ROUNDS;
use crate::Fr;
use ark_ff::{BigInt, Field, PrimeField};

/// Round constants and mixing matrix for one state width.
pub(super) struct Parameters<const T: usize> {
    /// One row of constants per round, full and partial alike.
    pub(super) constants: Vec<[Fr; T]>,
    /// The Cauchy matrix of every round.
    pub(super) mixing: [[Fr; T]; T],
}

impl<const T: usize> Parameters<T> {
    pub(super) fn generate(partial_rounds: usize) -> Self {
        let mut grain = Grain::new(T, partial_rounds);
        let constants = (0..FULL_ROUNDS + partial_rounds)
            .map(|_| std::array::from_fn(|_| grain.constant()))
            .collect();
        Self {
            constants,
            mixing: grain.cauchy(),
        }
    }
}

/// The 80-bit register; bit i of the number is the register's i-th cell, cell 0 the oldest.
struct Grain {
    register: u128,
}

impl Grain {
    fn new(width: usize, partial_rounds: usize) -> Self {
        let mut grain = Self { register: 0 };
        let mut filled = 0;
        let header = [
            (2, 1), // a prime field
            (4, 0), // the S-box is a power
            (12, u64::from(Fr::MODULUS_BIT_SIZE)),
            (12, width as u64),
            (10, FULL_ROUNDS as u64),
            (10, partial_rounds as u64),
            (30, (1 << 30) - 1),
        ];
        for (bits, value) in header {
            for bit in (0..bits).rev() {
                grain.register |= u128::from(value >> bit & 1) << filled;
                filled += 1;
            }
        }
        for _ in 0..160 {
            grain.clock();
        }
        grain
    }

    fn clock(&mut self) -> bool {
        let taps = [62, 51, 38, 23, 13, 0];
        let bit = taps.iter().fold(0, |sum, tap| sum ^ self.register >> tap & 1);
        self.register = self.register >> 1 | bit << 79;
        bit == 1
    }

    /// Self-shrinking: of each pair of bits the second counts if the first is one.
    fn bit(&mut self) -> bool {
        while !self.clock() {
            self.clock();
        }
        self.clock()
    }

    /// A number of as many bits as the modulus has, most significant bit first.
    fn number(&mut self) -> BigInt<4> {
        let mut limbs = [0u64; 4];
        for position in (0..Fr::MODULUS_BIT_SIZE as usize).rev() {
            if let Some(limb) = limbs.get_mut(position / 64) {
                *limb |= u64::from(self.bit()) << (position % 64);
            }
        }
        BigInt(limbs)
    }

    /// A round constant: numbers at or above the modulus are drawn again.
    fn constant(&mut self) -> Fr {
        loop {
            if let Some(value) = Fr::from_bigint(self.number()) {
                return value;
            }
        }
    }

    /// A matrix entry's coordinate: numbers at or above the modulus are reduced.
    fn coordinate(&mut self) -> Fr {
        let mut number = self.number();
        while number >= Fr::MODULUS {
            use ark_ff::BigInteger;
            number.sub_with_borrow(&Fr::MODULUS);
        }
        Fr::from_bigint(number).unwrap_or_default()
    }

    /// Entry (i, j) is 1 / (x_i + y_j); coordinates are drawn again until all are distinct and no sum vanishes.
    fn cauchy<const T: usize>(&mut self) -> [[Fr; T]; T] {
        loop {
            let xs: [Fr; T] = std::array::from_fn(|_| self.coordinate());
            let ys: [Fr; T] = std::array::from_fn(|_| self.coordinate());
            let all: Vec<Fr> = xs.iter().chain(&ys).copied().collect();
            let repeated = all
                .iter()
                .enumerate()
                .any(|(i, value)| all.iter().take(i).any(|other| other == value));
            let inverses = xs.map(|x| ys.map(|y| (x + y).inverse()));
            if !repeated && inverses.iter().flatten().all(Option::is_some) {
                return inverses.map(|row| row.map(Option::unwrap_or_default));
            }
        }
    }
}
