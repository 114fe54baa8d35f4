use super::super::sample::{batches, coordinator, key, standing, state};
use super::*;

use maci_crypto::Fr;
use maci_crypto::keys::PrivateKey;
use maci_protocol::salts::{SaltSlot, Salts};

/// Salts as another tool draws them.
struct Foreign;

impl Salts for Foreign {
    fn salt(&self, slot: &SaltSlot) -> Fr {
        Fr::from(slot.batch + 1_000_000)
    }

    fn padding_key(&self, _: &SaltSlot) -> PrivateKey {
        PrivateKey::from_seed([9; 32])
    }
}

/// What a finaliser of ours plans for a chain that stands like this.
fn planned(standing: &Standing) -> Result<Option<usize>, FinaliseError> {
    let state = state();
    plan(&state, &key(&state), Profile::Hardened, standing, &[]).map(|(_, source)| source)
}

fn ours() -> Finalisation {
    let state = state();
    let salts = DerivedSalts::new(&coordinator(), state.config().poll());
    batches(&state, &salts)
}

#[test]
fn our_own_batches_are_continued_however_many_are_on_chain() {
    let (state, ours) = (state(), ours());
    assert_eq!((ours.process.len(), ours.tally.len()), (1, 2));
    for (processed, tallied) in [(0, 0), (1, 0), (1, 1), (1, 2)] {
        let standing = standing(&state, &ours, processed, tallied);
        assert!(matches!(planned(&standing), Ok(None)), "{processed}, {tallied}");
    }
}

#[test]
fn message_batches_with_the_salts_of_another_tool_are_not_continued() {
    let state = state();
    let standing = standing(&state, &batches(&state, &Foreign), 1, 0);
    let refused = planned(&standing).unwrap_err();
    assert!(
        matches!(
            refused,
            FinaliseError::ForeignBatches {
                phase: Phase::Process,
                done: 1,
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn ballot_batches_with_the_salts_of_another_tool_are_not_continued() {
    let (state, ours) = (state(), ours());
    for tallied in 1..=2 {
        let mut standing = standing(&state, &ours, 1, tallied);
        standing.tallying.commitment += Fr::from(1u64);
        let refused = planned(&standing).unwrap_err();
        let expected = tallied as u64;
        assert!(
            matches!(refused, FinaliseError::ForeignBatches { phase: Phase::Tally, done, .. } if done == expected),
            "{refused}"
        );
    }
}

#[test]
fn more_batches_than_a_poll_has_are_nobodys() {
    let (state, ours) = (state(), ours());
    let mut standing = standing(&state, &ours, 1, 2);
    standing.tallying.batches = 3;
    assert!(matches!(planned(&standing), Err(FinaliseError::ForeignBatches { .. })));
}
