use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_crypto::field::fr_from_be_bytes_mod_order;
use maci_crypto::keys::PrivateKey;
use proptest::prelude::*;

use super::*;
use crate::circuit::Profile;
use crate::poll::{Mode, PollConfig, PollParameters};
use crate::salts::DerivedSalts;
use crate::scripted::{CREDITS, Scripted, coordinator, voter};
use crate::state::{PollEvent, PollState};
use crate::vote::Message;

fn finalised(poll: &Scripted) -> Finalisation {
    let done = finalise(&poll.state(), &poll.key(), Profile::Hardened, &poll.salts()).unwrap();
    for batch in &done.process {
        assert_eq!(batch.statement.holds(Profile::Hardened), Ok(()));
    }
    for batch in &done.tally {
        assert_eq!(batch.statement.holds(), Ok(()));
    }
    done
}

fn results(done: &Finalisation) -> Vec<Fr> {
    done.result.totals.results.clone()
}

fn numbers(list: [u64; 5]) -> Vec<Fr> {
    list.map(Fr::from).to_vec()
}

#[test]
fn the_last_message_is_processed_first() {
    // Published in reverse, as clients do: nonce 1 last.
    let done = finalised(
        &Scripted::new(Mode::Qv)
            .vote(1, 2, 3, 7)
            .vote(1, 1, 3, 2)
            .vote(2, 1, 0, 10),
    );
    assert_eq!(results(&done), numbers([10, 0, 0, 7, 0]));
    assert_eq!(done.result.totals.spent, Fr::from(149u64));
}

#[test]
fn a_vote_after_a_key_change_needs_the_new_key() {
    let next = PrivateKey::from_seed([50; 32]);
    let change = |poll: Scripted| poll.send(&voter(1), &next, 1, [1, 0, 1]);
    let with_new = change(Scripted::new(Mode::NonQv).send(&next, &next, 1, [2, 0, 9]));
    assert_eq!(results(&finalised(&with_new)), numbers([9, 0, 0, 0, 0]));
    let with_old = change(Scripted::new(Mode::NonQv).vote(1, 2, 0, 9));
    assert_eq!(results(&finalised(&with_old)), numbers([1, 0, 0, 0, 0]));
}

#[test]
fn full_polls_take_all_credits_or_nothing() {
    let done = finalised(
        &Scripted::new(Mode::Full)
            .vote(1, 1, 4, CREDITS)
            .vote(2, 1, 4, CREDITS - 1),
    );
    assert_eq!(results(&done), numbers([0, 0, 0, 0, CREDITS]));
}

#[test]
fn a_poll_without_votes_has_one_batch_of_the_placeholder() {
    let done = finalised(&Scripted::new(Mode::Qv));
    assert_eq!(done.process.len(), 1);
    assert_eq!(results(&done), numbers([0; 5]));
}

#[test]
fn proof_number_k_is_batch_t_minus_k() {
    let mut poll = Scripted::new(Mode::NonQv);
    for nonce in (1..=8).rev() {
        poll = poll.vote(1, nonce, 0, nonce);
    }
    let done = finalised(&poll);
    let order: Vec<_> = done.process.iter().map(|batch| (batch.number, batch.batch)).collect();
    assert_eq!(order, [(0, 3), (1, 2), (2, 1)]);
    assert_eq!(results(&done), numbers([8, 0, 0, 0, 0]));
}

#[test]
fn another_key_is_refused_with_both_public_keys() {
    let poll = Scripted::new(Mode::Qv);
    let error = CoordinatorKey::new(voter(1), &poll.config).unwrap_err();
    let text = error.to_string();
    assert!(text.contains(&coordinator().public_key().to_string()));
    assert!(text.contains(&voter(1).public_key().to_string()));
}

#[test]
fn another_polls_key_is_refused_by_finalise_as_well() {
    let poll = Scripted::new(Mode::Qv);
    let foreign = PollConfig::new(PollParameters {
        poll: poll.config.poll(),
        mode: Mode::Qv,
        depths: poll.config.depths(),
        message_batch_size: 4,
        vote_options: 5,
        coordinator_public_key: voter(1).public_key(),
    });
    let state = PollState::new(foreign.unwrap()).unwrap();
    let error = finalise(&state, &poll.key(), Profile::Hardened, &poll.salts()).unwrap_err();
    assert!(matches!(error, ReplayError::WrongKey(_)));
}

