//! What was deployed is found again, by step and by contract.

use crate::bench::{Bench, on_both_engines};
use maci_protocol::ids::{ChainId, EthAddress, PollId, TxHash};
use maci_protocol::time::Timestamp;
use maci_store::{DeployedContract, DeploymentStep, StepLeft};

on_both_engines! {
    a_step_is_found_by_what_it_called_and_no_other_is,
    a_step_kept_again_is_one_step,
}

const CHAIN: ChainId = ChainId(31_337);

fn step(fingerprint: &str) -> DeploymentStep {
    DeploymentStep {
        chain: CHAIN,
        deployment: "spring".to_owned(),
        step: "MACI".to_owned(),
        fingerprint: fingerprint.to_owned(),
    }
}

fn left(byte: u8) -> StepLeft {
    StepLeft {
        transaction: Some(TxHash([byte; 32])),
        address: Some(EthAddress([byte; 20])),
        poll: Some(PollId(3)),
    }
}

fn contract(byte: u8, name: &str) -> DeployedContract {
    DeployedContract {
        chain: CHAIN,
        address: EthAddress([byte; 20]),
        contract: name.to_owned(),
        deployment: "spring".to_owned(),
        transaction: TxHash([byte; 32]),
        arguments: Some("[5]".to_owned()),
        libraries: None,
        poll: None,
    }
}

async fn a_step_is_found_by_what_it_called_and_no_other_is(bench: Bench) {
    let steps = bench.open().await.deployments_done();
    assert!(!steps.has_begun(CHAIN, "spring").await.unwrap());
    let contracts = [contract(1, "MACI")];
    steps
        .keep(&step("aa"), &left(1), &contracts, Timestamp(1))
        .await
        .unwrap();
    assert_eq!(steps.find(&step("aa")).await.unwrap(), Some(left(1)));
    assert_eq!(steps.find(&step("bb")).await.unwrap(), None);
    assert!(steps.has_begun(CHAIN, "spring").await.unwrap());
    assert!(!steps.has_begun(ChainId(1), "spring").await.unwrap());
    let chosen = StepLeft {
        transaction: None,
        ..left(2)
    };
    steps.keep(&step("shared"), &chosen, &[], Timestamp(2)).await.unwrap();
    assert_eq!(steps.find(&step("shared")).await.unwrap(), Some(chosen));
    assert_eq!(steps.contracts(CHAIN).await.unwrap(), contracts);
}

async fn a_step_kept_again_is_one_step(bench: Bench) {
    let steps = bench.open().await.deployments_done();
    for _ in 0..2 {
        let contracts = [contract(1, "Poll"), contract(2, "Tally")];
        steps
            .keep(&step("aa"), &left(1), &contracts, Timestamp(1))
            .await
            .unwrap();
    }
    assert_eq!(steps.contracts(CHAIN).await.unwrap().len(), 2);
    // a chain that was begun anew has something else there
    steps
        .keep(&step("cc"), &left(1), &[contract(1, "MACI")], Timestamp(3))
        .await
        .unwrap();
    assert_eq!(steps.contracts(CHAIN).await.unwrap()[0].contract, "MACI");
}
