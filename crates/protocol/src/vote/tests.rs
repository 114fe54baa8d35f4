use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_crypto::field::fr_from_be_bytes_mod_order;
use maci_crypto::keys::PrivateKey;
use proptest::prelude::*;

use super::*;
use crate::ids::StateIndex;

fn element() -> impl Strategy<Value = Fr> {
    any::<[u8; 40]>().prop_map(|bytes| fr_from_be_bytes_mod_order(&bytes))
}

prop_compose! {
    fn command()(
        numbers in [0u64..1 << 50, 0u64..1 << 50, 0u64..1 << 50, 0u64..1 << 50, 0u64..1 << 50],
        x in element(), y in element(), salt in element(),
    ) -> Command {
        let [state_index, vote_option_index, new_vote_weight, nonce, poll_id] = numbers;
        Command {
            state_index: StateIndex(state_index),
            new_public_key: Point { x, y },
            vote_option_index,
            new_vote_weight,
            nonce,
            poll_id,
            salt,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_message_opens_to_the_command_that_was_sealed(
        command in command(), signer: [u8; 32], one_time: [u8; 32], coordinator: [u8; 32],
    ) {
        let (one_time, coordinator) = (PrivateKey::from_seed(one_time), PrivateKey::from_seed(coordinator));
        let signed = command.sign(&PrivateKey::from_seed(signer)).unwrap();
        let message = signed.encrypt(&one_time, &coordinator.public_key()).unwrap();
        let shared = maci_crypto::ecdh::shared_key(&coordinator.secret_scalar(), &message.encryption_public_key);
        let opened = message.open(&shared);
        prop_assert_eq!(opened.command_hash(), signed.command.hash().unwrap());
        prop_assert_eq!(opened.command(), signed);
    }

    #[test]
    fn any_elements_are_a_command_that_packs_again(elements in prop::array::uniform7(element())) {
        let command = Plaintext(elements).command().command;
        let repacked = Plaintext([command.pack().unwrap(), elements[1], elements[2], elements[3],
            elements[4], elements[5], elements[6]]);
        prop_assert_eq!(repacked.command().command, command);
    }

    #[test]
    fn any_text_is_a_state_leaf_or_an_error(text in ".*") {
        let _ = StateLeaf::parse(&text);
    }

    #[test]
    fn a_state_leaf_reads_back_as_written(seed: [u8; 32], balance in element()) {
        let leaf = StateLeaf {
            public_key: PrivateKey::from_seed(seed).public_key().point(),
            voice_credit_balance: balance,
        };
        prop_assert_eq!(StateLeaf::parse(&leaf.serialize().unwrap()), Ok(leaf));
    }

    #[test]
    fn every_message_is_in_exactly_one_batch(messages in 1u64..200, size in 1u8..30) {
        let batches: Vec<u64> =
            (1..=batch_count(messages, size)).flat_map(|batch| batch_range(batch, messages, size)).collect();
        prop_assert_eq!(batches, (0..messages).collect::<Vec<_>>());
    }
}

#[test]
fn a_number_of_more_than_fifty_bits_does_not_fit_a_command() {
    let command = Command {
        state_index: StateIndex(1),
        new_public_key: Point::IDENTITY,
        vote_option_index: 0,
        new_vote_weight: 1 << 50,
        nonce: 1,
        poll_id: 0,
        salt: Fr::from(0u64),
    };
    assert_eq!(
        command.pack(),
        Err(CommandError {
            field: "newVoteWeight",
            value: 1 << 50
        })
    );
}

#[test]
fn a_key_off_the_curve_has_no_text_form() {
    let leaf = StateLeaf {
        public_key: Point {
            x: Fr::from(1u64),
            y: Fr::from(2u64),
        },
        voice_credit_balance: Fr::from(1u64),
    };
    assert!(leaf.serialize().is_err());
}

#[test]
fn votes_taken_back_leave_no_trace() {
    let mut ballot = Ballot::default();
    ballot.set_votes(3, 9);
    ballot.set_votes(3, 0);
    assert_eq!(ballot, Ballot::default());
}

#[test]
fn a_single_places_path_leads_to_the_root_of_all() {
    let votes: Vec<Fr> = (0..25u64).map(Fr::from).collect();
    let root = root_of_votes(&votes);
    for index in 0..25u64 {
        let path = path_of_vote(&votes, index).unwrap();
        assert_eq!(crate::statement::quinary_root(Fr::from(index), index, &path), root);
    }
}
