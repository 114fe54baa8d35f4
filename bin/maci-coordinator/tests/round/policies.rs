//! Every policy, from a description to a poll that it guards: tried out, killed at every step, gone on with, and not done
//! twice.

use std::{
    cell::Cell,
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use alloy::{
    primitives::{Address, B256, U256},
    sol_types::SolValue,
};
use maci_testkit::{
    Anvil,
    anvil::{ACCOUNTS, AnvilOptions},
    places,
};
use serde_json::{Value, json};

use crate::site::{Sent, Site, die_at_every_step, text};

/// A coordinator key that is kept elsewhere.
const COORDINATOR: &str = "macipk.2bd407d897fbbca9f88adfd2d15252e69de8c1564eb4d3d27162e259172f1a1d";

/// What a chain and a data folder show of deployments.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// Every contract that is recorded, with its id.
    contracts: BTreeSet<(String, String)>,
    /// Transactions of the sender, each of which succeeded.
    sent: usize,
}

/// A round whose sign-ups and poll a policy guards.
struct Round<'a> {
    site: &'a Site,
    name: String,
    file: PathBuf,
}

impl<'a> Round<'a> {
    async fn of(site: &'a Site, policy: Value) -> Self {
        let name = format!("round-of-{}", policy["type"].as_str().unwrap());
        let mut description = site.description().await;
        description["name"] = json!(name);
        description["maci"]["policy"] = policy.clone();
        description["polls"][0]["policy"] = policy;
        description["polls"][0]["coordinatorPublicKey"] = json!(COORDINATOR);
        let file = site.write(&description);
        Self { site, name, file }
    }

    /// What is left to do, tried out by the node.
    fn dry_run(&self) -> Value {
        let done = self
            .site
            .operator
            .run(&["deploy", "apply", "--dry-run", text(&self.file)]);
        assert!(done.ok, "{}: {}", self.name, done.error);
        let plan = done.lines.last().unwrap().clone();
        assert_eq!(plan["isSimulated"], json!(true), "{}: {plan}", self.name);
        assert_eq!(plan["isAffordable"], json!(true), "{}: {plan}", self.name);
        plan
    }

    fn apply(&self) -> Value {
        self.site.operator.ask(&["deploy", "apply", text(&self.file)], "maci")
    }

    /// Applies it, dying once at every step, and looks half way at what is left.
    fn apply_dying(&self, steps: &[Sent], turn: usize) {
        let life = Cell::new(0);
        let apply = || {
            life.set(life.get() + 1);
            if life.get() == steps.len() / 2 {
                let left = self.dry_run()["toSend"].as_u64().unwrap();
                assert!(left > 0 && left < steps.len() as u64, "{}: {left}", self.name);
            }
            self.site.operator.command(&["deploy", "apply", text(&self.file)])
        };
        let list = self.site.folder.path().join("deaths");
        die_at_every_step(&self.name, steps, turn, &list, apply);
    }

    async fn outcome(&self) -> Outcome {
        let record = fs::read(self.site.operator.data().join("deployed-contracts.json")).unwrap();
        let record: Value = serde_json::from_slice(&record).unwrap();
        let instances = record["localhost"]["instance"].as_object().unwrap().iter();
        let contracts = instances.map(|(at, one)| (one["id"].as_str().unwrap().to_owned(), at.clone()));
        Outcome {
            contracts: contracts.collect(),
            sent: self.site.calls().await,
        }
    }
}

