use super::*;
use crate::ids::StateIndex;
use crate::poll::Mode;
use crate::scripted::Scripted;

#[test]
fn events_one_by_one_and_all_at_once_give_the_same_state() {
    let poll = Scripted::new(Mode::Qv).vote(1, 1, 0, 3).vote(2, 1, 1, 4);
    let at_once = poll.state();
    let mut followed = PollState::new(poll.config.clone()).unwrap();
    for event in poll.events.clone() {
        followed.absorb(event).unwrap();
    }
    assert_eq!(followed.state_root(), at_once.state_root());
    assert_eq!(followed.chain(), at_once.chain());
    assert_eq!(followed.initial_sb_commitment(), at_once.initial_sb_commitment());
}

#[test]
fn a_missing_or_doubled_voter_is_noticed() {
    let poll = Scripted::new(Mode::Qv);
    let poll_ref = poll.config.poll();
    let mut events = poll.events.clone();
    events.remove(2);
    let error = PollState::replay(poll.config.clone(), events).unwrap_err();
    let expected = AbsorbError::LeafOutOfTurn {
        poll: poll_ref,
        expected: StateIndex(2),
        found: StateIndex(3),
    };
    assert_eq!(error, expected);

    let mut events = poll.events.clone();
    events.push(events[3].clone());
    assert!(PollState::replay(poll.config.clone(), events).is_err());
}

#[test]
fn a_ledger_that_starts_too_late_is_noticed() {
    let poll = Scripted::new(Mode::Qv).vote(1, 1, 0, 3);
    let events = poll.events[1..].to_vec();
    let error = PollState::replay(poll.config.clone(), events).unwrap_err();
    assert_eq!(
        error,
        AbsorbError::NoPlaceholder {
            poll: poll.config.poll()
        }
    );
}

#[test]
fn a_full_tree_takes_no_further_voter() {
    let poll = Scripted::new(Mode::Qv);
    let mut state = poll.state();
    let PollEvent::Joined { leaf, .. } = poll.events[1].clone() else {
        panic!("the first voter")
    };
    for index in 4..8 {
        state
            .absorb(PollEvent::Joined {
                index: StateIndex(index),
                leaf,
            })
            .unwrap();
    }
    let error = state
        .absorb(PollEvent::Joined {
            index: StateIndex(8),
            leaf,
        })
        .unwrap_err();
    assert_eq!(
        error,
        AbsorbError::TooManyVoters {
            poll: poll.config.poll(),
            depth: 3
        }
    );
    assert_eq!(state.leaves().len(), 8);
}

#[test]
fn batches_are_counted_as_the_contract_counts_them() {
    let poll = Scripted::new(Mode::Qv)
        .vote(1, 1, 0, 1)
        .vote(1, 2, 0, 1)
        .vote(1, 3, 0, 1);
    let state = poll.state();
    assert_eq!((state.chain().len(), state.process_batch_count()), (4, 1));
    assert_eq!(state.chain().batch_hashes(), state.chain().padded_batch_hashes());
    let state = poll.vote(1, 4, 0, 1).state();
    assert_eq!((state.chain().len(), state.process_batch_count()), (5, 2));
    assert_eq!(state.tally_batch_count(), 2);
}
