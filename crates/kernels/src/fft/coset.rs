//! The passes over the whole domain.
//!
//! With `t = i·columns + j` and `k = k1 + rows·k2`, the exponent splits into `t·k = columns·i·k1 + j·k1 + rows·j·k2`
//! modulo `n`: transforms down the columns, a twist by `ω^(j·k1)`, transforms along the rows. The shift to the coset
//! and the division by `n` are part of the twists.
//!
//! Between passes, values lie in tiles of 64 (eight rows by eight columns), so that a pass can read eight rows where the
//! one before wrote eight columns.

use ark_bn254::Fr;
use ark_ff::Field;
use rayon::prelude::*;

use super::butterfly::{Backward, Forward};
use super::plan::{Plan, enter, reverse_bits};
use super::small;
use crate::field::Limbs;
use crate::field::limbs::canonical;
use crate::field::modulus::Scalar;
use crate::lanes::{Kernel, LANES, Lanes, Machine, PrimeLanes};

/// Eight neighbours, which a vector is loaded from.
pub(super) type Eight = [Limbs; LANES];

/// The quotient's scalars: `a·b - c` on the coset, where `values(t)` are `a` and `b` at point `t` of the domain and `c`
/// is the polynomial with the values `a·b` there.
///
/// Values come in the machine's Montgomery form below `2p`. What goes out are integers below the modulus, in the order of
/// [`Plan::order`].
pub(crate) fn quotient<M: Machine>(plan: &Plan, values: &(impl Fn(usize) -> [Limbs; 2] + Sync)) -> Vec<Eight> {
    if plan.is_small() {
        return small::quotient::<M>(plan, values);
    }
    let blank = || vec![[[0; 4]; LANES]; plan.size() / LANES];
    let (mut a, mut b, mut c) = (blank(), blank(), blank());
    a.par_chunks_mut(plan.rows)
        .zip(b.par_chunks_mut(plan.rows))
        .zip(c.par_chunks_mut(plan.rows))
        .enumerate()
        .for_each_init(Vec::<M::Scalar>::new, |memory, (stripe, ((a, b), c))| {
            M::Scalar::vectorize(Columns {
                plan,
                stripe,
                values,
                memory,
                out: [a, b, c],
            });
        });
    let [a, b, c] = [a, b, c].map(|input| {
        let mut output = blank();
        output.par_chunks_mut(plan.columns).enumerate().for_each_init(
            Vec::<M::Scalar>::new,
            |memory, (group, output)| {
                M::Scalar::vectorize(Rows::<M::Scalar> {
                    plan,
                    group,
                    input: &input,
                    memory,
                    output,
                });
            },
        );
        output
    });
    let mut out = blank();
    out.par_chunks_mut(plan.rows)
        .enumerate()
        .for_each_init(Vec::<M::Scalar>::new, |memory, (stripe, out)| {
            M::Scalar::vectorize(Finish::<M::Scalar> {
                plan,
                stripe,
                inputs: [&a, &b, &c],
                memory,
                out,
            });
        });
    out
}

/// The same place in each eight of a tile.
#[inline(always)]
fn across<F: PrimeLanes>(tile: &[Eight], place: usize) -> F {
    let mut places = [&tile[0][place]; LANES];
    for i in 1..LANES {
        places[i] = &tile[i][place];
    }
    F::gather(places)
}

/// Powers of eight ratios, one step after the other.
struct Twist<F> {
    ratio: F,
    power: F,
}

impl<F: PrimeLanes> Twist<F> {
    #[inline(always)]
    fn new(start: Fr, ratios: [Fr; LANES]) -> Self {
        let ratios = ratios.map(|ratio| enter::<F>(&ratio));
        Self {
            ratio: F::load(&ratios),
            power: F::splat(&enter::<F>(&start)),
        }
    }

    #[inline(always)]
    fn next(&mut self) -> F {
        let power = self.power;
        self.power = power.times(self.ratio);
        power
    }
}

/// Down eight columns: values to coefficients, then the twist. The rows come out in bit-reversed order.
struct Columns<'a, F, V> {
    plan: &'a Plan,
    stripe: usize,
    values: &'a V,
    memory: &'a mut Vec<F>,
    out: [&'a mut [Eight]; 3],
}

