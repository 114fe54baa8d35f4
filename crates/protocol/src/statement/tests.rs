//! Each statement holds as made, and no longer once any single field is another.

use maci_crypto::constants::{BLANK_LEAF_HASH, PAD_KEY_HASH};
use maci_crypto::trees::{LazyTree, LeanImt};
use maci_crypto::{Fr, poseidon};

use super::broken::Broken;
use super::*;
use crate::circuit::{Profile, Template};
use crate::ids::PollId;
use crate::poll::Mode;
use crate::replay::{Finalisation, finalise};
use crate::scripted::{CREDITS, Scripted, voter};
use crate::vote::StateLeaf;

fn one() -> Fr {
    Fr::from(1u64)
}

fn finalised(mode: Mode) -> Finalisation {
    let weight = if mode == Mode::Full { CREDITS } else { 10 };
    let poll = Scripted::new(mode)
        .vote(1, 2, 3, 7)
        .vote(1, 1, 3, 2)
        .vote(2, 1, 4, weight)
        .vote(3, 1, 1, CREDITS);
    finalise(&poll.state(), &poll.key(), Profile::Hardened, &poll.salts()).unwrap()
}

type Change<T> = (&'static str, fn(&mut T));

const PROCESS_CHANGES: &[Change<ProcessStatement>] = &[
    ("totalSignups", |s| s.public.total_signups = 1),
    ("totalSignups beyond the tree", |s| s.public.total_signups = 9),
    ("outputBatchHash", |s| s.public.output_batch_hash += one()),
    ("actualStateTreeDepth", |s| s.public.actual_state_tree_depth += 1),
    ("coordinatorPublicKeyHash", |s| {
        s.public.coordinator_public_key_hash += one()
    }),
    ("voteOptions", |s| s.public.vote_options = 1),
    ("voteOptions beyond the tree", |s| s.public.vote_options = 6),
    ("currentSbCommitment", |s| s.public.current_sb_commitment += one()),
    ("newSbCommitment", |s| s.public.new_sb_commitment += one()),
    ("index", |s| s.public.index += 1),
    ("batchEndIndex", |s| s.public.batch_end_index -= 1),
    ("inputBatchHash", |s| s.private.input_batch_hash += one()),
    ("messages", |s| s.private.slots[1].message.data[4] += one()),
    ("encryptionPublicKeys", |s| {
        s.private.slots[1].message.encryption_public_key.x += one()
    }),
    ("coordinatorPrivateKey", |s| {
        s.private.coordinator_private_key = voter(9).secret_scalar()
    }),
    ("currentStateRoot", |s| s.private.current_state_root += one()),
    ("currentBallotRoot", |s| s.private.current_ballot_root += one()),
    ("currentSbSalt", |s| s.private.current_sb_salt += one()),
    ("newSbSalt", |s| s.private.new_sb_salt += one()),
    ("a state leaf's key", |s| s.private.slots[1].leaf.public_key.y += one()),
    ("a state leaf's balance", |s| {
        s.private.slots[1].leaf.voice_credit_balance += one()
    }),
    ("currentStateLeavesPathElements", |s| {
        s.private.slots[1].leaf_path[0] += one()
    }),
    ("currentStateLeavesPathElements too short", |s| {
        s.private.slots[1].leaf_path.truncate(2)
    }),
    ("a ballot's nonce", |s| s.private.slots[1].nonce += one()),
    ("a ballot's votes", |s| s.private.slots[1].vote_root += one()),
    ("currentBallotsPathElements", |s| {
        s.private.slots[1].ballot_path[2] += one()
    }),
    ("currentVoteWeights", |s| s.private.slots[1].vote_weight += one()),
    ("currentVoteWeightsPathElements", |s| {
        s.private.slots[1].vote_path[0][3] += one()
    }),
    ("a slot too many", |s| s.private.slots.push(s.private.slots[0].clone())),
    ("another batch order", |s| s.private.slots.swap(0, 1)),
];

#[test]
fn a_batch_of_messages_holds_only_as_it_is() {
    for mode in Mode::ALL {
        // The second proof is of the first batch, whose four slots are all messages.
        let statement = finalised(mode).process[1].statement.clone();
        assert_eq!(statement.holds(Profile::Hardened), Ok(()));
        for (name, change) in PROCESS_CHANGES {
            let mut changed = statement.clone();
            change(&mut changed);
            assert!(changed.holds(Profile::Hardened).is_err(), "{mode}: {name}");
        }
    }
}

#[test]
fn a_batch_ends_behind_its_beginning_and_within_its_slots() {
    // The first proof is of the last batch: four messages before it, one in it, three slots of padding.
    let statement = finalised(Mode::Qv).process[0].statement.clone();
    let begin = statement.public.index;
    assert_eq!((begin, statement.public.batch_end_index), (4, 5));
    for end in [begin - 1, 0, begin + 5, u64::MAX] {
        let mut changed = statement.clone();
        changed.public.batch_end_index = end;
        let broken = changed.holds(Profile::Hardened);
        assert_eq!(broken, Err(Broken::Range("batchEndIndex")), "{end}");
    }
}

/// A batch whose second slot holds a vote that counts, and the same with the batch ending before that slot: the vote
/// was never published.
fn with_an_unpublished_vote(mode: Mode) -> ProcessStatement {
    let weight = if mode == Mode::Full { CREDITS } else { 10 };
    let poll = Scripted::new(mode).vote(1, 1, 3, weight);
    let done = finalise(&poll.state(), &poll.key(), Profile::Hardened, &poll.salts()).unwrap();
    let mut statement = done.process[0].statement.clone();
    assert_eq!(statement.public.batch_end_index, 2);
    let placeholder = statement.private.slots[0].message.hash();
    statement.public.batch_end_index = 1;
    statement.public.output_batch_hash = poseidon::hash2(statement.private.input_batch_hash, placeholder);
    statement
}

#[test]
fn what_lies_in_a_padding_slot_never_counts() {
    for mode in Mode::ALL {
        // Its vote was to change the state: as padding it cannot.
        let counted = with_an_unpublished_vote(mode);
        assert!(counted.holds(Profile::Hardened).is_err(), "{mode}");

        // All slots open the blank leaf of the state that the batch begins with, and leave it as it is.
        let mut ignored = counted;
        let opened = ignored.private.slots[3].clone();
        for slot in &mut ignored.private.slots {
            let message = slot.message.clone();
            *slot = Slot {
                message,
                ..opened.clone()
            };
        }
        let private = &ignored.private;
        let (state, ballots) = (private.current_state_root, private.current_ballot_root);
        ignored.public.new_sb_commitment = sb_commitment(state, ballots, private.new_sb_salt);
        assert_eq!(ignored.holds(Profile::Hardened), Ok(()), "{mode}");
    }
}

#[test]
fn the_same_padding_counts_for_upstreams_circuits() {
    for mode in Mode::ALL {
        assert_eq!(with_an_unpublished_vote(mode).holds(Profile::Release), Ok(()), "{mode}");
    }
}

const TALLY_CHANGES: &[Change<TallyStatement>] = &[
    ("sbCommitment", |s| s.public.sb_commitment += one()),
    ("currentTallyCommitment", |s| s.public.current_tally_commitment += one()),
    ("newTallyCommitment", |s| s.public.new_tally_commitment += one()),
    ("index", |s| s.public.index = 0),
    ("index between batches", |s| s.public.index += 1),
    ("totalSignups", |s| s.public.total_signups = 1),
    ("stateRoot", |s| s.private.state_root += one()),
    ("ballotRoot", |s| s.private.ballot_root += one()),
    ("sbSalt", |s| s.private.sb_salt += one()),
    ("a ballot's nonce", |s| s.private.ballots[0].nonce += one()),
    ("a ballot's root", |s| s.private.ballots[0].vote_root += one()),
    ("votes", |s| s.private.ballots[1].votes[4] += one()),
    ("votes too many", |s| s.private.ballots[1].votes.push(one())),
    ("ballotPathElements", |s| s.private.ballot_path[0] += one()),
    ("currentResults", |s| s.private.current.results[0] += one()),
    ("currentResultsRootSalt", |s| s.private.current_salts.results += one()),
    ("currentSpentVoiceCreditSubtotal", |s| s.private.current.spent += one()),
    ("currentSpentVoiceCreditSubtotalSalt", |s| {
        s.private.current_salts.spent += one()
    }),
    ("newResultsRootSalt", |s| s.private.new_salts.results += one()),
    ("newSpentVoiceCreditSubtotalSalt", |s| {
        s.private.new_salts.spent += one()
    }),
];

const QUADRATIC_TALLY_CHANGES: &[Change<TallyStatement>] = &[
    ("currentPerVoteOptionSpentVoiceCredits", |s| {
        s.private
            .current
            .per_option_spent
            .iter_mut()
            .flatten()
            .for_each(|spent| *spent += one());
    }),
    ("currentPerVoteOptionSpentVoiceCredits gone", |s| {
        s.private.current.per_option_spent = None
    }),
    ("currentPerVoteOptionSpentVoiceCreditsRootSalt", |s| {
        s.private.current_salts.per_option_spent += one()
    }),
    ("newPerVoteOptionSpentVoiceCreditsRootSalt", |s| {
        s.private.new_salts.per_option_spent += one()
    }),
];

#[test]
fn a_batch_of_ballots_holds_only_as_it_is() {
    for mode in Mode::ALL {
        let statement = finalised(mode).tally[1].statement.clone();
        assert_eq!(statement.holds(), Ok(()));
        let quadratic = if mode == Mode::Qv { QUADRATIC_TALLY_CHANGES } else { &[] };
        for (name, change) in TALLY_CHANGES.iter().chain(quadratic) {
            let mut changed = statement.clone();
            change(&mut changed);
            assert!(changed.holds().is_err(), "{mode}: {name}");
        }
    }
}

#[test]
fn a_voter_joins_only_with_its_own_key_leaf_and_nullifier() {
    let mut tree = LeanImt::default();
    tree.push(PAD_KEY_HASH);
    let places: Vec<u64> = (1..6)
        .map(|number| tree.push(voter(number).public_key().hash()))
        .collect();
    let proof = tree.proof(places[2]).unwrap();
    let join = |key: u8| PollJoiningStatement::new(10, voter(key).secret_scalar(), &proof, PollId(0));
    assert_eq!(join(2).unwrap_err(), JoiningError::NotSignedUp);
    let statement = join(3).unwrap();
    assert_eq!(statement.holds(), Ok(()));

    let changes: &[Change<PollJoiningStatement>] = &[
        ("privateKey", |s| s.private.private_key = voter(9).secret_scalar()),
        ("pollPublicKey", |s| s.public.poll_public_key.x += one()),
        ("nullifier", |s| s.public.nullifier += one()),
        ("stateRoot", |s| s.public.state_root += one()),
        ("pollId", |s| s.public.poll_id += 1),
        ("siblings", |s| s.private.siblings[0] += one()),
        ("actualStateTreeDepth", |s| s.private.siblings.truncate(1)),
        ("index", |s| s.private.index ^= 1),
        ("index beyond the tree", |s| s.private.index += 1 << 10),
    ];
    for (name, change) in changes {
        let mut changed = statement.clone();
        change(&mut changed);
        assert!(changed.holds().is_err(), "{name}");
    }
}

#[test]
fn a_voter_has_joined_only_with_its_own_key_and_credits() {
    let mut tree = LazyTree::new(BLANK_LEAF_HASH).unwrap();
    tree.push(BLANK_LEAF_HASH).unwrap();
    let leaf = |number: u8| StateLeaf {
        public_key: voter(number).public_key().point(),
        voice_credit_balance: Fr::from(100u64),
    };
    let roots: Vec<Fr> = (1..6).map(|number| tree.push(leaf(number).hash()).unwrap()).collect();
    let path = tree.complete_subtree_proof(3).unwrap();
    let statement = PollJoinedStatement::new(10, voter(3).secret_scalar(), Fr::from(100u64), path);
    assert_eq!(statement.state_root, roots[2]);
    assert_eq!(statement.holds(), Ok(()));

    let changes: &[Change<PollJoinedStatement>] = &[
        ("privateKey", |s| s.private_key = voter(9).secret_scalar()),
        ("voiceCreditsBalance", |s| s.voice_credit_balance += one()),
        ("stateRoot", |s| s.state_root += one()),
        ("pathElements", |s| s.siblings[1] += one()),
        ("actualStateTreeDepth", |s| s.siblings.truncate(1)),
        ("index", |s| s.index ^= 1),
    ];
    for (name, change) in changes {
        let mut changed = statement.clone();
        change(&mut changed);
        assert!(changed.holds().is_err(), "{name}");
    }
}

#[test]
fn inputs_read_back_as_written_and_lie_flat_in_row_major_order() {
    let done = finalised(Mode::Qv);
    let all = done.process.iter().map(|batch| batch.statement.inputs());
    for inputs in all.chain(done.tally.iter().map(|batch| batch.statement.inputs())) {
        assert_eq!(CircuitInputs::from_json(&inputs.to_json()), Ok(inputs));
    }
    let statement = &done.process[0].statement;
    let flat = statement.inputs().flat();
    let (_, messages) = flat.iter().find(|(name, _)| name == "messages").unwrap();
    assert_eq!(messages.len(), 40);
    assert_eq!(messages[13], statement.private.slots[1].message.data[3]);
}

#[test]
fn every_public_signal_is_an_input_and_stands_in_the_proofs_order() {
    let done = finalised(Mode::NonQv);
    let process = &done.process[0].statement;
    let tally = &done.tally[0].statement;
    let both: [(Template, CircuitInputs, Vec<Fr>); 2] = [
        (
            process.circuit().template(),
            process.inputs(),
            process.public.elements().to_vec(),
        ),
        (
            tally.circuit().template(),
            tally.inputs(),
            tally.public.elements().to_vec(),
        ),
    ];
    for (template, inputs, public) in both {
        let named: Vec<Fr> = template
            .public_signals()
            .iter()
            .map(|name| inputs.element(name).unwrap())
            .collect();
        assert_eq!(named, public);
        assert_eq!(named.len(), template.public_input_count());
    }
}

#[test]
fn nothing_shows_the_secret_scalar() {
    let statement = &finalised(Mode::Qv).process[0].statement;
    let secret = maci_crypto::field::fr_to_decimal(&statement.private.coordinator_private_key.expose());
    assert!(!format!("{statement:?}{:?}", statement.inputs()).contains(&secret));
}
