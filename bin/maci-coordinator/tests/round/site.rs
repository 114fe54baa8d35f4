//! A chain with nothing on it, an operator with money there, and descriptions to bring about.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use maci_testkit::{Anvil, anvil::AnvilOptions, crash::die_at_each, script::Mode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{operator::Operator, venue::make_circuits};

/// Ten ether, in wei.
pub(crate) const GAS_MONEY: &str = "0x8ac7230489e80000";

/// A process can die at each of these for every step.
const POINTS: [&str; 7] = [
    "signed",
    "intent-stored",
    "mined",
    "intent-settled",
    "deployment-step-landed",
    "deployment-step-filed",
    "deployment-step-kept",
];

/// A step that a plan would send.
pub(crate) struct Sent {
    name: String,
    /// Whether the chain itself shows that it was done, so that a process that died has nothing left to note of it.
    shows: bool,
}

impl Sent {
    /// All of a plan's.
    pub(crate) fn of(plan: &Value) -> Vec<Self> {
        let steps = plan["steps"].as_array().unwrap().iter();
        let sent = steps.filter(|step| step["data"].is_string()).map(|step| Self {
            name: step["name"].as_str().unwrap().to_owned(),
            shows: step["action"] == "call",
        });
        sent.collect()
    }
}

/// Lets a command die once at every step of a deployment, at another point each time, and then come to its end.
pub(crate) fn die_at_every_step(
    deployment: &str,
    steps: &[Sent],
    turn: usize,
    list: &Path,
    command: impl Fn() -> Command,
) {
    let line = |(number, step): (usize, &Sent)| {
        let point = POINTS[(turn + number) % POINTS.len()];
        format!("{point}\tdeployment {deployment}: {} (", step.name)
    };
    let lines: Vec<String> = steps.iter().enumerate().map(line).collect();
    let spared = die_at_each(&lines, list, command).unwrap();
    for line in spared {
        let step = lines.iter().position(|one| *one == line).unwrap();
        assert!(steps[step].shows, "never came past {line}");
    }
}

/// A chain, an operator with money on it, and a description of a MACI with a poll.
pub(crate) struct Site {
    pub(crate) chain: Anvil,
    pub(crate) operator: Operator,
    pub(crate) folder: TempDir,
}

impl Site {
    pub(crate) async fn open(options: &AnvilOptions) -> Self {
        make_circuits(Mode::Quadratic);
        let chain = Anvil::start_with(options).await.unwrap();
        let operator = Operator::new(chain.url());
        operator.ask(&["keys", "new"], "publicKey");
        let site = Self {
            chain,
            operator,
            folder: TempDir::new().unwrap(),
        };
        site.fund(GAS_MONEY).await;
        site
    }

    pub(crate) async fn fund(&self, wei: &str) {
        let gas = self.operator.ask(&["keys", "show"], "gasAddress");
        let asked = self.chain.rpc().call("anvil_setBalance", json!([gas, wei]));
        asked.await.unwrap();
    }

    pub(crate) async fn description(&self) -> Value {
        let now = self.chain.timestamp().await.unwrap();
        let size = json!({
            "tallyProcessingStateTreeDepth": 1, "voteOptionTreeDepth": 1, "messageBatchSize": 3,
        });
        let mut keys = size.clone();
        keys["modes"] = json!(["QV"]);
        let mut poll = size;
        for (field, value) in [
            ("name", json!("grants")),
            ("startDate", json!(now)),
            ("endDate", json!(now + 3_600)),
            ("mode", json!("QV")),
            ("voteOptions", json!(5)),
            ("policy", json!({ "type": "FreeForAll" })),
            ("voiceCredits", json!({ "type": "constant", "amount": 100 })),
        ] {
            poll[field] = value;
        }
        json!({
            "name": "spring", "chain": "localhost",
            "maci": { "stateTreeDepth": 5, "policy": { "type": "FreeForAll" }, "verifyingKeys": [keys] },
            "polls": [poll],
        })
    }

    pub(crate) fn write(&self, description: &Value) -> PathBuf {
        let path = self.folder.path().join("description.json");
        std::fs::write(&path, description.to_string()).unwrap();
        path
    }

    /// How many transactions were mined: all of one sender, each of which succeeded.
    pub(crate) async fn calls(&self) -> usize {
        let calls = self.chain.calls_since(1).await.unwrap();
        assert!(calls.iter().all(|call| call.succeeded));
        let gas = self.operator.ask(&["keys", "show"], "gasAddress");
        let asked = self
            .chain
            .rpc()
            .quantity("eth_getTransactionCount", json!([gas, "latest"]));
        usize::try_from(asked.await.unwrap()).unwrap()
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
