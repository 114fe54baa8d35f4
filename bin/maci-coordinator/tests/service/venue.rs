//! A chain with MACI and polls on it, deployed through the API, and voters in them.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use maci_testkit::{
    Anvil, Clients, Script,
    anvil::ACCOUNTS,
    clients::{Action, Round},
    script::{Joining, Mode, Stage},
};
use serde_json::{Value, json};

use crate::process::{Home, Service};

/// How long polls last, in seconds.
const DURATION: u64 = 3_600;

/// How far past the end polls are finalised, in seconds.
const PAST_THE_END: u64 = 60;

/// The wait between two looks for a condition: a service refuses those who ask without pause.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// After this long a test fails instead of waiting on: many times what the slowest round has taken.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// Everything around a service.
#[derive(Debug)]
pub(crate) struct Venue {
    pub(crate) chain: Anvil,
    pub(crate) home: Home,
    pub(crate) clients: Clients,
    pub(crate) maci: String,
    /// The latest end of a poll, in Unix seconds.
    end: u64,
}

impl Venue {
    /// A chain and a home for a service whose operator is anvil's first account; it pays from the second.
    pub(crate) async fn new() -> Self {
        make_circuits();
        let chain = Anvil::start().await.unwrap();
        let mut home = Home::new(chain.url(), ACCOUNTS[1].private_key);
        home.set("COORDINATOR_ADDRESSES", ACCOUNTS[0].address);
        home.set("MACI__AUTH__LEGACY__ENABLED", "true");
        home.set("MACI__AUTH__LEGACY__MESSAGES", "['message']");
        Self {
            chain,
            home,
            clients: Clients::find().unwrap(),
            maci: String::new(),
            end: 0,
        }
    }

    /// The old authorisation header's token, made as the TypeScript service's helper script makes it.
    pub(crate) async fn old_token(&self, service: &Service) -> String {
        self.token(service, "oldHeader").await
    }

    /// A token of a login with Ethereum.
    pub(crate) async fn token(&self, service: &Service, action: &str) -> String {
        let request = json!({
            "url": service.url, "key": ACCOUNTS[0].private_key,
            "actions": [{ "action": action, "chainId": 31_337, "message": "message" }],
        });
        let answers: Vec<Value> = self.clients.run("operator.js", &request).await.unwrap();
        answers[0]["token"].as_str().unwrap().to_owned()
    }

    /// Runs a round by a service's API up to the end of voting; the operator's token, and the poll.
    pub(crate) async fn voted(&mut self, service: &Service, script: &Script) -> (String, String) {
        let token = self.token(service, "token").await;
        self.deploy_maci(service, &token).await;
        let poll = self.deploy_poll(service, &token).await;
        self.play(script, &poll).await;
        self.close().await;
        (token, poll)
    }

    /// Deploys MACI with the tiny circuits.
    pub(crate) async fn deploy_maci(&mut self, service: &Service, token: &str) {
        let body = json!({
            "chain": "localhost",
            "config": {
                "policy": policy(),
                "MACI": { "stateTreeDepth": 5, "policy": "FreeForAllPolicy", "modes": [0] },
                "VerifyingKeysRegistry": { "args": {
                    "stateTreeDepth": 5, "pollStateTreeDepth": 5, "tallyProcessingStateTreeDepth": 1,
                    "voteOptionTreeDepth": 1, "messageBatchSize": 3,
                } },
            },
        });
        let answer = service.call("POST", "/v1/deploy/maci", Some(token), Some(&body)).await;
        self.maci = answer.expect(201)["address"].as_str().unwrap().to_owned();
    }

    /// Deploys a quadratic poll of five options; returns its number.
    pub(crate) async fn deploy_poll(&mut self, service: &Service, token: &str) -> String {
        self.deploy_poll_with_relayers(service, token, &[]).await
    }

    /// The same with these accounts as relayers.
    pub(crate) async fn deploy_poll_with_relayers(
        &mut self,
        service: &Service,
        token: &str,
        relayers: &[&str],
    ) -> String {
        self.deploy_poll_that_begins(service, token, relayers, 0).await
    }

    /// The same, with voting from so many seconds from now on.
    pub(crate) async fn deploy_poll_that_begins(
        &mut self,
        service: &Service,
        token: &str,
        relayers: &[&str],
        in_seconds: u64,
    ) -> String {
        let start = self.chain.timestamp().await.unwrap() + in_seconds;
        self.end = start + DURATION;
        let body = json!({
            "chain": "localhost",
            "config": {
                "startDate": start, "endDate": self.end, "mode": 0, "tallyProcessingStateTreeDepth": 1,
                "messageBatchSize": 3, "pollStateTreeDepth": 5, "voteOptionTreeDepth": 1, "policy": policy(),
                "initialVoiceCreditsProxy": {
                    "factoryType": "ConstantInitialVoiceCreditProxyFactory", "type": "ConstantInitialVoiceCreditProxy",
                    "args": { "amount": 100 },
                },
                "relayers": relayers, "voteOptions": 5,
            },
        });
        let answer = service.call("POST", "/v1/deploy/poll", Some(token), Some(&body)).await;
        answer.expect(201)["pollId"].as_str().unwrap().to_owned()
    }

