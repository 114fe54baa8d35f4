//! Sources shown to explorers that compile them again, linked contracts among them.

use maci_testkit::{SourceExplorer, anvil::AnvilOptions, explorer::EXPLORER_KEY};
use serde_json::{Value, json};

use crate::site::{Site, text};

/// A MACI that was deployed, and an explorer of its chain.
struct Shown {
    site: Site,
    explorer: SourceExplorer,
    deployed: Value,
}

impl Shown {
    async fn open() -> Self {
        let site = Site::open(&AnvilOptions::default()).await;
        let mut description = site.description().await;
        description["polls"] = json!([]);
        let file = site.write(&description);
        site.operator.ask(&["deploy", "apply", text(&file)], "maci");
        let record = std::fs::read(site.operator.data().join("deployed-contracts.json")).unwrap();
        let record: Value = serde_json::from_slice(&record).unwrap();
        Self {
            explorer: SourceExplorer::start(site.chain.url()).unwrap(),
            deployed: record["localhost"]["named"].clone(),
            site,
        }
    }

    /// What comes of showing one contract: every source that was shown for it, with the verdict.
    fn verify(&self, api: &str, contract: &str) -> Vec<(String, String)> {
        let key = self.site.folder.path().join("key");
        std::fs::write(&key, EXPLORER_KEY).unwrap();
        let address = self.deployed[contract]["address"].as_str().unwrap();
        let command = ["deploy", "verify-source", "--api", api, "--url", self.explorer.url()];
        let about = ["--api-key-file", text(&key), "--address", address];
        let shown = self.site.operator.run(&[&command[..], &about].concat());
        assert!(shown.ok, "{contract}: {} {:?}", shown.error, shown.lines);
        let contracts = shown.lines.last().unwrap()["contracts"].as_array().unwrap();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let told = contracts
            .iter()
            .map(|one| (word(&one["contract"]), word(&one["verdict"])));
        told.collect()
    }

    fn verifies(&self, api: &str, contract: &str, shown: &[&str], verdict: &str) {
        let expected: Vec<_> = shown.iter().map(|one| (one.to_string(), verdict.to_owned())).collect();
        assert_eq!(self.verify(api, contract), expected, "{contract}");
        // what is noted is not shown again
        assert_eq!(self.verify(api, contract), [], "{contract}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sourcify_finds_the_very_code_of_linked_contracts_and_of_what_factories_clone() {
    let shown = Shown::open().await;
    let verifies = |contract, sources: &[&str]| shown.verifies("sourcify", contract, sources, "exact");
    verifies("MACI", &["contracts/MACI.sol:MACI"]);
    verifies(
        "PollFactory",
        &["contracts/PollFactory.sol:PollFactory", "contracts/Poll.sol:Poll"],
    );
    verifies(
        "VerifyingKeysRegistry",
        &["contracts/VerifyingKeysRegistry.sol:VerifyingKeysRegistry"],
    );
    // the library's code was generated, and there is no source that compiles to it
    let library = shown.verify("sourcify", "PoseidonT3");
    assert_eq!(library, [("PoseidonT3".to_owned(), "skipped".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn etherscan_links_by_the_settings_and_is_told_the_constructor_s_arguments() {
    let shown = Shown::open().await;
    let verifies = |contract, sources: &[&str]| shown.verifies("etherscan", contract, sources, "verified");
    verifies("MACI", &["contracts/MACI.sol:MACI"]);
    verifies(
        "PollFactory",
        &["contracts/PollFactory.sol:PollFactory", "contracts/Poll.sol:Poll"],
    );
    verifies(
        "VerifyingKeysRegistry",
        &["contracts/VerifyingKeysRegistry.sol:VerifyingKeysRegistry"],
    );
}
