//! What voters make: commands, messages, leaves, joining proofs.

use maci_crypto::Fr;
use maci_crypto::constants::{BLANK_LEAF_HASH, PAD_KEY_HASH};
use maci_crypto::field::fr_to_decimal;
use maci_crypto::keys::PublicKey;
use maci_crypto::trees::{LazyTree, LeanImt};
use maci_protocol::statement::{PollJoinedStatement, PollJoiningStatement};
use maci_protocol::vote::{Ballot, Plaintext, ballot_hash, empty_ballot_hash, empty_ballot_roots};
use maci_protocol::*;

use crate::polls::decimals;
use crate::reading::{file, fr, frs, leaf, message, number, point, private_key};

#[test]
fn commands_are_packed_hashed_signed_and_encrypted_as_upstream_does() {
    let vectors = file("commands.json");
    let coordinator = private_key(&vectors["coordinator"]["privateKeySerialized"]);
    for vector in vectors["commands"].as_array().unwrap() {
        let fields = &vector["fields"];
        let command = Command {
            state_index: StateIndex(number(&fields["stateIndex"])),
            new_public_key: point(&vector["newPublicKey"]),
            vote_option_index: number(&fields["voteOptionIndex"]),
            new_vote_weight: number(&fields["newVoteWeight"]),
            nonce: number(&fields["nonce"]),
            poll_id: number(&fields["pollId"]),
            salt: fr(&fields["salt"]),
        };
        assert_eq!(command.elements().unwrap().to_vec(), frs(&vector["array"]));
        assert_eq!(command.hash().unwrap(), fr(&vector["hash"]));
        let signed = command.clone().sign(&private_key(&vector["signerPrivateKey"])).unwrap();
        assert_eq!(signed.signature.r8, point(&vector["signature"]["R8"]));
        assert_eq!(signed.signature.s, fr(&vector["signature"]["S"]));
        let one_time = private_key(&vector["ephemeralPrivateKey"]);
        let sealed = signed.encrypt(&one_time, &coordinator.public_key()).unwrap();
        assert_eq!(sealed.data.to_vec(), frs(&vector["message"]));
        assert_eq!(sealed.encryption_public_key, point(&vector["ephemeralPublicKey"]));
        assert_eq!(sealed.hash(), fr(&vector["messageHash"]));
        let opened = sealed.open(&point(&vector["sharedKey"]));
        assert_eq!(opened.command(), signed);
        assert_eq!(opened.command_hash(), fr(&vector["hash"]));
    }
}

#[test]
fn packed_words_unpack_as_upstream_does() {
    for vector in file("commands.json")["unpacking"].as_array().unwrap() {
        let mut elements = [Fr::from(0u64); 7];
        elements[0] = fr(&vector["packed"]);
        let command = Plaintext(elements).command().command;
        assert_eq!(command.state_index.0, number(&vector["stateIndex"]));
        assert_eq!(command.vote_option_index, number(&vector["voteOptionIndex"]));
        assert_eq!(command.new_vote_weight, number(&vector["newVoteWeight"]));
        assert_eq!(command.nonce, number(&vector["nonce"]));
        assert_eq!(command.poll_id, number(&vector["pollId"]));
    }
}

#[test]
fn messages_chain_as_the_contract_chains_them() {
    let vectors = file("message_chain.json");
    let steps = vectors["steps"].as_array().unwrap();
    for batches in vectors["batchHashes"].as_array().unwrap() {
        let mut chain = MessageChain::new(number(&batches["messageBatchSize"]) as u8);
        assert_eq!(chain.head(), fr(&vectors["initialChainHash"]));
        for step in steps {
            let message = message(&step["message"], &step["encryptionPublicKey"]);
            assert_eq!(message.hash(), fr(&step["messageHash"]));
            chain.push(message.hash());
            assert_eq!(chain.head(), fr(&step["chainHash"]));
        }
        assert_eq!(chain.padded_batch_hashes(), frs(&batches["batchHashesAfterPadding"]));
    }
    assert_eq!(
        Message::placeholder(),
        message(&steps[0]["message"], &steps[0]["encryptionPublicKey"])
    );
}

