use maci_chain::contracts::Generation;
use maci_chain::deploy::{
    DeployError, Deployed, Design, KeySet, Known, MaciContracts, MaciDesign, Policy, PolicyDesign, PolicyName,
    PollDesign, VoiceCredits,
};
use maci_chain::reader::{KeySlot, Period, PollReader, ReadError, Registry};
use maci_chain::send::{Call, Purpose};
use maci_protocol::files::DeployedContracts;
use maci_protocol::ids::{EthAddress, PollId};
use maci_protocol::poll::{Mode, TreeDepths};
use serde_json::json;

use crate::stage::{STATE_DEPTH, Stage, depths, key, key_set, maci_design, new_maci, new_poll, poll_design, there};

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
    assert_eq!(Some(reader.external().verifier), maci.verifier);
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
async fn a_deployment_started_again_sends_nothing_and_ends_the_same() {
    let stage = Stage::start().await;
    let now = stage.anvil.timestamp().await.unwrap();
    let mut design = maci_design();
    design.polls.push(new_poll(now));
    let mut records = DeployedContracts::default();
    let mut told = 0;
    let mut watch = |_: &str, one: &Deployed| {
        one.add_to(&mut records, "localhost");
        told += 1;
    };
    let first = stage
        .apply_knowing(&design, &Known::default(), &mut watch)
        .await
        .unwrap();
    assert_eq!(told, 4 + 2 + 3 + 4 + 1 + 2 + 2 + 3);
    assert_eq!(
        records.lookup("localhost", "MACI", None).unwrap().address,
        first.maci.maci
    );
    let policy = "@excubiae/contracts/contracts/extensions/freeForAll/FreeForAllPolicy.sol:FreeForAllPolicy";
    assert_eq!(
        Some(records.lookup("localhost", policy, None).unwrap().address),
        Some(first.polls[0].policy)
    );

    let blocks = stage.anvil.block_number().await.unwrap();
    let again = stage.apply(&design).await.unwrap();
    assert_eq!(again, first);
    let plan = stage.plan(&design, &Known::default()).await.unwrap();
    assert_eq!((plan.to_send(), plan.gas()), (0, 0));
    assert_eq!(stage.anvil.block_number().await.unwrap(), blocks);
}

#[tokio::test]
async fn a_plan_names_the_very_addresses_and_gas_that_applying_it_gives() {
    let stage = Stage::start().await;
    let now = stage.anvil.timestamp().await.unwrap();
    let mut design = maci_design();
    design.polls.push(new_poll(now));
    let plan = stage.plan(&design, &Known::default()).await.unwrap();
    assert_eq!(plan.trial, Ok(()));
    assert_eq!(stage.anvil.block_number().await.unwrap(), 0);
    let (balance, price) = (plan.balance, plan.gas_price);

    let contracts = stage.apply(&design).await.unwrap();
    let address = |name: &str| plan.steps.iter().find(|step| step.name == name).unwrap().address;
    assert_eq!(address("MACI"), Some(contracts.maci.maci));
    assert_eq!(address("sign-up policy"), contracts.maci.sign_up_policy);
    assert_eq!(address("poll spring"), Some(contracts.polls[0].addresses.poll));
    assert_eq!(
        address("poll spring: voice credits"),
        Some(contracts.polls[0].initial_voice_credit_proxy)
    );
    let spent = balance - stage.sender.balance().await.unwrap();
    assert!(price > 0 && !spent.is_zero());
    let used = gas_used(&stage, plan.to_send() as u64).await;
    let told = plan.gas();
    assert!(told.abs_diff(used) < used / 50, "planned {told}, used {used}");
}

/// The gas of everything that was sent.
async fn gas_used(stage: &Stage, transactions: u64) -> u64 {
    let mut used = 0;
    for number in 1..=stage.anvil.block_number().await.unwrap() {
        used += stage.anvil.gas_used(number).await.unwrap();
    }
    assert!(transactions > 0);
    used
}

#[tokio::test]
async fn verifying_keys_are_set_once_added_to_and_never_replaced() {
    let stage = Stage::start().await;
    let maci = stage.deploy_maci().await;
    let registry = Registry::new(stage.rpc.clone(), maci.verifying_keys_registry.unwrap());
    let slot = KeySlot::Tally {
        depths: depths(),
        mode: Mode::Full,
    };
    let with = |keys: KeySet| Design {
        name: "more keys".to_owned(),
        maci: match there(&maci) {
            MaciDesign::There {
                maci,
                verifier_and_registry,
                ..
            } => MaciDesign::There {
                maci,
                verifier_and_registry,
                keys: vec![keys],
            },
            MaciDesign::New(_) => unreachable!(),
        },
        polls: Vec::new(),
    };

    let blocks = stage.anvil.block_number().await.unwrap();
    stage.apply(&with(key_set(&[Mode::Qv]))).await.unwrap();
    assert_eq!(stage.anvil.block_number().await.unwrap(), blocks);

    assert_eq!(registry.key(slot).await.unwrap(), None);
    stage.apply(&with(key_set(&Mode::ALL))).await.unwrap();
    assert_eq!(registry.key(slot).await.unwrap(), Some(key(22, 6)));

    let mut other = key_set(&Mode::ALL);
    other.poll_joined = key(99, 2);
    let complaints = refused(stage.apply(&with(other)).await);
    assert!(complaints[0].contains("PollJoined"), "{complaints:?}");
}

