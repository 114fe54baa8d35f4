//! Identifiers: relayed batches on IPFS, verifying keys in the registry.

use maci_crypto::field::{fr_from_be_bytes_mod_order, fr_to_decimal};
use maci_protocol::cid::ContentDigest;
use maci_protocol::circuit::RegistrySignature;
use maci_protocol::files::RelayedBatch;
use maci_protocol::{ChainId, PollId, PollRef, TreeDepths};

use crate::reading::{file, number};

#[test]
fn verifying_keys_have_the_registrys_signatures() {
    let decimal = |signature: RegistrySignature| fr_to_decimal(&fr_from_be_bytes_mod_order(&signature.to_be_bytes()));
    for case in file("verifying_key_signatures.json")["cases"].as_array().unwrap() {
        let small = |name: &str| number(&case[name]) as u8;
        let state = small("stateTreeDepth");
        let depths = TreeDepths::new(
            small("tallyProcessingStateTreeDepth"),
            small("voteOptionTreeDepth"),
            state,
        )
        .unwrap();
        assert_eq!(decimal(RegistrySignature::poll_joining(state)), case["pollJoining"]);
        assert_eq!(decimal(RegistrySignature::poll_joined(state)), case["pollJoined"]);
        assert_eq!(decimal(RegistrySignature::vote_tally(depths)), case["tally"]);
        assert_eq!(
            decimal(RegistrySignature::message_processor(depths)),
            case["processOnChain"]
        );
        let off_chain = RegistrySignature::message_processor_off_chain(depths, small("messageBatchSize"));
        assert_eq!(decimal(off_chain), case["processOffChain"]);
    }
}

#[test]
fn relayed_batches_have_the_bytes_and_names_of_upstreams() {
    for case in file("ipfs_cid.json")["cases"].as_array().unwrap() {
        let text = case["jsonText"].as_str().unwrap();
        let digest: ContentDigest = case["bytes32"].as_str().unwrap().parse().unwrap();
        let batch = RelayedBatch::fetched(text.as_bytes(), digest).unwrap();
        assert_eq!(batch.to_bytes().unwrap(), text.as_bytes());
        assert_eq!(digest.to_string(), case["cidV1"]);
        assert_eq!(hex::encode(digest.to_cid_bytes()), case["cidV1Hex"]);
        assert_eq!(digest.to_version_0(), case["base58Multihash"]);
        assert_eq!(digest.to_bytes32_hex(), case["bytes32"]);

        let first = &case["messages"][0];
        let poll = PollRef {
            chain: ChainId(31337),
            maci: first["maciAddress"].as_str().unwrap().parse().unwrap(),
            poll: PollId(number(&first["poll"])),
        };
        let messages = batch.messages(poll).unwrap();
        assert_eq!(messages.len(), case["messages"].as_array().unwrap().len());
        assert_eq!(RelayedBatch::new(poll, &messages), batch);
    }
}