/// Brings rounds about, each a first time undisturbed, and then again from the same state, dying once at every step.
async fn survive(policies: &[&str]) {
    let site = Site::open(&AnvilOptions::default()).await;
    let (data, before) = (site.operator.data(), site.folder.path().join("before"));
    for (place, policy) in policies.iter().enumerate() {
        let round = Round::of(&site, described(policy, &site.chain).await).await;
        let blocks = site.chain.block_number().await.unwrap();
        let begun = site.calls().await;
        let plan = round.dry_run();
        assert_eq!(site.chain.block_number().await.unwrap(), blocks, "{policy}");
        let steps = plan["steps"].as_array().unwrap();
        let sent = Sent::of(&plan);

        copy(&data, &before);
        let state = site.chain.snapshot().await.unwrap();
        let maci = round.apply();
        let undisturbed = round.outcome().await;
        assert_eq!(undisturbed.sent, begun + sent.len(), "{policy}");
        let planned = steps.iter().find(|step| step["name"] == "MACI").unwrap();
        assert_eq!(planned["address"], maci["address"], "{policy}");
        site.chain.revert(state).await.unwrap();
        fs::remove_dir_all(&data).unwrap();
        fs::rename(&before, &data).unwrap();
        assert_eq!(site.calls().await, begun, "{policy}");

        tokio::task::block_in_place(|| round.apply_dying(&sent, place));
        assert_eq!(round.outcome().await, undisturbed, "{policy}");

        assert_eq!(round.apply(), maci, "{policy}");
        assert_eq!(round.dry_run()["toSend"], json!(0), "{policy}");
        assert_eq!(round.outcome().await, undisturbed, "{policy}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_that_ask_tokens_and_attestations_survive_a_death_at_every_step() {
    survive(&["FreeForAll", "Token", "EAS", "GitcoinPassport", "ERC20Votes"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_that_ask_for_proofs_and_membership_survive_a_death_at_every_step() {
    survive(&["MerkleProof", "Hats", "Zupass", "Semaphore", "AnonAadhaar", "ERC20"]).await;
}

/// A policy as a description has it, with the contracts that it asks.
async fn described(policy: &str, chain: &Anvil) -> Value {
    let us: Address = ACCOUNTS[0].address.parse().unwrap();
    let token = ("Votes".to_owned(), "V".to_owned()).abi_encode_params();
    let outside = async |name, arguments: Vec<u8>| outside(chain, name, &arguments).await;
    let mut described = match policy {
        "FreeForAll" => json!({}),
        "Token" => json!({ "token": outside("MockToken", Vec::new()).await }),
        "EAS" => {
            let made = (us, B256::repeat_byte(7), us).abi_encode_params();
            let eas = outside("MockEAS", made).await;
            json!({ "easAddress": eas, "attester": us, "schema": B256::repeat_byte(7) })
        }
        "GitcoinPassport" => {
            json!({ "decoderAddress": outside("MockGitcoinPassportDecoder", Vec::new()).await, "passingScore": 20 })
        }
        "Hats" => {
            json!({ "hatsProtocolAddress": outside("MockHatsProtocol", Vec::new()).await, "critrionHats": ["1", 2] })
        }
        "Zupass" => {
            let verifier = outside("ZupassGroth16Verifier", Vec::new()).await;
            json!({ "eventId": 1, "signer1": "2", "signer2": "0x3", "zupassVerifier": verifier })
        }
        "Semaphore" => {
            let semaphore = outside("MockSemaphore", U256::from(4).abi_encode()).await;
            json!({ "semaphoreContract": semaphore, "groupId": 4 })
        }
        "MerkleProof" => json!({ "root": B256::repeat_byte(0x5f) }),
        "AnonAadhaar" => {
            json!({ "verifier": outside("MockAnonAadhaar", Vec::new()).await, "nullifierSeed": "4534" })
        }
        "ERC20Votes" => {
            json!({ "token": outside("MockERC20Votes", token).await, "snapshotBlock": 1, "threshold": 10 })
        }
        "ERC20" => json!({ "token": outside("MockERC20", token).await, "threshold": "10" }),
        other => panic!("{other}"),
    };
    described["type"] = json!(policy);
    described
}

/// A contract of the package that stands outside of MACI, such as a token, made by somebody else than the operator.
async fn outside(chain: &Anvil, name: &str, arguments: &[u8]) -> Value {
    let packages = places::contracts().unwrap();
    let root = packages.join("node_modules/@maci-protocol/contracts/build/artifacts");
    let folders = [
        "contracts/mocks",
        "@excubiae/contracts/contracts/test/extensions/mocks",
        "@excubiae/contracts/contracts/extensions/zupass",
    ];
    let paths = folders.map(|folder| root.join(folder).join(format!("{name}.sol/{name}.json")));
    let path = paths.iter().find(|path| path.is_file()).unwrap();
    let artifact: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let code = artifact["bytecode"].as_str().unwrap();
    let data = format!("{code}{}", alloy::hex::encode(arguments));
    let request = json!([{ "from": ACCOUNTS[0].address, "data": data, "gas": "0x1000000" }]);
    let transaction = chain.rpc().call("eth_sendTransaction", request).await.unwrap();
    chain.mined(&transaction).await.unwrap()["contractAddress"].clone()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
