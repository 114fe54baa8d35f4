//! Every identifier of our bindings against the published ones, of both generations.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use alloy::sol_types::{SolError, SolInterface};
use maci_chain::contracts::errors::KnownErrors::{self, KnownErrorsErrors};
use maci_chain::contracts::factories::{
    IConstantInitialVoiceCreditProxyFactory::IConstantInitialVoiceCreditProxyFactoryCalls, IFactory,
    IPolicyFactory::IPolicyFactoryCalls,
};
use maci_chain::contracts::finalising::{IMessageProcessor::IMessageProcessorCalls, ITally};
use maci_chain::contracts::keys::{IVerifier::IVerifierCalls, IVerifyingKeysRegistry::IVerifyingKeysRegistryCalls};
use maci_chain::contracts::maci::{IMaci, IMaciA::IMaciACalls, IMaciB::IMaciBCalls};
use maci_chain::contracts::policies::{IInitialVoiceCreditProxy::IInitialVoiceCreditProxyCalls, IPolicy};
use maci_chain::contracts::poll::IPoll;
use serde::Deserialize;

#[derive(Deserialize)]
struct Published {
    #[serde(default)]
    functions: BTreeMap<String, String>,
    #[serde(default)]
    events: BTreeMap<String, String>,
    #[serde(default)]
    errors: BTreeMap<String, String>,
}

fn published(file: &str) -> BTreeMap<String, Published> {
    let folder = std::env::var_os("MACI_VECTORS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors"),
        PathBuf::from,
    );
    let text = fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let all: BTreeMap<String, serde_json::Value> = serde_json::from_slice(&text).unwrap();
    let contracts = all
        .into_iter()
        .filter_map(|(name, one)| Some((name, serde_json::from_value(one).ok()?)));
    contracts.collect()
}

const A: &str = "abi_ids.json";
const B: &str = "abi_ids_v3_release.json";

/// Asserts that a contract publishes each of these selectors, for a function of this name.
fn publishes(file: &str, contract: &str, signatures: &[&str], selectors: &[[u8; 4]]) {
    let all = published(file);
    let functions = &all[contract].functions;
    for (signature, selector) in signatures.iter().zip(selectors) {
        let (name, hex) = (
            signature.split('(').next().unwrap(),
            format!("0x{}", hex::encode(selector)),
        );
        let found = functions
            .iter()
            .any(|(text, id)| *id == hex && text.starts_with(&format!("function {name}(")));
        assert!(found, "{contract} in {file} publishes no {signature} {hex}");
    }
}

fn emits(file: &str, contract: &str, signatures: &[&str], topics: &[[u8; 32]]) {
    let all = published(file);
    for (signature, topic) in signatures.iter().zip(topics) {
        let (name, hex) = (
            signature.split('(').next().unwrap(),
            format!("0x{}", hex::encode(topic)),
        );
        let found = all[contract]
            .events
            .iter()
            .any(|(text, id)| *id == hex && text.starts_with(&format!("event {name}(")));
        assert!(found, "{contract} in {file} publishes no {signature} {hex}");
    }
}

macro_rules! check_functions {
    ($file:expr, $contract:literal, $calls:ty) => {
        publishes($file, $contract, <$calls>::SIGNATURES, <$calls>::SELECTORS)
    };
}

#[test]
fn our_functions_have_the_published_selectors() {
    check_functions!(A, "MACI", IMaci::IMaciCalls);
    check_functions!(A, "MACI", IMaciACalls);
    check_functions!(A, "Poll", IPoll::IPollCalls);
    check_functions!(A, "MessageProcessor", IMessageProcessorCalls);
    check_functions!(A, "Tally", ITally::ITallyCalls);
    check_functions!(A, "VerifyingKeysRegistry", IVerifyingKeysRegistryCalls);
    check_functions!(A, "Verifier", IVerifierCalls);
    check_functions!(A, "PollFactory", IFactory::IFactoryCalls);
    check_functions!(A, "FreeForAllPolicyFactory", IPolicyFactoryCalls);
    check_functions!(A, "FreeForAllPolicy", IPolicy::IPolicyCalls);
    check_functions!(
        A,
        "ConstantInitialVoiceCreditProxyFactory",
        IConstantInitialVoiceCreditProxyFactoryCalls
    );
    check_functions!(A, "ConstantInitialVoiceCreditProxy", IInitialVoiceCreditProxyCalls);
}

#[test]
fn our_functions_have_the_release_s_selectors() {
    check_functions!(B, "MACI", IMaci::IMaciCalls);
    check_functions!(B, "MACI", IMaciBCalls);
    check_functions!(B, "Poll", IPoll::IPollCalls);
    check_functions!(B, "MessageProcessor", IMessageProcessorCalls);
    check_functions!(B, "Tally", ITally::ITallyCalls);
    check_functions!(B, "FreeForAllPolicy", IPolicy::IPolicyCalls);
}

#[test]
fn our_events_have_the_published_topics() {
    for file in [A, B] {
        emits(
            file,
            "MACI",
            IMaci::IMaciEvents::SIGNATURES,
            IMaci::IMaciEvents::SELECTORS,
        );
        emits(
            file,
            "Poll",
            IPoll::IPollEvents::SIGNATURES,
            IPoll::IPollEvents::SELECTORS,
        );
        emits(
            file,
            "FreeForAllPolicy",
            IPolicy::IPolicyEvents::SIGNATURES,
            IPolicy::IPolicyEvents::SELECTORS,
        );
    }
    emits(
        B,
        "Tally",
        ITally::ITallyEvents::SIGNATURES,
        ITally::ITallyEvents::SELECTORS,
    );
    emits(
        A,
        "PollFactory",
        IFactory::IFactoryEvents::SIGNATURES,
        IFactory::IFactoryEvents::SELECTORS,
    );
}

#[test]
fn every_published_error_is_known_by_name() {
    for file in [A, B] {
        for (contract, one) in published(file) {
            for (signature, hex) in one.errors {
                let selector: [u8; 4] = hex::decode(&hex[2..]).unwrap().try_into().unwrap();
                assert!(
                    KnownErrorsErrors::valid_selector(selector),
                    "{contract} in {file}: {signature} {hex}"
                );
            }
        }
    }
}

#[test]
fn the_errors_we_act_upon_have_the_published_selectors() {
    let all = published(A);
    let same = |contract: &str, signature: &str, selector: [u8; 4]| {
        assert_eq!(all[contract].errors[signature], format!("0x{}", hex::encode(selector)));
    };
    same(
        "MACI",
        "PollDoesNotExist(uint256)",
        KnownErrors::PollDoesNotExist::SELECTOR,
    );
    same(
        "VerifyingKeysRegistry",
        "VerifyingKeyNotSet()",
        KnownErrors::VerifyingKeyNotSet::SELECTOR,
    );
}