#[test]
fn a_poll_without_events_is_an_error() {
    let poll = Scripted::new(Mode::Qv);
    let state = PollState::new(poll.config.clone()).unwrap();
    let error = finalise(&state, &poll.key(), Profile::Hardened, &poll.salts()).unwrap_err();
    assert!(matches!(error, ReplayError::NoMessages { .. }));
}

#[test]
fn all_unprovable_messages_are_named_before_any_batch_is_made() {
    let mut poll = Scripted::new(Mode::Qv).vote(1, 1, 0, 1);
    // Order 4: x² is 1 over the curve's first coefficient.
    let x = maci_crypto::Fr::from(168_700u64);
    let x = ark_ff::Field::sqrt(&ark_ff::Field::inverse(&x).unwrap()).unwrap();
    let order_four = Point { x, y: Fr::from(0u64) };
    assert!(order_four.is_on_curve());
    for _ in 0..2 {
        let message = Message {
            encryption_public_key: order_four,
            ..Message::placeholder()
        };
        poll.events.push(PollEvent::Message(message));
        poll = poll.vote(2, 1, 1, 1);
    }
    let error = finalise(&poll.state(), &poll.key(), Profile::Release, &poll.salts()).unwrap_err();
    let ReplayError::Unprovable { messages, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(
        messages.iter().map(|message| message.index.0).collect::<Vec<_>>(),
        [2, 4]
    );
    assert!(error.to_string().contains("message 2 of poll 0"), "{error}");
    finalised(&poll);
}

fn any_message() -> impl Strategy<Value = Message> {
    let element = any::<[u8; 32]>().prop_map(|bytes| fr_from_be_bytes_mod_order(&bytes));
    (prop::array::uniform10(element.clone()), element.clone(), element).prop_map(|(data, x, y)| Message {
        data,
        encryption_public_key: Point { x, y },
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_messages_can_be_finalised_the_same_way_twice(noise in prop::collection::vec(any_message(), 0..6)) {
        let mut poll = Scripted::new(Mode::Qv).vote(1, 1, 2, 5);
        poll.events.extend(noise.into_iter().map(PollEvent::Message));
        let [first, second] = [finalised(&poll), finalised(&poll)];
        prop_assert_eq!(results(&first), numbers([0, 0, 5, 0, 0]));
        prop_assert_eq!(first.result, second.result);
        for (first, second) in first.process.iter().zip(&second.process) {
            prop_assert_eq!(first.statement.inputs(), second.statement.inputs());
        }
        let _ = unprovable_messages(&poll.state(), &poll.key(), Profile::September).unwrap();
    }

    #[test]
    fn the_result_is_that_of_an_independent_count(votes in prop::collection::vec((1u8..4, 0u64..6, 0u64..12), 0..12)) {
        // Count forwards, then publish in reverse with the nonces of the votes that count.
        let mut poll = Scripted::new(Mode::Qv);
        let mut balances = [0, CREDITS, CREDITS, CREDITS];
        let mut ballots = [[0u64; 5]; 4];
        let mut nonces = [1u64; 4];
        let mut script = Vec::new();
        for (voter, option, weight) in votes {
            let who = usize::from(voter);
            script.push((voter, nonces[who], option, weight));
            let old = ballots[who].get(option as usize).copied();
            if let Some(old) = old
                && balances[who] + old * old >= weight * weight
            {
                balances[who] = balances[who] + old * old - weight * weight;
                ballots[who][option as usize] = weight;
                nonces[who] += 1;
            }
        }
        for (voter, nonce, option, weight) in script.into_iter().rev() {
            poll = poll.vote(voter, nonce, option, weight);
        }
        let expected = std::array::from_fn(|option| ballots.iter().map(|ballot| ballot[option]).sum());
        prop_assert_eq!(results(&finalised(&poll)), numbers(expected));
    }
}

#[test]
fn derived_salts_differ_from_poll_to_poll() {
    let poll = Scripted::new(Mode::Qv);
    let ours = finalised(&poll);
    let other = DerivedSalts::new(
        &coordinator(),
        crate::PollRef {
            poll: crate::PollId(1),
            ..poll.config.poll()
        },
    );
    let theirs = finalise(&poll.state(), &poll.key(), Profile::Hardened, &other).unwrap();
    assert_ne!(ours.result.commitments, theirs.result.commitments);
    assert_eq!(ours.result.totals, theirs.result.totals);
}
