//! Identifiers: relayed batches on IPFS, verifying keys in the registry.

use maci_crypto::field::{fr_from_be_bytes_mod_order, fr_to_decimal};
use maci_protocol::TreeDepths;
use maci_protocol::circuit::RegistrySignature;

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
