use maci_crypto::curve::Point;
use maci_crypto::keys::PublicKey;
use maci_protocol::poll::{Mode, TreeDepths};

use super::*;
use crate::deploy::{Policy, PolicyDesign, VoiceCredits};
use crate::reader::Period;

const POLICY: EthAddress = EthAddress([3; 20]);
const CREDITS: EthAddress = EthAddress([4; 20]);

fn poll() -> PollDesign {
    PollDesign {
        name: "spring".to_owned(),
        mode: Mode::Full,
        depths: TreeDepths::new(1, 2, 10).unwrap(),
        message_batch_size: 20,
        vote_options: 25,
        period: Period { start: 100, end: 200 },
        coordinator: PublicKey::new(Point::BASE8).unwrap(),
        policy: PolicyDesign::New(Policy::free_for_all()),
        credits: VoiceCredits::Proxy(CREDITS),
        relayers: vec![EthAddress([5; 20])],
    }
}

fn around(generation: Generation) -> Around {
    Around {
        maci: EthAddress([9; 20]),
        generation,
        verifier_and_registry: Some((EthAddress([1; 20]), EthAddress([2; 20]))),
        policy: POLICY,
        credits: CREDITS,
    }
}

#[test]
fn each_generation_is_called_by_its_own_selector() {
    let a = poll().encode(around(Generation::A)).unwrap();
    let b = poll().encode(around(Generation::B)).unwrap();
    assert_eq!(a[..4], [0x7d, 0x9f, 0x54, 0x1c]);
    assert_eq!(b[..4], [0x4c, 0x62, 0xaa, 0x72]);
    // verifier and registry are the two words that generation B no longer takes
    assert_eq!(a.len(), b.len() + 64);
}

#[test]
fn generation_b_s_arguments_read_back() {
    let data = poll().encode(around(Generation::B)).unwrap();
    let IMaciB::deployPollCall { args } = IMaciB::deployPollCall::abi_decode(&data).unwrap();
    assert_eq!((args.startDate, args.endDate), (U256::from(100), U256::from(200)));
    assert_eq!(args.treeDepths.stateTreeDepth, 10);
    assert_eq!(args.treeDepths.voteOptionTreeDepth, 2);
    assert_eq!(args.treeDepths.tallyProcessingStateTreeDepth, 1);
    assert_eq!((args.mode, args.messageBatchSize), (2, 20));
    assert_eq!(
        (args.policy, args.initialVoiceCreditProxy),
        (address(POLICY), address(CREDITS))
    );
    assert_eq!(args.relayers, [address(EthAddress([5; 20]))]);
}

#[test]
fn generation_a_without_verifier_and_registry_is_an_error() {
    let without = |generation| Around {
        verifier_and_registry: None,
        ..around(generation)
    };
    let refused = poll().encode(without(Generation::A)).unwrap_err();
    assert!(matches!(refused, DeployError::VerifierNotGiven { .. }), "{refused}");
    assert!(poll().encode(without(Generation::B)).is_ok());
}
