//! The rearranged permutation against the definition.

use super::grain::Parameters;
use super::{FULL_ROUNDS, Supported, Width, permute};
use crate::Fr;
use crate::field::fr_from_be_bytes_mod_order;
use ark_ff::Field;
use proptest::prelude::*;

/// Constants, S-boxes, matrix, round by round.
fn by_definition<const T: usize>(parameters: &Parameters<T>, state: &[Fr; T]) -> [Fr; T] {
    let mut state = *state;
    let rounds = parameters.constants.len();
    for (round, constants) in parameters.constants.iter().enumerate() {
        let full = round < FULL_ROUNDS / 2 || round >= rounds - FULL_ROUNDS / 2;
        for (index, element) in state.iter_mut().enumerate() {
            *element += constants[index];
            if full || index == 0 {
                *element = element.pow([5]);
            }
        }
        state = parameters
            .mixing
            .map(|row| row.iter().zip(&state).map(|(m, s)| *m * s).sum());
    }
    state
}

fn check<const T: usize>(partial_rounds: usize)
where
    Width<T>: Supported<T>,
{
    let parameters = Parameters::<T>::generate(partial_rounds);
    let largest = -Fr::from(1u8);
    let state = proptest::collection::vec(any::<[u8; 32]>(), T);
    proptest!(ProptestConfig::with_cases(64), |(bytes in state, extreme in proptest::bits::u8::between(0, T))| {
        let mut state: [Fr; T] = std::array::from_fn(|index| {
            if extreme >> index & 1 == 1 { largest } else { fr_from_be_bytes_mod_order(&bytes[index]) }
        });
        let expected = by_definition(&parameters, &state);
        permute(&mut state);
        prop_assert_eq!(state, expected);
    });
}

#[test]
fn every_width_permutes_whole_states_as_defined() {
    check::<2>(56);
    check::<3>(57);
    check::<4>(56);
    check::<5>(60);
    check::<6>(60);
}
