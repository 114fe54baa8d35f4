//! Poseidon's parameters, rearranged so that a permutation needs few products.
//!
//! **Full rounds** stay as they are; the constants of a round are added by the linear layer before it.
//!
//! **Partial rounds** change only element 0 other than linearly, so the rest is a linear system with one input and one
//! output per round. With the mixing matrix `[[a, v], [w, Z]]`, `x_i` the element that enters the S-box of partial
//! round i, `y_i` its fifth power and `z_i` the other `K = T − 1` elements:
//!
//! ```text
//! x_{i+1} = a·y_i + v·z_i        z_{i+1} = Z·z_i + w·y_i
//! ```
//!
//! Eliminating z (Cayley-Hamilton for Z) leaves a recursive filter, one sum of products per round:
//!
//! ```text
//! x_{i+1} = Σ_{d=1..K} q_d·x_{i+1−d} + Σ_{m=0..K} f_m·y_{i−m}
//! ```
//!
//! - Constants of elements 1..K commute with the S-box and wander forward into the constant of the next `x`.
//! - Round i works with `X_i = α_i·x_i`, the `α_i` chosen such that the factor of the newest `y` is 1.
//! - *Entry*: the filter's past is invented. The last full round's S-boxes give `y_0` and `z_0`; with no input before
//!   that, `z_{−j} = Z^{−j}·z_0` and `x_{1−j} = v·z_{−j}`.
//! - *Exit*: the last K pairs of x and y determine z, because `v, v·Z, …` are independent.

#![expect(
    clippy::indexing_slicing,
    reason = "runs once, on constants, with sizes that follow from T and K"
)]

use super::FULL_ROUNDS;
use super::grain::Parameters;
use super::lazy::Lazy;
use super::matrix::{Matrix, combine, inverse, times_column, times_row};
use crate::Fr;
use ark_ff::{AdditiveGroup, Field};

/// What a permutation of `T` elements computes, in order. `K` is `T − 1`.
pub(super) struct Schedule<const T: usize, const K: usize> {
    pub(super) first_constants: [Lazy; T],
    pub(super) mixing: [[Lazy; T]; T],
    /// Constants added by the linear layers of the first full rounds but the last.
    pub(super) opening: [[Start; T]; FULL_ROUNDS / 2 - 1],
    /// Rows that make the filter's past `x_{1−K}, …, x_0` from `z_0`.
    pub(super) entry: [[Lazy; K]; K],
    /// One more than there are partial rounds: the first makes `x_1`, the last what follows the last partial round.
    pub(super) filter: Vec<Tap<K>>,
    pub(super) exit: Exit<K>,
    /// Constants added by the linear layers of the last full rounds.
    pub(super) closing: [[Start; T]; FULL_ROUNDS / 2],
}

/// A summand in the form that [`dot`](super::lazy::dot) starts from.
pub(super) type Start = [u64; 4];

/// One step of the filter; factors are ordered from the oldest value to the newest.
pub(super) struct Tap<const K: usize> {
    pub(super) constant: Start,
    /// Factors of the last K x.
    pub(super) x: [Lazy; K],
    /// Factors of the K y before the newest, whose factor is 1.
    pub(super) y: [Lazy; K],
}

/// From the filter back to a state.
pub(super) struct Exit<const K: usize> {
    /// Undoes the scale of the last x.
    pub(super) unscale: Lazy,
    pub(super) first_constant: Start,
    /// Elements 1 to K from the last K x and the last K y, oldest first.
    pub(super) rows: [Tap<K>; K],
}

impl<const T: usize, const K: usize> Schedule<T, K> {
    pub(super) fn new(partial_rounds: usize) -> Self {
        let Parameters { constants, mixing } = Parameters::<T>::generate(partial_rounds);
        let half = FULL_ROUNDS / 2;
        let (opening, rest) = constants.split_at(half);
        let (partial, closing) = rest.split_at(partial_rounds);

        let mut wandering = [Fr::ZERO; T];
        let mut offsets = vec![Fr::ZERO];
        for round in partial {
            let mut sum: Vec<Fr> = wandering.iter().zip(round).map(|(a, b)| *a + b).collect();
            offsets.push(std::mem::replace(&mut sum[0], Fr::ZERO));
            wandering = mixing.map(|row| combine(&row, &sum));
        }
        // What follows the partial rounds enters the filter without a constant; the exit adds it.
        offsets.push(Fr::ZERO);
        let after_partial: Vec<Fr> = closing
            .first()
            .map(|round| round.iter().zip(wandering).map(|(a, b)| *a + b).collect())
            .unwrap_or_default();

        let layer = |index: usize, constants: &[[Fr; T]]| match constants.get(index) {
            Some(round) => round.map(start),
            None => [start(Fr::ZERO); T],
        };
        let filter = Filter::<K>::new(&mixing, partial_rounds);
        Self {
            first_constants: opening.first().map_or([Lazy::ZERO; T], |round| round.map(Lazy::from)),
            mixing: mixing.map(|row| row.map(Lazy::from)),
            opening: std::array::from_fn(|index| layer(index + 1, opening)),
            entry: filter.entry(),
            filter: (0..=partial_rounds).map(|round| filter.tap(round, &offsets)).collect(),
            exit: filter.exit(&offsets, &after_partial),
            closing: std::array::from_fn(|index| layer(index + 1, closing)),
        }
    }
}

/// The filter's coefficients before scaling.
struct Filter<const K: usize> {
    /// `v·Z^k` for k below K.
    outputs: Matrix,
    z: Matrix,
    w: Vec<Fr>,
    /// `q_1, …, q_K`.
    feedback: Vec<Fr>,
    /// `f_0, …, f_K`.
    feedforward: Vec<Fr>,
    /// The impulse response: a, then `v·Z^{m−1}·w`.
    response: Vec<Fr>,
    /// `α_i` for i from 0; of `x_0` and before, and of `y_0`, it is 1.
    scales: Vec<Fr>,
}

