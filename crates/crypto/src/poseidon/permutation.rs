//! The permutation itself.

use super::lazy::{Lazy, dot};
use super::schedule::{Schedule, Start};
use crate::Fr;
use std::sync::LazyLock;

/// Names a state width.
#[derive(Debug)]
pub enum Width<const T: usize> {}

/// The state widths with parameters: 2 to 6.
pub trait Supported<const T: usize>: sealed::Permute<T> {}

mod sealed {
    use crate::Fr;

    pub trait Permute<const T: usize> {
        fn permute(state: &mut [Fr; T]);
    }
}

macro_rules! width {
    ($t:literal, $k:literal, $partial_rounds:literal) => {
        impl Supported<$t> for Width<$t> {}
        impl sealed::Permute<$t> for Width<$t> {
            fn permute(state: &mut [Fr; $t]) {
                static SCHEDULE: LazyLock<Schedule<$t, $k>> = LazyLock::new(|| Schedule::new($partial_rounds));
                SCHEDULE.run(state);
            }
        }
    };
}
width!(2, 1, 56);
width!(3, 2, 57);
width!(4, 3, 56);
width!(5, 4, 60);
width!(6, 5, 60);

/// Permutes a whole state of 2 to 6 elements.
pub fn permute<const T: usize>(state: &mut [Fr; T])
where
    Width<T>: Supported<T>,
{
    <Width<T> as sealed::Permute<T>>::permute(state);
}

/// Room for the filter's values: at most 61 steps and 5 before them.
const HISTORY: usize = 68;

impl<const T: usize, const K: usize> Schedule<T, K> {
    /// Every state element between rounds is below `2p`.
    fn run(&self, output: &mut [Fr; T]) {
        let mut state: [Lazy; T] = std::array::from_fn(|index| {
            let (element, constant) = (output.get(index), self.first_constants.get(index));
            element
                .map_or(Lazy::ZERO, |e| Lazy::from(*e))
                .plus(constant.copied().unwrap_or(Lazy::ZERO))
        });
        for constants in &self.opening {
            state = self.full_round(&state, constants);
        }
        state = self.partial_rounds(&state);
        for constants in &self.closing {
            state = self.full_round(&state, constants);
        }
        *output = state.map(Lazy::canonical);
    }

    /// S-boxes below `1.6p`; sums of at most six products with constants below `(0.19 · 6 · 1.6 + 1)p < 3p`.
    #[inline]
    fn full_round(&self, state: &[Lazy; T], constants: &[Start; T]) -> [Lazy; T] {
        let boxed = state.map(Lazy::fifth_power);
        let mut mixed = [Lazy::ZERO; T];
        for ((out, row), constant) in mixed.iter_mut().zip(&self.mixing).zip(constants) {
            *out = dot(*constant, &boxed, row, &[], &[]).below_twice_modulus();
        }
        mixed
    }

    /// The last of the first full rounds, without its linear layer, then the filter.
    ///
    /// Values x stay below `2p` and y below `1.6p`: a sum over at most five of each is below `(0.19 · 18 + 1)p < 4.5p`,
    /// two subtractions later below `2p`, with the newest y below `4p`, and so is the next x below `2p`.
    #[inline]
    fn partial_rounds(&self, state: &[Lazy; T]) -> [Lazy; T] {
        let mut xs = [Lazy::ZERO; HISTORY];
        let mut ys = [Lazy::ZERO; HISTORY];
        let boxed = state.map(Lazy::fifth_power);
        let (Some(newest), Some(rest)) = (boxed.first(), boxed.last_chunk::<K>()) else {
            return *state;
        };
        for (x, row) in xs.iter_mut().zip(&self.entry) {
            *x = dot([0; 4], rest, row, &[], &[]).below_twice_modulus();
        }

        let mut newest = *newest;
        let mut newest_x = Lazy::ZERO;
        for (round, tap) in self.filter.iter().enumerate() {
            let (Some(x), Some(y)) = (window::<K>(&xs, round), window::<K>(&ys, round)) else {
                return *state;
            };
            let past = dot(tap.constant, x, &tap.x, y, &tap.y)
                .below_twice_modulus()
                .below_twice_modulus();
            newest_x = past.plus(newest).below_twice_modulus();
            if let (Some(x), Some(y)) = (xs.get_mut(round + K), ys.get_mut(round + K)) {
                *x = newest_x;
                *y = newest;
            }
            newest = newest_x.fifth_power();
        }

        let mut left = [Lazy::ZERO; T];
        let steps = self.filter.len();
        let (Some(x), Some(y)) = (window::<K>(&xs, steps), window::<K>(&ys, steps)) else {
            return *state;
        };
        if let Some((first, others)) = left.split_first_mut() {
            *first = dot(self.exit.first_constant, &[newest_x], &[self.exit.unscale], &[], &[]);
            for (out, row) in others.iter_mut().zip(&self.exit.rows) {
                *out = dot(row.constant, x, &row.x, y, &row.y)
                    .below_twice_modulus()
                    .below_twice_modulus();
            }
        }
        left
    }
}

#[inline(always)]
fn window<const K: usize>(values: &[Lazy; HISTORY], from: usize) -> Option<&[Lazy; K]> {
    values.get(from..).and_then(<[Lazy]>::first_chunk)
}
