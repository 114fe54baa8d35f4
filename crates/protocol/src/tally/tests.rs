use maci_crypto::Fr;

use super::*;
use crate::circuit::Profile;
use crate::poll::Mode;
use crate::replay::finalise;
use crate::scripted::Scripted;
use crate::statement::quinary_root;
use crate::vote::root_of_votes;

fn tally(mode: Mode) -> Tally {
    let poll = Scripted::new(mode).vote(1, 1, 0, 3).vote(2, 1, 4, 5);
    finalise(&poll.state(), &poll.key(), Profile::Hardened, &poll.salts())
        .unwrap()
        .result
}

#[test]
fn any_slice_of_options_proves_its_results_against_one_commitment() {
    let tally = tally(Mode::Qv);
    let root = root_of_votes(&tally.totals.results);
    for start in 0..5 {
        for end in start..=5 {
            let call = tally.add_results(start..end).unwrap();
            assert_eq!(call.vote_option_indices, (start..end).collect::<Vec<_>>());
            let proven = call
                .vote_option_indices
                .iter()
                .zip(&call.tally_results)
                .zip(&call.tally_result_proofs);
            for ((index, result), proof) in proven {
                assert_eq!(quinary_root(*result, *index, proof), root);
            }
        }
    }
}

#[test]
fn an_option_the_poll_does_not_have_cannot_be_published() {
    let refused = tally(Mode::Qv).add_results(3..6);
    assert_eq!(
        refused,
        Err(NoSuchOption {
            first: 3,
            end: 6,
            vote_options: 5
        })
    );
    // not even where the ballots have room for it
    let narrow = Tally {
        vote_options: 3,
        ..tally(Mode::Qv)
    };
    assert!(narrow.add_results(0..3).is_ok());
    assert!(narrow.add_results(3..4).is_err());
}

#[test]
fn only_quadratic_tallies_commit_to_credits_per_option() {
    assert!(tally(Mode::Qv).commitments.per_option_spent.is_some());
    let plain = tally(Mode::NonQv);
    assert_eq!(plain.commitments.per_option_spent, None);
    assert_eq!(
        plain.add_results(0..1).unwrap().per_vo_spent_voice_credits_hash,
        Fr::from(0u64)
    );
    assert_eq!(plain.totals.spent, Fr::from(8u64));
}