#[test]
fn leaves_and_ballots_hash_as_upstream_does() {
    let vectors = file("leaves_and_ballots.json");
    let blank = &vectors["blankStateLeaf"];
    assert_eq!(leaf(&blank["fields"]), StateLeaf::BLANK);
    assert_eq!(StateLeaf::BLANK.hash(), fr(&blank["hash"]));
    for vector in vectors["stateLeaves"].as_array().unwrap() {
        let leaf = leaf(&vector["fields"]);
        assert_eq!(leaf.hash(), fr(&vector["hash"]));
        assert_eq!(leaf.serialize().unwrap(), vector["serialized"].as_str().unwrap());
        assert_eq!(StateLeaf::parse(vector["serialized"].as_str().unwrap()), Ok(leaf));
    }
    for vector in vectors["ballots"].as_array().unwrap() {
        let mut ballot = Ballot::default();
        ballot.nonce = number(&vector["nonce"]);
        for (option, votes) in (0..).zip(vector["votes"].as_array().unwrap()) {
            ballot.set_votes(option, number(votes));
        }
        let capacity = 5usize.pow(number(&vector["voteOptionTreeDepth"]) as u32);
        let root = root_of(&ballot.dense_votes(capacity));
        assert_eq!(root, fr(&vector["voteOptionRoot"]));
        assert_eq!(ballot_hash(ballot.nonce, root), fr(&vector["hash"]));
    }
    for vector in vectors["emptyBallotHashes"].as_array().unwrap() {
        let depth = number(&vector["voteOptionTreeDepth"]) as u8;
        assert_eq!(empty_ballot_hash(depth).unwrap(), fr(&vector["hash"]));
    }
    for vector in vectors["emptyBallotRoots"].as_array().unwrap() {
        let depth = number(&vector["stateTreeDepth"]) as u8;
        assert_eq!(empty_ballot_roots(depth).unwrap().to_vec(), frs(&vector["roots"]));
    }
}

fn root_of(votes: &[Fr]) -> Fr {
    use maci_crypto::trees::{Arity, IncrementalTree, Zeros, depth_for_leaves};
    let depth = depth_for_leaves(Arity::Quinary, votes.len() as u64);
    let zeros = Zeros::new(Arity::Quinary, depth, Fr::from(0u64)).unwrap();
    IncrementalTree::from_leaves(zeros, votes).unwrap().root()
}

#[test]
fn joining_inputs_are_upstreams() {
    for round in file("poll_joining.json").as_array().unwrap() {
        let depth = number(&round["stateTreeDepth"]) as u8;
        let joining = round["joining"].as_array().unwrap();
        let mut tree = LeanImt::default();
        tree.push(PAD_KEY_HASH);
        for user in joining {
            tree.push(fr(&user["keys"]["publicKeyHash"]));
        }
        for user in joining {
            let key = private_key(&user["keys"]["privateKeySerialized"]);
            let proof = tree.proof(number(&user["user"])).unwrap();
            let poll = PollId(number(&round["pollId"]));
            let statement = PollJoiningStatement::new(depth, key.secret_scalar(), &proof, poll).unwrap();
            assert_eq!(statement.inputs().to_json(), user["circuitInputs"]);
            assert_eq!(decimals(&statement.public.elements()), user["publicInputs"]);
            assert_eq!(statement.holds(), Ok(()));
        }
    }
}

#[test]
fn joined_inputs_lead_to_the_contracts_own_roots() {
    let vectors = file("poll_joined_subtree.json");
    let depth = number(&vectors["stateTreeDepth"]) as u8;
    let users = vectors["users"].as_array().unwrap();
    let roots = frs(&vectors["pollStateRootsOnJoin"]);
    let mut tree = LazyTree::new(BLANK_LEAF_HASH).unwrap();
    assert_eq!(tree.push(BLANK_LEAF_HASH).unwrap(), roots[0]);
    for (user, root) in users.iter().zip(&roots[1..]) {
        assert_eq!(tree.push(fr(&user["leafHash"])).unwrap(), *root);
    }
    for user in users {
        let key = private_key(&user["keys"]["privateKeySerialized"]);
        let index = number(&user["pollStateIndex"]);
        let path = tree.complete_subtree_proof(index).unwrap();
        assert_eq!(path.siblings.len() as u64, number(&user["trailingOnes"]));
        let statement = PollJoinedStatement::new(depth, key.secret_scalar(), fr(&user["voiceCreditBalance"]), path);
        assert_eq!(statement.state_root, roots[index as usize]);
        assert_eq!(statement.inputs().to_json(), user["circuitInputs"]);
        assert_eq!(
            vec![fr_to_decimal(&statement.state_root)],
            vec![user["publicInputs"][0].as_str().unwrap()]
        );
        assert_eq!(statement.holds(), Ok(()));
    }
}

#[test]
fn joined_inputs_against_the_whole_tree_hold_too() {
    for round in file("poll_joining.json").as_array().unwrap() {
        for (user, joined) in round["joining"]
            .as_array()
            .unwrap()
            .iter()
            .zip(round["joined"].as_array().unwrap())
        {
            let inputs = &joined["circuitInputs"];
            let levels = number(&inputs["actualStateTreeDepth"]) as usize;
            let statement = PollJoinedStatement {
                state_tree_depth: number(&round["stateTreeDepth"]) as u8,
                state_root: fr(&inputs["stateRoot"]),
                private_key: private_key(&user["keys"]["privateKeySerialized"]).secret_scalar(),
                voice_credit_balance: fr(&inputs["voiceCreditsBalance"]),
                siblings: frs(&inputs["pathElements"])[..levels].to_vec(),
                index: number(&inputs["index"]),
            };
            assert_eq!(statement.holds(), Ok(()));
            assert!(PublicKey::new(point(&user["keys"]["publicKey"])).is_ok());
        }
    }
}
