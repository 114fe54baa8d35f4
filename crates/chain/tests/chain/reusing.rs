//! Contracts that are there already: used again if they are what they are said to be, and planning where a node helps less.

use maci_chain::artifacts::{CodeMismatch, ContractSource};
use maci_chain::deploy::{
    Comparer, Deployed, Design, Fate, Known, MaciDesign, Mismatch, NoSource, Origin, plan, sourced,
};
use maci_chain::rpc::Rpc;
use maci_protocol::ids::EthAddress;
use maci_testkit::RpcProxy;
use maci_testkit::proxy::{Fault, Rule};
use serde_json::json;

use crate::stage::{Stage, artifacts, connect, maci_design, new_maci, new_poll};

#[tokio::test]
async fn what_is_listed_is_used_only_if_its_code_is_the_artifact_s() {
    let stage = Stage::start().await;
    let mut made = Vec::new();
    let mut watch = |_: &str, one: &Deployed| made.push((one.id.clone(), one.address));
    let first = stage
        .apply_knowing(&maci_design(), &Known::default(), &mut watch)
        .await
        .unwrap();
    let at = |id: &str| made.iter().find(|(known, _)| known == id).unwrap().1;

    // one is what it is said to be, one is another contract, one was changed, one is linked with what was changed
    let code = stage
        .anvil
        .rpc()
        .call("eth_getCode", json!([at("PoseidonT4"), "latest"]))
        .await
        .unwrap();
    let mut tampered = code.as_str().unwrap().to_owned();
    tampered.replace_range(400..402, if &tampered[400..402] == "00" { "01" } else { "00" });
    let changed = EthAddress([0x44; 20]);
    stage
        .anvil
        .rpc()
        .call("anvil_setCode", json!([changed, tampered]))
        .await
        .unwrap();
    let mut known = Known::default();
    known.add("PoseidonT3", at("PoseidonT3"), Origin::Public);
    known.add("PoseidonT4", changed, Origin::Public);
    known.add("PoseidonT5", at("PoseidonT6"), Origin::Operator);
    known.add("PoseidonT6", EthAddress([9; 20]), Origin::Operator);
    known.add("TallyFactory", at("TallyFactory"), Origin::Records);
    let again = Design {
        name: "again".to_owned(),
        ..maci_design()
    };
    let plan = stage.plan(&again, &known).await.unwrap();
    let fate = |name: &str| plan.steps.iter().find(|step| step.name == name).unwrap().fate.clone();
    assert_eq!(fate("PoseidonT3"), Fate::Reused(Origin::Public));
    assert_eq!(fate("TallyFactory"), Fate::Reused(Origin::Records));
    for name in ["PoseidonT4", "PoseidonT5", "PoseidonT6", "PollFactory"] {
        assert!(matches!(fate(name), Fate::Sent(Some(_))), "{name}");
    }
    let refusals: Vec<String> = plan
        .refused
        .iter()
        .map(|one| format!("{} {}", one.contract, one.reason))
        .collect();
    assert!(
        refusals
            .iter()
            .any(|one| one.starts_with("PoseidonT4") && one.contains("at byte 199")),
        "{refusals:?}"
    );
    assert!(
        refusals
            .iter()
            .any(|one| one.starts_with("PoseidonT5") && one.contains("bytes where")),
        "{refusals:?}"
    );
    assert!(
        refusals.iter().any(|one| one.contains("no contract at that address")),
        "{refusals:?}"
    );

    // what was chosen once stays chosen, whatever the lists say later
    let second = stage.apply_knowing(&again, &known, &mut |_, _| {}).await.unwrap();
    assert_ne!(second.maci.maci, first.maci.maci);
    let third = stage.apply(&again).await.unwrap();
    assert_eq!(third, second);

    let (artifacts, rpc) = (artifacts(), &stage.rpc);
    let mut comparer = Comparer::new(rpc, &artifacts);
    let mut compare = async |source, at| comparer.compare(source, at).await.unwrap();
    assert_eq!(compare(ContractSource::POLL_FACTORY, at("PollFactory")).await, Ok(()));
    assert_eq!(compare(ContractSource::MACI, first.maci.maci).await, Ok(()));
    let wrong = compare(ContractSource::VERIFYING_KEYS_REGISTRY, first.maci.maci).await;
    assert!(
        matches!(wrong, Err(Mismatch::Code(CodeMismatch::Length { .. }))),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn a_factory_that_clones_something_else_or_is_linked_with_something_else_is_found_out() {
    let stage = Stage::start().await;
    let mut made = Vec::new();
    let mut watch = |_: &str, one: &Deployed| made.push((one.id.clone(), one.address));
    let maci = stage
        .apply_knowing(&maci_design(), &Known::default(), &mut watch)
        .await
        .unwrap()
        .maci;
    let at = |id: &str| made.iter().find(|(known, _)| known == id).unwrap().1;
    let whole = stage
        .anvil
        .rpc()
        .call("eth_getCode", json!([at("PollFactory"), "latest"]))
        .await
        .unwrap();
    let whole = whole.as_str().unwrap().to_owned();
    let replaced = async |what: EthAddress, by: EthAddress| {
        let there = whole.replace(&hex::encode(what.0), &hex::encode(by.0));
        assert_ne!(there, whole);
        let place = EthAddress([0x55; 20]);
        stage
            .anvil
            .rpc()
            .call("anvil_setCode", json!([place, there]))
            .await
            .unwrap();
        let artifacts = artifacts();
        let mut comparer = Comparer::new(&stage.rpc, &artifacts);
        comparer
            .compare(ContractSource::POLL_FACTORY, place)
            .await
            .unwrap()
            .unwrap_err()
    };
    // the implementation is the one address in a factory's code
    let implementation = clone_of(&stage, at("PollFactory")).await;
    let other = replaced(implementation, maci.maci).await;
    assert!(
        matches!(&other, Mismatch::Implementation { at, .. } if *at == maci.maci),
        "{other}"
    );

    // MACI is linked with libraries itself
    let code = stage
        .anvil
        .rpc()
        .call("eth_getCode", json!([maci.maci, "latest"]))
        .await
        .unwrap();
    let relinked = code
        .as_str()
        .unwrap()
        .replace(&hex::encode(at("PoseidonT3").0), &hex::encode(at("PoseidonT4").0));
    let place = EthAddress([0x66; 20]);
    stage
        .anvil
        .rpc()
        .call("anvil_setCode", json!([place, relinked]))
        .await
        .unwrap();
    let artifacts = artifacts();
    let mut comparer = Comparer::new(&stage.rpc, &artifacts);
    let found = comparer
        .compare(ContractSource::MACI, place)
        .await
        .unwrap()
        .unwrap_err();
    assert!(
        matches!(&found, Mismatch::Library { library, .. } if library.ends_with("PoseidonT3")),
        "{found}"
    );
}

async fn clone_of(stage: &Stage, factory: EthAddress) -> EthAddress {
    let asked = json!([{ "to": factory, "data": "0x3a4741bd" }, "latest"]);
    let word = stage.anvil.rpc().call("eth_call", asked).await.unwrap();
    let text = word.as_str().unwrap();
    format!("0x{}", &text[text.len() - 40..]).parse().unwrap()
}

#[tokio::test]
async fn where_a_node_cannot_try_calls_out_each_is_estimated_as_far_as_it_can_be() {
    let stage = Stage::start().await;
    let proxy = RpcProxy::before(stage.anvil.url()).await.unwrap();
    let message = "the method eth_simulateV1 does not exist".to_owned();
    proxy.inject(Rule::always(Fault::Error { code: -32_601, message }).on(&["eth_simulateV1"]));
    let rpc: Rpc = connect(&[proxy.url()]).await;
    let mut design = maci_design();
    design.polls.push(new_poll(stage.anvil.timestamp().await.unwrap()));
    let caller = stage.sender.address();
    let planned = plan(&rpc, &artifacts(), caller, &stage.memory, &Known::default(), &design)
        .await
        .unwrap();
    assert!(
        planned.trial.clone().unwrap_err().contains("eth_simulateV1"),
        "{:?}",
        planned.trial
    );
    let gas = |name: &str| {
        planned
            .steps
            .iter()
            .find(|step| step.name == name)
            .unwrap()
            .fate
            .clone()
    };
    assert!(matches!(gas("PoseidonT3"), Fate::Sent(Some(gas)) if gas > 1_000_000));
    assert_eq!(gas("poll spring"), Fate::Sent(None));
    assert!(planned.unknown() > 3 && planned.unknown() < planned.to_send());
    assert!(planned.steps.iter().all(|step| step.address.is_none()));
    assert_eq!(stage.anvil.block_number().await.unwrap(), 0);
}

#[tokio::test]
async fn the_arguments_of_a_constructor_are_found_in_the_transaction_that_made_it() {
    let stage = Stage::start().await;
    let mut made = Vec::new();
    let mut watch = |_: &str, one: &Deployed| made.push(one.clone());
    let design = Design {
        maci: MaciDesign::New(Box::new(new_maci())),
        ..maci_design()
    };
    stage
        .apply_knowing(&design, &Known::default(), &mut watch)
        .await
        .unwrap();
    let artifacts = artifacts();
    let found = async |id: &str| {
        let one = made.iter().find(|one| one.id == id).unwrap();
        sourced(&stage.rpc, &artifacts, id, one.address, one.transaction)
            .await
            .unwrap()
    };
    let registry = found("VerifyingKeysRegistry").await.unwrap();
    let arguments = registry[0].arguments.clone().unwrap();
    assert_eq!(arguments[12..], stage.sender.address().0);
    let maci = found("MACI").await.unwrap();
    assert_eq!(maci[0].arguments.as_ref().unwrap().len(), 10 * 32);
    assert_eq!(maci[0].libraries.by_name().count(), 4);
    let factory = found("PollFactory").await.unwrap();
    assert_eq!(factory[1].id, "contracts/Poll.sol:Poll");
    assert!(matches!(found("PoseidonT3").await, Err(NoSource::Generated)));
    let policy = "@excubiae/contracts/contracts/extensions/freeForAll/FreeForAllPolicy.sol:FreeForAllPolicy";
    assert!(matches!(found(policy).await, Err(NoSource::Clone)));
}
