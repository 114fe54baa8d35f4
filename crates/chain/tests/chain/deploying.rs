use maci_chain::contracts::Generation;
use maci_chain::deploy::{DeployError, Deployed, Deployer, deploy_maci, deploy_poll, set_verifying_keys};
use maci_chain::reader::{KeySlot, PollReader, ReadError, Registry};
use maci_chain::send::{Call, Purpose};
use maci_protocol::files::DeployedContracts;
use maci_protocol::ids::{EthAddress, PollId};
use maci_protocol::poll::{Mode, TreeDepths};

use crate::stage::{STATE_DEPTH, Stage, artifacts, depths, key, key_set, maci_settings, poll_settings};

#[tokio::test]
async fn a_deployed_poll_is_read_back_as_it_was_asked_for() {
    let stage = Stage::start().await;
    let maci = stage.deploy_maci().await;
    assert_eq!(maci.generation, Generation::A);
    let poll = stage.deploy_poll(&maci).await;

    let reader = PollReader::open(&stage.rpc, maci.maci, PollId(0)).await.unwrap();
    assert_eq!(reader.addresses(), poll.addresses);
    assert_eq!(reader.config().mode(), Mode::Qv);
    assert_eq!(reader.config().depths(), depths());
    assert_eq!(reader.config().message_batch_size(), 3);
    assert_eq!(reader.config().vote_options(), 4);
    assert_eq!(reader.external().verifier, maci.verifier);
    assert_eq!(reader.external().policy, poll.policy);
    let standing = reader.standing().await.unwrap();
    assert_eq!((standing.leaves, standing.messages, standing.merged), (1, 1, None));
    assert_eq!(standing.batch_hashes.len(), 1);
    let keys = reader.registered_keys().await.unwrap();
    let [ours] = key_set(&[Mode::Qv]).modes.try_into().unwrap();
    assert_eq!(keys.process, Some(ours.process));
    assert_eq!(keys.tally, Some(ours.tally));
}

#[tokio::test]
async fn a_deployment_started_again_under_its_label_goes_on_and_repeats_nothing() {
    let stage = Stage::start().await;
    let first = stage.deploy_maci().await;
    let blocks = stage.anvil.block_number().await.unwrap();
    let mut records = DeployedContracts::default();
    let (contracts, again) = {
        let artifacts = artifacts();
        let mut watch = |one: &Deployed| one.add_to(&mut records, "localhost");
        let mut deployer = Deployer::new(&stage.rpc, &artifacts, &stage.sender, "maci", &mut watch);
        let again = deploy_maci(&mut deployer, &maci_settings()).await.unwrap();
        (deployer.deployed().len(), again)
    };
    assert_eq!(again, first);
    assert_eq!(stage.anvil.block_number().await.unwrap(), blocks);
    assert_eq!(contracts, 4 + 2 + 4 + 3 + 1);
    assert_eq!(records.lookup("localhost", "MACI", None).unwrap().address, first.maci);
    let policy = "@excubiae/contracts/contracts/extensions/freeForAll/FreeForAllPolicy.sol:FreeForAllPolicy";
    assert_eq!(
        records.lookup("localhost", policy, None).unwrap().address,
        first.sign_up_policy
    );
}

#[tokio::test]
async fn verifying_keys_are_set_once_added_to_and_never_replaced() {
    let stage = Stage::start().await;
    let maci = stage.deploy_maci().await;
    let at = maci.verifying_keys_registry;
    let set = async |keys| set_verifying_keys(&stage.rpc, &stage.sender, at, &keys).await;
    let registry = Registry::new(stage.rpc.clone(), at);
    let slot = KeySlot::Tally {
        depths: depths(),
        mode: Mode::Full,
    };

    let blocks = stage.anvil.block_number().await.unwrap();
    set(key_set(&[Mode::Qv])).await.unwrap();
    assert_eq!(stage.anvil.block_number().await.unwrap(), blocks);

    assert_eq!(registry.key(slot).await.unwrap(), None);
    set(key_set(&Mode::ALL)).await.unwrap();
    assert_eq!(registry.key(slot).await.unwrap(), Some(key(22, 6)));

    let mut other = key_set(&Mode::ALL);
    other.poll_joined = key(99, 2);
    let refused = set(other).await.unwrap_err();
    assert!(
        matches!(&refused, DeployError::OtherKey { slot, .. } if slot.contains("PollJoined")),
        "{refused}"
    );
}

#[tokio::test]
async fn polls_that_nobody_could_finalise_are_not_deployed() {
    let stage = Stage::start().await;
    let maci = stage.deploy_maci().await;
    let now = stage.anvil.timestamp().await.unwrap();
    let (artifacts, mut ignore) = (artifacts(), |_: &_| {});
    let mut deployer = Deployer::new(&stage.rpc, &artifacts, &stage.sender, "poll", &mut ignore);

    let mut settings = poll_settings(&maci, now);
    settings.depths = TreeDepths::new(1, 1, STATE_DEPTH + 1).unwrap();
    let refused = deploy_poll(&mut deployer, &settings).await.unwrap_err();
    assert!(
        matches!(refused, DeployError::StateDepth { poll: 6, maci: 5 }),
        "{refused}"
    );

    let mut settings = poll_settings(&maci, now);
    settings.period.end = settings.period.start;
    let refused = deploy_poll(&mut deployer, &settings).await.unwrap_err();
    assert!(matches!(refused, DeployError::Dates { .. }), "{refused}");

    let mut settings = poll_settings(&maci, now);
    settings.vote_options = 6;
    let refused = deploy_poll(&mut deployer, &settings).await.unwrap_err();
    assert!(matches!(refused, DeployError::Config(_)), "{refused}");
}

#[tokio::test]
async fn a_maci_that_names_its_verifier_is_of_generation_b() {
    let stage = Stage::start().await;
    // a contract that answers everything with a word, as generation B answers `verifier()`
    let answers = "6460206000f36000526005601bf3";
    let call = Call {
        purpose: Purpose::new("a contract that answers"),
        to: None,
        data: hex::decode(answers).unwrap(),
    };
    let at = stage.sender.send(call).await.unwrap().created.unwrap();
    assert_eq!(Generation::of(&stage.rpc, at).await.unwrap(), Generation::B);
}

#[tokio::test]
async fn what_is_no_poll_is_said_to_be_none() {
    let stage = Stage::start().await;
    let nowhere = EthAddress([7; 20]);
    let refused = PollReader::open(&stage.rpc, nowhere, PollId(0)).await.unwrap_err();
    assert!(
        matches!(refused, ReadError::NoContract { address, .. } if address == nowhere),
        "{refused}"
    );

    let maci = stage.deploy_maci().await;
    let refused = PollReader::open(&stage.rpc, maci.maci, PollId(3)).await.unwrap_err();
    assert!(matches!(refused, ReadError::NoSuchPoll { polls: 0, .. }), "{refused}");

    let refused = PollReader::open(&stage.rpc, maci.verifier, PollId(0))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, ReadError::Refused { .. } | ReadError::NotMaci { .. }),
        "{refused}"
    );
}