impl<F: PrimeLanes, V: Fn(usize) -> [Limbs; 2]> Kernel for Columns<'_, F, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self {
            plan,
            stripe,
            values,
            memory,
            out,
        } = self;
        let rows = plan.rows;
        memory.clear();
        memory.resize(3 * rows, F::zero());
        let (a, rest) = memory.split_at_mut(rows);
        let (b, c) = rest.split_at_mut(rows);
        for row in 0..rows {
            let mut eights = [[[0; 4]; LANES]; 2];
            for lane in 0..LANES {
                let [a, b] = values(row * plan.columns + stripe * LANES + lane);
                eights[0][lane] = a;
                eights[1][lane] = b;
            }
            a[row] = F::load(&eights[0]);
            b[row] = F::load(&eights[1]);
            c[row] = a[row].times(b[row]);
        }
        for values in [&mut *a, &mut *b, &mut *c] {
            F::vectorize(Backward {
                values,
                roots: &plan.column_roots,
            });
        }

        let back = plan.root.inverse().unwrap_or_default();
        let mut ratio = plan.shift * back.pow([(stripe * LANES) as u64]);
        let ratios = std::array::from_fn(|_| {
            let here = ratio;
            ratio *= back;
            here
        });
        let mut twist = Twist::<F>::new(Fr::from(plan.size() as u64).inverse().unwrap_or_default(), ratios);
        let bits = rows.ilog2();
        let [out_a, out_b, out_c] = out;
        for k in 0..rows {
            let place = reverse_bits(k, bits);
            let power = twist.next();
            out_a[place] = power.times(a[place]).unpack();
            out_b[place] = power.times(b[place]).unpack();
            out_c[place] = power.times(c[place]).unpack();
        }
    }
}

/// Along eight rows: to coefficients, to the coset, back to values, then the twist.
struct Rows<'a, F> {
    plan: &'a Plan,
    group: usize,
    input: &'a [Eight],
    memory: &'a mut Vec<F>,
    output: &'a mut [Eight],
}

impl<F: PrimeLanes> Kernel for Rows<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self {
            plan,
            group,
            input,
            memory,
            output,
        } = self;
        memory.clear();
        for stripe in input.chunks_exact(plan.rows) {
            let tile = &stripe[group * LANES..(group + 1) * LANES];
            for column in 0..LANES {
                memory.push(across(tile, column));
            }
        }
        F::vectorize(Backward {
            values: memory,
            roots: &plan.row_roots,
        });
        for (value, shift) in memory.iter_mut().zip(&plan.shifts) {
            *value = F::splat(shift).times(*value);
        }
        F::vectorize(Forward {
            values: memory,
            roots: &plan.row_roots,
        });
        let bits = plan.rows.ilog2();
        let ratios = std::array::from_fn(|lane| plan.root.pow([reverse_bits(group * LANES + lane, bits) as u64]));
        let mut twist = Twist::<F>::new(Fr::ONE, ratios);
        for (out, value) in output.iter_mut().zip(memory.iter()) {
            *out = twist.next().times(*value).unpack();
        }
    }
}

/// Down eight columns again: to the values on the coset, and there the quotient.
struct Finish<'a, F> {
    plan: &'a Plan,
    stripe: usize,
    inputs: [&'a [Eight]; 3],
    memory: &'a mut Vec<F>,
    out: &'a mut [Eight],
}

impl<F: PrimeLanes> Kernel for Finish<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self {
            plan,
            stripe,
            inputs,
            memory,
            out,
        } = self;
        let rows = plan.rows;
        memory.clear();
        for input in inputs {
            for group in input.chunks_exact(plan.columns) {
                let tile = &group[stripe * LANES..(stripe + 1) * LANES];
                for row in 0..LANES {
                    memory.push(across(tile, row));
                }
            }
        }
        for values in memory.chunks_exact_mut(rows) {
            F::vectorize(Forward {
                values,
                roots: &plan.column_roots,
            });
        }
        // A product with the integer one leaves Montgomery form.
        let leave = F::splat(&[1, 0, 0, 0]);
        for (i, out) in out.iter_mut().enumerate() {
            let product = memory[i].tighten().times(memory[rows + i]);
            let quotient = product.less(memory[2 * rows + i].tighten());
            *out = leave.times(quotient).unpack();
            for x in out {
                *x = canonical::<Scalar>(x);
            }
        }
    }
}
