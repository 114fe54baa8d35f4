//! The permutation itself.

use super::FULL_ROUNDS;
use super::grain::Parameters;
use crate::Fr;
use ark_ff::Field;
use std::sync::LazyLock;

/// Names a state width.
#[derive(Debug)]
pub enum Width<const T: usize> {}

/// The state widths with parameters: 2 to 6.
pub trait Supported<const T: usize>: sealed::Schedule<T> {}

mod sealed {
    use super::Parameters;

    pub trait Schedule<const T: usize> {
        #[expect(private_interfaces, reason = "the trait is sealed")]
        fn schedule() -> &'static Parameters<T>;
    }
}

macro_rules! width {
    ($t:literal, $partial_rounds:literal) => {
        impl Supported<$t> for Width<$t> {}
        impl sealed::Schedule<$t> for Width<$t> {
            #[expect(private_interfaces, reason = "the trait is sealed")]
            fn schedule() -> &'static Parameters<$t> {
                static PARAMETERS: LazyLock<Parameters<$t>> = LazyLock::new(|| Parameters::generate($partial_rounds));
                &PARAMETERS
            }
        }
    };
}
width!(2, 56);
width!(3, 57);
width!(4, 56);
width!(5, 60);
width!(6, 60);

/// Permutes a whole state of 2 to 6 elements.
pub fn permute<const T: usize>(state: &mut [Fr; T])
where
    Width<T>: Supported<T>,
{
    let parameters = <Width<T> as sealed::Schedule<T>>::schedule();
    let half = FULL_ROUNDS / 2;
    let rounds = parameters.constants.len();
    for (round, constants) in parameters.constants.iter().enumerate() {
        for (s, c) in state.iter_mut().zip(constants) {
            *s += c;
        }
        let full = round < half || round >= rounds - half;
        for s in state.iter_mut().take(if full { T } else { 1 }) {
            *s *= s.square().square();
        }
        *state = parameters
            .mixing
            .map(|row| row.iter().zip(state.iter()).map(|(m, s)| *m * s).sum());
    }
}