#[tokio::test]
async fn the_same_slot_for_two_batch_sizes_is_refused_before_it_is_too_late() {
    let stage = Stage::start().await;
    let mut other = key_set(&[Mode::Qv]);
    other.message_batch_size = 20;
    other.modes[0].process = key(77, 10);
    let mut maci = new_maci();
    maci.keys.push(other);
    let design = Design {
        maci: MaciDesign::New(Box::new(maci)),
        ..maci_design()
    };
    let complaints = refused(stage.plan(&design, &Known::default()).await);
    assert!(
        complaints[0].starts_with("/maci/verifyingKeys/1/messageBatchSize") && complaints[0].contains("batch sizes"),
        "{complaints:?}"
    );
}

/// The complaints of a deployment that was refused.
fn refused<T: std::fmt::Debug>(result: Result<T, DeployError>) -> Vec<String> {
    match result.unwrap_err() {
        DeployError::Refused { complaints } => complaints.iter().map(ToString::to_string).collect(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_place_and_rule_and_nothing_is_sent() {
    let stage = Stage::start().await;
    let maci = stage.deploy_maci().await;
    let now = stage.anvil.timestamp().await.unwrap();
    let blocks = stage.anvil.block_number().await.unwrap();
    let nowhere = EthAddress([7; 20]);
    let check = async |design: Design, pointer: &str, rule: &str| {
        let complaints = refused(stage.apply(&design).await);
        let found = complaints
            .iter()
            .any(|one| one.starts_with(pointer) && one.contains(rule));
        assert!(found, "{pointer} {rule}: {complaints:?}");
    };
    let poll = |change: &dyn Fn(&mut PollDesign)| {
        let mut design = poll_design(&maci, now);
        change(&mut design.polls[0]);
        design
    };
    let deeper = TreeDepths::new(1, 1, STATE_DEPTH + 1).unwrap();
    check(
        poll(&|poll| poll.depths = deeper),
        "/polls/0/stateTreeDepth",
        "is 6, but MACI's is 5",
    )
    .await;
    check(
        poll(&|poll| poll.period.end = poll.period.start),
        "/polls/0/endDate",
        "not after startDate",
    )
    .await;
    check(
        poll(&|poll| poll.period.start -= 3_600),
        "/polls/0/startDate",
        "and now it is",
    )
    .await;
    let past = Period { start: 1, end: 2 };
    check(poll(&|poll| poll.period = past), "/polls/0/endDate", "and now it is").await;
    check(
        poll(&|poll| poll.vote_options = 6),
        "/polls/0/voteOptions",
        "room for 1 to 5",
    )
    .await;
    check(
        poll(&|poll| poll.message_batch_size = 0),
        "/polls/0/messageBatchSize",
        "at least 1",
    )
    .await;
    check(
        poll(&|poll| poll.mode = Mode::Full),
        "/polls/0",
        "no verifying key of MessageProcessor",
    )
    .await;
    check(
        poll(&|poll| poll.credits = VoiceCredits::Proxy(nowhere)),
        "/polls/0/voiceCredits/address",
        "has no contract",
    )
    .await;
    let token = json!({ "token": nowhere });
    let token = Policy::read(PolicyName::Token, token.as_object().unwrap(), "", &[]).unwrap();
    let token = PolicyDesign::New(token);
    check(
        poll(&|poll| poll.policy = token.clone()),
        "/polls/0/policy/token",
        "has no contract",
    )
    .await;
    let taken = PolicyDesign::There(maci.sign_up_policy.unwrap());
    check(
        poll(&|poll| poll.policy = taken.clone()),
        "/polls/0/policy/address",
        "already",
    )
    .await;
    let no_policy = PolicyDesign::There(maci.maci);
    check(
        poll(&|poll| poll.policy = no_policy.clone()),
        "/polls/0/policy/address",
        "as a policy does",
    )
    .await;

    let at = |maci| {
        let mut design = poll_design(&maci_contracts(nowhere), now);
        design.maci = MaciDesign::There {
            maci,
            verifier_and_registry: None,
            keys: Vec::new(),
        };
        design
    };
    check(at(nowhere), "/maci/address", "has no contract").await;
    check(
        at(maci.verifier.unwrap()),
        "/maci/address",
        "does not answer as MACI v3 does",
    )
    .await;
    check(at(maci.maci), "/maci/verifier", "generation A").await;
    assert_eq!(stage.anvil.block_number().await.unwrap(), blocks);
}

fn maci_contracts(maci: EthAddress) -> MaciContracts {
    MaciContracts {
        maci,
        generation: Generation::A,
        verifier: None,
        verifying_keys_registry: None,
        sign_up_policy: None,
    }
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

    let refused = PollReader::open(&stage.rpc, maci.verifier.unwrap(), PollId(0))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, ReadError::Refused { .. } | ReadError::NotMaci { .. }),
        "{refused}"
    );
}
