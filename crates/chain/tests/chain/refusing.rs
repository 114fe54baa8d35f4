//! What cannot be is refused before anything is sent, each with its place and its rule: what a new MACI names, contracts
//! of another version, keys that nobody could look up.

use alloy::primitives::U256;
use maci_chain::deploy::{
    DeployError, Design, Known, MaciDesign, NewMaci, PollDesign, VerifierKind, VoiceCredits, plan,
};
use maci_protocol::ids::EthAddress;
use maci_protocol::poll::{Mode, TreeDepths};
use serde_json::json;

use crate::stage::{STATE_DEPTH, Stage, artifacts, key_set, maci_design, new_maci, new_poll, poll_design, there};

/// An address where nothing is.
const NOWHERE: EthAddress = EthAddress([7; 20]);

/// Every complaint about a design, by whoever would send it.
async fn complaints(stage: &Stage, caller: EthAddress, design: &Design) -> Vec<String> {
    let (artifacts, known) = (artifacts(), Known::default());
    let planned = plan(&stage.rpc, &artifacts, caller, &stage.memory, &known, design);
    match planned.await.unwrap_err() {
        DeployError::Refused { complaints } => complaints.iter().map(ToString::to_string).collect(),
        other => panic!("{other}"),
    }
}

async fn is_refused(stage: &Stage, design: &Design, pointer: &str, rule: &str) {
    let told = complaints(stage, stage.sender.address(), design).await;
    let is_told = told.iter().any(|one| one.starts_with(pointer) && one.contains(rule));
    assert!(is_told, "{pointer} {rule}: {told:?}");
}

fn with_maci(change: impl FnOnce(&mut NewMaci)) -> Design {
    let mut maci = new_maci();
    change(&mut maci);
    Design {
        maci: MaciDesign::New(Box::new(maci)),
        ..maci_design()
    }
}

#[tokio::test]
async fn a_new_maci_names_only_contracts_that_are_there_and_depths_that_can_be() {
    let stage = Stage::start().await;
    let nothing = "has no contract";
    for (design, pointer, rule) in [
        (
            with_maci(|maci| maci.verifier = VerifierKind::There(NOWHERE)),
            "/maci/verifier",
            nothing,
        ),
        (
            with_maci(|maci| maci.registry = Some(NOWHERE)),
            "/maci/verifyingKeysRegistry",
            nothing,
        ),
        (
            with_maci(|maci| maci.poseidon[1] = Some(NOWHERE)),
            "/maci/poseidon/poseidonT4",
            nothing,
        ),
        (
            with_maci(|maci| maci.state_tree_depth = 200),
            "/maci/stateTreeDepth is 200",
            "",
        ),
        (
            with_maci(|maci| maci.keys[0].depths = TreeDepths::new(1, 1, STATE_DEPTH + 1).unwrap()),
            "/maci/verifyingKeys/0/stateTreeDepth is 6, but MACI's is 5",
            "never be looked up",
        ),
    ] {
        is_refused(&stage, &design, pointer, rule).await;
    }
    assert_eq!(stage.anvil.block_number().await.unwrap(), 0);
}

#[tokio::test]
async fn a_poll_s_credits_come_from_a_token_that_is_there_and_names_are_not_given_twice() {
    let stage = Stage::start().await;
    let now = stage.anvil.timestamp().await.unwrap();
    let with_poll = |change: &dyn Fn(&mut PollDesign)| {
        let mut design = maci_design();
        design.polls.push(new_poll(now));
        change(&mut design.polls[0]);
        design
    };
    let credits = |factor| VoiceCredits::Erc20Votes {
        snapshot_block: 1,
        token: NOWHERE,
        factor: U256::from(factor),
    };
    let of_nothing = with_poll(&|poll| poll.credits = credits(1_u8));
    is_refused(&stage, &of_nothing, "/polls/0/voiceCredits/token", "has no contract").await;
    let divided = with_poll(&|poll| poll.credits = credits(0));
    is_refused(&stage, &divided, "/polls/0/voiceCredits/factor", "at least 1").await;
    let mut twice = with_poll(&|_| ());
    twice.polls.push(new_poll(now));
    is_refused(&stage, &twice, "/polls/1/name", "another poll's").await;
    assert_eq!(stage.anvil.block_number().await.unwrap(), 0);
}

#[tokio::test]
async fn a_maci_of_another_version_makes_no_polls() {
    let stage = Stage::start().await;
    // it has a depth, as MACI has had for long, but nothing that makes polls as MACI v3 does: it answers all with a word
    let old = EthAddress([8; 20]);
    let code = json!([old, "0x60206000f3"]);
    stage.anvil.rpc().call("anvil_setCode", code).await.unwrap();
    let now = stage.anvil.timestamp().await.unwrap();
    let design = Design {
        name: "poll".to_owned(),
        maci: MaciDesign::There {
            maci: old,
            verifier_and_registry: None,
            keys: Vec::new(),
        },
        polls: vec![new_poll(now)],
    };
    is_refused(&stage, &design, "/maci/address", "a MACI of another version").await;
    assert_eq!(stage.anvil.block_number().await.unwrap(), 0);
}

#[tokio::test]
async fn keys_for_somebody_else_s_registry_are_refused_with_its_owner() {
    let stage = Stage::start().await;
    let maci = stage.deploy_maci().await;
    let blocks = stage.anvil.block_number().await.unwrap();
    let mut design = poll_design(&maci, stage.anvil.timestamp().await.unwrap());
    design.maci = match there(&maci) {
        MaciDesign::There {
            maci,
            verifier_and_registry,
            ..
        } => MaciDesign::There {
            maci,
            verifier_and_registry,
            keys: vec![key_set(&[Mode::Full])],
        },
        new => new,
    };
    let told = complaints(&stage, NOWHERE, &design).await;
    let owner = format!("only its owner {}", stage.sender.address());
    assert!(
        told.iter()
            .any(|one| one.starts_with("/maci/verifyingKeys") && one.contains(&owner)),
        "{told:?}"
    );
    assert_eq!(stage.anvil.block_number().await.unwrap(), blocks);
}
