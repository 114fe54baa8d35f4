//! The quadratic extension `Fq[u]/(u² + 1)`, the field of G2's coordinates, over any prime lanes.

use super::{Kernel, LANES, Lanes, Mask, PrimeLanes};

/// Eight elements `c0 + c1·u`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quadratic<F> {
    c0: F,
    c1: F,
}

impl<F: PrimeLanes> Lanes for Quadratic<F> {
    type Packed = [F::Packed; 2];

    #[inline(always)]
    fn vectorize<K: Kernel>(kernel: K) -> K::Output {
        F::vectorize(kernel)
    }

    #[inline(always)]
    fn zero() -> Self {
        Self {
            c0: F::zero(),
            c1: F::zero(),
        }
    }

    #[inline(always)]
    fn one() -> Self {
        Self {
            c0: F::one(),
            c1: F::zero(),
        }
    }

    #[inline(always)]
    fn splat(element: &Self::Packed) -> Self {
        Self {
            c0: F::splat(&element[0]),
            c1: F::splat(&element[1]),
        }
    }

    #[inline(always)]
    fn gather(places: [&Self::Packed; LANES]) -> Self {
        let mut parts = [[&places[0][0]; LANES], [&places[0][1]; LANES]];
        for lane in 0..LANES {
            parts[0][lane] = &places[lane][0];
            parts[1][lane] = &places[lane][1];
        }
        Self {
            c0: F::gather(parts[0]),
            c1: F::gather(parts[1]),
        }
    }

    #[inline(always)]
    fn unpack(self) -> [Self::Packed; LANES] {
        let (c0, c1) = (self.c0.unpack(), self.c1.unpack());
        std::array::from_fn(|i| [c0[i], c1[i]])
    }

    #[inline(always)]
    fn copy_lane(&mut self, lane: usize, from: &Self, from_lane: usize) {
        self.c0.copy_lane(lane, &from.c0, from_lane);
        self.c1.copy_lane(lane, &from.c1, from_lane);
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        let [c0, c1] = F::product_of_pairs(&[self.c0, self.c1], &[other.c0, other.c1]);
        Self { c0, c1 }
    }

    #[inline(always)]
    fn squared(self) -> Self {
        Self {
            c0: self.c0.plus(self.c1).times(self.c0.less(self.c1)),
            c1: self.c0.times(self.c1.plus(self.c1)),
        }
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self {
            c0: self.c0.plus(other.c0),
            c1: self.c1.plus(other.c1),
        }
    }

    #[inline(always)]
    fn less(self, other: Self) -> Self {
        Self {
            c0: self.c0.less(other.c0),
            c1: self.c1.less(other.c1),
        }
    }

    #[inline(always)]
    fn gap(self, other: Self) -> Self {
        Self {
            c0: self.c0.gap(other.c0),
            c1: self.c1.gap(other.c1),
        }
    }

    #[inline(always)]
    fn minus_both(self, a: Self, b: Self) -> Self {
        Self {
            c0: self.c0.minus_both(a.c0, b.c0),
            c1: self.c1.minus_both(a.c1, b.c1),
        }
    }

    #[inline(always)]
    fn minus(self, a: Self) -> Self {
        Self {
            c0: self.c0.minus(a.c0),
            c1: self.c1.minus(a.c1),
        }
    }

    #[inline(always)]
    fn flip(self, mask: Mask) -> Self {
        Self {
            c0: self.c0.flip(mask),
            c1: self.c1.flip(mask),
        }
    }

    #[inline(always)]
    fn select(mask: Mask, yes: Self, no: Self) -> Self {
        Self {
            c0: F::select(mask, yes.c0, no.c0),
            c1: F::select(mask, yes.c1, no.c1),
        }
    }

    #[inline(always)]
    fn zero_lanes(self) -> Mask {
        self.c0.zero_lanes() & self.c1.zero_lanes()
    }

    #[inline(always)]
    fn inverse(self) -> Self {
        let norm = F::dot(self.c0, self.c0, self.c1, self.c1);
        let scale = norm.inverse();
        Self {
            c0: scale.times(self.c0),
            c1: scale.times(self.c1.flip(super::ALL)),
        }
    }
}