    /// Lets the voters of a script sign up, join a poll and vote.
    pub(crate) async fn play(&self, script: &Script, poll: &str) {
        let joining = Joining::tiny().unwrap();
        let stage = Stage {
            clients: &self.clients,
            round: &self.round(),
            poll_id: poll.parse().unwrap(),
            joining: &joining,
        };
        script.play(&stage).await.unwrap();
    }

    /// Lets the official client act on the chain.
    pub(crate) async fn act(&self, actions: &[Action]) {
        self.clients.vote(&self.round(), actions).await.unwrap();
    }

    /// Lets the voting period of every poll pass.
    pub(crate) async fn close(&self) {
        self.chain.advance_to(self.end + PAST_THE_END).await.unwrap();
    }

    /// The body of calls about a poll.
    pub(crate) fn about(&self, poll: &str) -> Value {
        json!({ "maciContractAddress": self.maci, "pollId": number(poll), "chain": "localhost" })
    }

    /// The body of calls to the scheduler.
    pub(crate) fn scheduled(&self, poll: &str) -> Value {
        json!({
            "maciAddress": self.maci, "pollId": number(poll), "chain": "localhost", "deploymentBlockNumber": 1, "mode": 0,
        })
    }

    /// The body of `generate`.
    pub(crate) fn to_prove(&self, poll: &str) -> Value {
        json!({ "maciContractAddress": self.maci, "poll": number(poll), "mode": 0, "chain": "localhost" })
    }

    /// A poll's path.
    pub(crate) fn path(&self, poll: &str) -> String {
        format!("/v1/polls/localhost/{}/{poll}", self.maci)
    }

    /// Waits until a service says that a poll's result is on chain and was checked.
    pub(crate) async fn until_verified(&self, service: &Service, poll: &str) {
        let path = format!("{}/verification", self.path(poll));
        let is_verified = async || {
            let answer = service.get(&path).await;
            answer.status == 200 && answer.body["verified"] == json!(true)
        };
        self.until(&format!("poll {poll} was verified"), is_verified).await;
    }

    /// Looks again and again until something is so; fails, with the service's log, if it never is.
    pub(crate) async fn until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let begun = Instant::now();
        while !is_so().await {
            assert!(
                begun.elapsed() < PATIENCE,
                "waited in vain until {what}:\n{}",
                self.home.log()
            );
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// The results on chain, the tally file and the official client's check of it say what the count says.
    pub(crate) async fn expect_the_count_of(&self, script: &Script, poll: &str) {
        let tally_file = self.tally_file(poll);
        let poll_id = poll.parse().unwrap();
        let checks = [
            Action::Verify {
                poll_id,
                tally_file,
                vote_option_tree_depth: 1,
            },
            Action::Results { poll_id },
        ];
        let answers = self.clients.vote(&self.round(), &checks).await.unwrap();
        assert_eq!(answers[0].get("verified"), Some(&json!(true)));
        let results: Vec<String> = script.count().results.iter().map(ToString::to_string).collect();
        assert_eq!(answers[0].get("results"), Some(&json!(results)));
    }

    /// Where a poll's tally lies.
    pub(crate) fn tally_file(&self, poll: &str) -> std::path::PathBuf {
        let folder = format!("31337-{}-{poll}", self.maci.to_lowercase());
        self.home.data().join("polls").join(folder).join("tally.json")
    }

    /// Where the official client acts.
    pub(crate) fn round(&self) -> Round {
        Round {
            rpc: self.chain.url().to_owned(),
            maci: self.maci.clone(),
            sender: 0,
        }
    }
}

/// Two batches of messages, two of ballots.
pub(crate) fn script() -> Script {
    Script::of_two_batches(Mode::Quadratic)
}

fn policy() -> Value {
    json!({ "policyType": "FreeForAllPolicy", "checkerType": "FreeForAllChecker", "args": {} })
}

fn number(poll: &str) -> u64 {
    poll.parse().unwrap()
}

/// Compiles the tiny circuits of quadratic polls and makes their keys, once.
fn make_circuits() {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        let home = Home::new("", "");
        let setup = ["circuits", "setup", "--size", "tiny", "--mode", "qv"];
        let made = home.command(&setup).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    });
}
