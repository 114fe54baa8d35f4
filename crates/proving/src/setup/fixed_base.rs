//! Many multiples of one point: tables of its multiples, and affine additions whose inversions are
//! shared by a thousand sums.

use ark_bn254::Fr;
use ark_ec::short_weierstrass::{Affine, Projective, SWCurveConfig};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{Field, PrimeField};
use rayon::prelude::*;

use super::PIECE;

/// Sums that share an inversion.
const BATCH: usize = 1 << 10;
/// Bits of a scalar, and one for the last carry.
const SCALAR_BITS: usize = Fr::MODULUS_BIT_SIZE as usize + 1;

/// A point with the table of its multiples.
pub(super) struct FixedBase<C: SWCurveConfig> {
    window: usize,
    /// For each window, the multiples 1 to 2^(window−1) of the point shifted by the window.
    tables: Vec<Vec<Affine<C>>>,
}

impl<C: SWCurveConfig<ScalarField = Fr>> FixedBase<C> {
    /// Makes tables that pay for about `count` multiples.
    pub(super) fn new(base: Affine<C>, count: usize) -> Self {
        let window = (count.max(1).ilog2() as usize).saturating_sub(5).clamp(4, 15);
        let shifted: Vec<Projective<C>> = {
            let shift = |point: &Projective<C>| Some((0..window).fold(*point, |point, _| point + point));
            std::iter::successors(Some(base.into_group()), shift)
                .take(SCALAR_BITS.div_ceil(window))
                .collect()
        };
        let table = |base: &Projective<C>| {
            let base = base.into_affine();
            let next = |point: &Projective<C>| Some(*point + base);
            let multiples: Vec<_> = std::iter::successors(Some(base.into_group()), next)
                .take(1 << (window - 1))
                .collect();
            Projective::normalize_batch(&multiples)
        };
        Self {
            window,
            tables: shifted.par_iter().map(table).collect(),
        }
    }

    /// The multiples, computed piece by piece as the caller takes them.
    pub(super) fn pieces<'a>(&'a self, scalars: &'a [Fr]) -> impl Iterator<Item = Vec<Affine<C>>> + 'a {
        scalars.chunks(PIECE).map(|piece| self.multiply(piece))
    }

    /// The point times each scalar.
    pub(super) fn multiply(&self, scalars: &[Fr]) -> Vec<Affine<C>> {
        let mut sums = vec![Affine::identity(); scalars.len()];
        let batches = sums.par_chunks_mut(BATCH).zip(scalars.par_chunks(BATCH));
        batches.for_each(|(sums, scalars)| self.multiply_batch(sums, scalars));
        sums
    }

    fn multiply_batch(&self, sums: &mut [Affine<C>], scalars: &[Fr]) {
        let mut digits: Vec<Digits> = scalars.iter().map(|scalar| Digits::of(scalar, self.window)).collect();
        for table in &self.tables {
            let mut waiting: Vec<(&mut Affine<C>, Affine<C>)> = Vec::with_capacity(sums.len());
            let mut slopes = Vec::with_capacity(sums.len());
            for (sum, digits) in sums.iter_mut().zip(&mut digits) {
                let digit = digits.next();
                let Some(multiple) = (digit.unsigned_abs() as usize)
                    .checked_sub(1)
                    .and_then(|at| table.get(at))
                else {
                    continue;
                };
                let multiple = if digit < 0 { -*multiple } else { *multiple };
                if sum.is_zero() {
                    *sum = multiple;
                } else if sum.x == multiple.x {
                    *sum = (sum.into_group() + multiple).into_affine();
                } else {
                    slopes.push(multiple.x - sum.x);
                    waiting.push((sum, multiple));
                }
            }
            invert_all(&mut slopes);
            for ((sum, multiple), inverse) in waiting.into_iter().zip(slopes) {
                let slope = (multiple.y - sum.y) * inverse;
                let x = slope.square() - sum.x - multiple.x;
                let y = slope * (sum.x - x) - sum.y;
                *sum = Affine::new_unchecked(x, y);
            }
        }
    }
}

/// The signed digits of a scalar, the lowest first: each between −2^(window−1) and 2^(window−1).
struct Digits {
    limbs: [u64; 4],
    window: usize,
    carry: i64,
}

impl Digits {
    fn of(scalar: &Fr, window: usize) -> Self {
        Self {
            limbs: scalar.into_bigint().0,
            window,
            carry: 0,
        }
    }

    fn next(&mut self) -> i64 {
        let [l0, l1, l2, l3] = self.limbs;
        let (window, back) = (self.window, 64 - self.window);
        self.limbs = [
            l0 >> window | l1 << back,
            l1 >> window | l2 << back,
            l2 >> window | l3 << back,
            l3 >> window,
        ];
        let digit = (l0 & ((1 << window) - 1)) as i64 + self.carry;
        self.carry = i64::from(digit > 1 << (window - 1));
        digit - (self.carry << window)
    }
}

/// Inverts all values, none of which is zero, with one inversion.
fn invert_all<F: Field>(values: &mut [F]) {
    let mut products = Vec::with_capacity(values.len());
    let mut product = F::one();
    for value in values.iter() {
        products.push(product);
        product *= value;
    }
    let mut inverse = product.inverse().unwrap_or_else(F::zero);
    for (value, before) in values.iter_mut().zip(products).rev() {
        let own = inverse * before;
        inverse *= *value;
        *value = own;
    }
}

#[cfg(test)]
mod tests {
    use ark_bn254::{g1, g2};
    use ark_ff::Zero;

    use super::*;

    fn multiples_are_right<C: SWCurveConfig<ScalarField = Fr>>(count: usize) {
        let mut scalars = vec![Fr::zero(), Fr::from(1), -Fr::from(1), Fr::from(8), -Fr::from(2)];
        scalars.extend((0..40u64).map(|i| Fr::from(i + 2).pow([i * i + 1])));
        let base = Affine::<C>::generator();
        let expected: Vec<_> = scalars.iter().map(|scalar| (base * scalar).into_affine()).collect();
        assert_eq!(FixedBase::new(base, count).multiply(&scalars), expected);
    }

    #[test]
    fn multiples_in_both_groups_are_those_of_plain_multiplication() {
        for count in [0, 1, 5_000, 100_000] {
            multiples_are_right::<g1::Config>(count);
            multiples_are_right::<g2::Config>(count);
        }
    }
}
