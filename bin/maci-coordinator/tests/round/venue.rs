//! A chain with MACI and a poll on it, and voters in it.

use std::sync::OnceLock;

use maci_testkit::{
    Anvil, Clients, Script,
    clients::{Action, Round},
    script::{Joining, Mode, Stage},
};
use serde_json::json;

use crate::operator::Operator;

/// How long polls last, in seconds.
const DURATION: u64 = 3600;

/// How far past the end a poll is finalised, in seconds.
const PAST_THE_END: u64 = 60;

/// Ten ether, in wei.
const GAS_MONEY: &str = "0x8ac7230489e80000";

/// Everything around one poll.
#[derive(Debug)]
pub(crate) struct Venue {
    /// The chain.
    pub(crate) chain: Anvil,
    /// The coordinator.
    pub(crate) operator: Operator,
    /// The voters' programs.
    pub(crate) clients: Clients,
    /// Where they vote.
    pub(crate) round: Round,
    /// The poll's end, in Unix seconds.
    pub(crate) end: u64,
}

impl Venue {
    /// Starts a chain, deploys MACI with the tiny circuits of a mode and one poll of five options.
    pub(crate) async fn open(mode: Mode) -> Self {
        Self::open_with(mode, |_| {}).await
    }

    /// The same for an operator that is set up otherwise.
    pub(crate) async fn open_with(mode: Mode, set_up: impl FnOnce(&mut Operator)) -> Self {
        make_circuits(mode);
        let chain = Anvil::start().await.unwrap();
        let mut operator = Operator::new(chain.url());
        set_up(&mut operator);
        operator.ask(&["keys", "new"], "publicKey");
        let gas = operator.ask(&["keys", "show"], "gasAddress");
        chain
            .rpc()
            .call("anvil_setBalance", json!([gas, GAS_MONEY]))
            .await
            .unwrap();

        let maci = operator.ask(&["deploy", "maci", "--size", "tiny", "--mode", name(mode)], "maci");
        let end = (chain.timestamp().await.unwrap() + DURATION).to_string();
        let poll = [
            "deploy",
            "poll",
            "--mode",
            name(mode),
            "--end",
            &end,
            "--options",
            "5",
            "--credits",
            "100",
        ];
        let sizes = ["--batch", "3", "--vote-option-depth", "1", "--tally-depth", "1"];
        operator.ask(&[&poll[..], &sizes[..]].concat(), "poll");

        let clients = Clients::find().unwrap();
        let round = Round {
            rpc: chain.url().to_owned(),
            maci: maci.as_str().unwrap().to_owned(),
            sender: 0,
        };
        Self {
            chain,
            operator,
            clients,
            round,
            end: end.parse().unwrap(),
        }
    }

    /// Lets the voters of a script join and vote.
    pub(crate) async fn play(&self, script: &Script) {
        let joining = Joining::tiny().unwrap();
        let stage = Stage {
            clients: &self.clients,
            round: &self.round,
            poll_id: 0,
            joining: &joining,
        };
        script.play(&stage).await.unwrap();
    }

    /// Lets the voting period pass.
    pub(crate) async fn close(&self) {
        self.chain.advance_to(self.end + PAST_THE_END).await.unwrap();
    }

    /// A finished poll with these votes in it.
    pub(crate) async fn after(script: &Script) -> Self {
        let venue = Self::open(script.mode).await;
        venue.play(script).await;
        venue.close().await;
        venue
    }

    /// The results on chain, the tally file, our own check and the official client's check all say what the count says.
    pub(crate) async fn expect_the_count_of(&self, script: &Script) {
        let verified = self.operator.run(&["verify"]);
        assert!(verified.ok, "{}", verified.error);
        let tally_file = self.operator.tally_file();
        let checks = [
            Action::Verify {
                poll_id: 0,
                tally_file,
                vote_option_tree_depth: 1,
            },
            Action::Results { poll_id: 0 },
        ];
        let answers = self.clients.vote(&self.round, &checks).await.unwrap();
        assert_eq!(answers[0].get("verified"), Some(&json!(true)));
        let results: Vec<String> = script.count().results.iter().map(ToString::to_string).collect();
        assert_eq!(answers[0].get("results"), Some(&json!(results)));
        let on_chain: Vec<_> = results
            .iter()
            .map(|value| json!({ "value": value, "isSet": true }))
            .collect();
        assert_eq!(answers[1].get("results"), Some(&json!(on_chain)));
    }
}

/// The mode's name on the command line.
pub(crate) fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Quadratic => "qv",
        Mode::Linear => "non-qv",
        Mode::Full => "full",
    }
}

/// Compiles a mode's tiny circuits and makes their keys, once.
pub(crate) fn make_circuits(mode: Mode) {
    static MADE: [OnceLock<()>; 3] = [const { OnceLock::new() }; 3];
    MADE[mode as usize].get_or_init(|| {
        let made = Operator::new("").run(&["circuits", "setup", "--size", "tiny", "--mode", name(mode)]);
        assert!(made.ok, "{}", made.error);
    });
}
