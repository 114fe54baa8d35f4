//! Sums of products with a single reduction.

use super::Limbs;
use super::limbs::{multiply_add, product};
use super::modulus::{Modulus, power_of_two};

/// An exact sum of products of values below `2p`: room for `2^60` of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Products([u64; 9]);

impl Products {
    /// Adds `a·b`.
    #[inline(always)]
    pub(crate) fn add(&mut self, a: &Limbs, b: &Limbs) {
        let t = &mut self.0;
        let mut over = 0u64;
        for i in 0..4 {
            let mut carry = 0;
            for j in 0..4 {
                (t[i + j], carry) = multiply_add(t[i + j], a[j], b[i], carry);
            }
            let (x, first) = t[i + 4].overflowing_add(carry);
            let (x, second) = x.overflowing_add(over);
            t[i + 4] = x;
            over = u64::from(first | second);
        }
        t[8] += over;
    }

    /// The sum times `2^-256`, below `2p`.
    #[inline(always)]
    pub(crate) fn reduce<M: Modulus>(&self) -> Limbs {
        let mut t = self.0;
        let mut over = 0u64;
        for i in 0..4 {
            let m = t[i].wrapping_mul(M::NEG_INV);
            let (_, mut carry) = multiply_add(t[i], m, M::P[0], 0);
            for j in 1..4 {
                (t[i + j], carry) = multiply_add(t[i + j], m, M::P[j], carry);
            }
            let (x, first) = t[i + 4].overflowing_add(carry);
            let (x, second) = x.overflowing_add(over);
            t[i + 4] = x;
            over = u64::from(first | second);
        }
        let top = t[8] + over;
        // low + top·2^256: bring both parts below 2p by a product with a power of two each.
        let low = [t[4], t[5], t[6], t[7]];
        if top == 0 && t[7] < M::P[3] {
            return low;
        }
        let low = product::<M>(&low, const { &power_of_two::<M>(256) });
        let high = product::<M>(&[top, 0, 0, 0], const { &power_of_two::<M>(512) });
        super::limbs::sum::<M>(&low, &high)
    }
}

#[cfg(test)]
mod tests {
    use ark_bn254::Fr;
    use ark_ff::{BigInt, UniformRand};
    use rand::SeedableRng;

    use super::Products;
    use crate::field::limbs::canonical;
    use crate::field::modulus::Scalar;

    #[test]
    fn long_sums_of_products_equal_arkworks() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(3);
        for length in [0, 1, 2, 3, 8, 100, 3000] {
            let pairs: Vec<(Fr, Fr)> = (0..length).map(|_| (Fr::rand(&mut rng), -Fr::rand(&mut rng))).collect();
            let mut sum = Products::default();
            for (a, b) in &pairs {
                sum.add(&a.0.0, &b.0.0);
            }
            let got = Fr::new_unchecked(BigInt(canonical::<Scalar>(&sum.reduce::<Scalar>())));
            assert_eq!(got, pairs.iter().map(|(a, b)| *a * b).sum::<Fr>());
        }
    }
}