impl<const K: usize> Filter<K> {
    fn new<const T: usize>(mixing: &[[Fr; T]; T], partial_rounds: usize) -> Self {
        let a = mixing[0][0];
        let v = mixing[0][1..].to_vec();
        let w: Vec<Fr> = mixing.iter().skip(1).map(|row| row[0]).collect();
        let z: Matrix = mixing.iter().skip(1).map(|row| row[1..].to_vec()).collect();

        let mut powers: Matrix = std::iter::successors(Some(v), |row| Some(times_row(row, &z)))
            .take(K + 1)
            .collect();
        let response: Vec<Fr> = std::iter::once(a)
            .chain(powers.iter().map(|row| combine(row, &w)))
            .collect();
        let beyond = powers.pop().unwrap_or_default();
        // v·Z^K in terms of the lower powers; the factor of v·Z^k belongs to x that is K − k rounds old.
        let mut feedback = times_row(&beyond, &inverse(&powers));
        feedback.reverse();
        let feedforward = (0..=K)
            .map(|m| response[m] - (1..=m).map(|d| feedback[d - 1] * response[m - d]).sum::<Fr>())
            .collect();

        let inverse_a = a.inverse().unwrap_or_default();
        let scales = std::iter::successors(Some(Fr::ONE), |scale| Some(scale.pow([5]) * inverse_a));
        Self {
            outputs: powers,
            z,
            w,
            feedback,
            feedforward,
            response,
            scales: scales.take(partial_rounds + 2).collect(),
        }
    }

    /// `α_i`, for rounds before the filter's start too.
    fn scale(&self, round: isize) -> Fr {
        usize::try_from(round)
            .ok()
            .and_then(|round| self.scales.get(round))
            .copied()
            .unwrap_or(Fr::ONE)
    }

    fn unscale_x(&self, round: isize) -> Fr {
        self.scale(round).inverse().unwrap_or_default()
    }

    fn unscale_y(&self, round: isize) -> Fr {
        self.unscale_x(round).pow([5])
    }

    fn entry(&self) -> [[Lazy; K]; K] {
        let inverse_z = inverse(&self.z);
        let v = self.outputs.first().cloned().unwrap_or_default();
        let mut rows: Matrix = std::iter::successors(Some(v), |row| Some(times_row(row, &inverse_z)))
            .skip(1)
            .take(K)
            .collect();
        rows.reverse();
        std::array::from_fn(|row| std::array::from_fn(|column| rows[row][column].into()))
    }

    /// The step that makes `x_{round+1}`, with the constant that it then enters the S-box with.
    fn tap(&self, round: usize, offsets: &[Fr]) -> Tap<K> {
        let round = round as isize;
        let offset = |round: isize| usize::try_from(round).map_or(Fr::ZERO, |round| offsets[round]);
        let scale = self.scale(round + 1);
        let ages = (1..=K).rev();
        let constant = offset(round + 1)
            - ages
                .clone()
                .map(|d| self.feedback[d - 1] * offset(round + 1 - d as isize))
                .sum::<Fr>();
        let x = ages
            .clone()
            .map(|d| self.feedback[d - 1] * self.unscale_x(round + 1 - d as isize));
        let y = ages.map(|m| self.feedforward[m] * self.unscale_y(round - m as isize));
        Tap {
            constant: start(constant * scale),
            x: scaled(x, scale),
            y: scaled(y, scale),
        }
    }

    /// `z_N = Z^K·z_{N−K} + Σ_{j=1..K} Z^{j−1}·w·y_{N−j}`, where `v·Z^k·z_{N−K}` is
    /// `x_{N−K+k+1} − Σ_{j=0..k} response_j·y_{N−K+k−j}`.
    fn exit(&self, offsets: &[Fr], constants: &[Fr]) -> Exit<K> {
        let last = (offsets.len() - 1) as isize;
        let mut power = inverse(&self.outputs);
        for _ in 0..K {
            power = self.z.iter().map(|row| times_row(row, &power)).collect();
        }
        let inputs: Matrix = std::iter::successors(Some(self.w.clone()), |column| Some(times_column(&self.z, column)))
            .take(K)
            .collect();
        let rows = std::array::from_fn(|row| {
            let from_x = |k: usize| power[row][k];
            let from_y = |k: usize| {
                let past: Fr = (k..K).map(|later| power[row][later] * self.response[later - k]).sum();
                inputs[K - 1 - k][row] - past
            };
            let age = |k: usize| last - K as isize + k as isize;
            let offset: Fr = (0..K).map(|k| from_x(k) * offsets[(age(k) + 1) as usize]).sum();
            Tap {
                constant: start(constants[row + 1] - offset),
                x: std::array::from_fn(|k| (from_x(k) * self.unscale_x(age(k) + 1)).into()),
                y: std::array::from_fn(|k| (from_y(k) * self.unscale_y(age(k))).into()),
            }
        });
        Exit {
            unscale: self.unscale_x(last).into(),
            first_constant: start(constants[0]),
            rows,
        }
    }
}

fn scaled<const K: usize>(factors: impl Iterator<Item = Fr>, scale: Fr) -> [Lazy; K] {
    let mut out = [Lazy::ZERO; K];
    for (slot, factor) in out.iter_mut().zip(factors) {
        *slot = (factor * scale).into();
    }
    out
}

/// The Montgomery form of the Montgomery form.
fn start(summand: Fr) -> Start {
    (summand * Fr::from(2u8).pow([256])).0.0
}
