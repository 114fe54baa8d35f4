//! A service that relays, a poll that names it, and voters who have joined.

use std::path::PathBuf;

use maci_testkit::clients::Action;
use maci_testkit::places::zkeys;
use maci_testkit::script::Intent;
use serde_json::{Value, json};

use crate::process::{Answer, Service};
use crate::venue::Venue;

/// Where votes are handed in.
pub(super) const PUBLISH: &str = "/v1/messages/publish";

/// A relayed poll with voters: the first has state index 1.
pub(super) struct Booth {
    pub(super) venue: Venue,
    pub(super) token: String,
    pub(super) poll: String,
    /// The contract that polls name.
    pub(super) relayer: String,
    keys: Vec<(String, String)>,
}

impl Booth {
    /// A service with a relayer in a hurry and these settings, and so many voters.
    pub(super) async fn open(settings: &[(&str, &str)], voters: usize) -> (Self, Service) {
        let mut venue = Venue::new().await;
        for (name, value) in [
            ("MACI__RELAYER__ENABLED", "true"),
            ("MACI__RELAYER__CHAIN", "31337"),
            ("MACI__RELAYER__FLUSH_AFTER", "1s"),
            ("MACI__RELAYER__TRY_AGAIN_AFTER", "1s"),
            ("MACI__RELAYER__HURRY_BEFORE_END", "2m"),
            ("MACI__RELAYER__CLOSE_BEFORE_END", "1m"),
        ]
        .iter()
        .chain(settings)
        {
            venue.home.set(name, value);
        }
        let service = venue.home.start();
        let token = venue.token(&service, "token").await;
        venue.deploy_maci(&service, &token).await;
        let told = service.get("/v1/relay").await.expect(200);
        let relayer = told["chains"][0]["relayer"].as_str().unwrap().to_owned();
        let poll = venue.deploy_poll_with_relayers(&service, &token, &[&relayer]).await;
        let mut booth = Self {
            venue,
            token,
            poll,
            relayer,
            keys: Vec::new(),
        };
        booth.keys = booth.join(voters).await;
        (booth, service)
    }

    async fn join(&self, voters: usize) -> Vec<(String, String)> {
        let keys = self.venue.clients.keys(voters).await.unwrap();
        let (zkey, wasm) = circuit("PollJoining_5");
        let sign_ups = keys.iter().map(|(_, public)| Action::Signup {
            public_key: public.clone(),
        });
        let joins = keys.iter().map(|(private, _)| Action::Join {
            poll_id: self.poll.parse().unwrap(),
            private_key: private.clone(),
            zkey: zkey.clone(),
            wasm: wasm.clone(),
        });
        self.venue.act(&sign_ups.chain(joins).collect::<Vec<_>>()).await;
        keys
    }

    /// What the official client says to be asked this: actions in the JSON of `clients/src/voter.js`.
    pub(super) async fn ask(&self, actions: &[Value]) -> Vec<Value> {
        let round = self.venue.round();
        let request = json!({ "rpc": round.rpc, "maci": round.maci, "sender": round.sender, "actions": actions });
        self.venue.clients.run("voter.js", &request).await.unwrap()
    }

    /// The action of a voter who hands in votes, all of one voter's; without a service it is only told what would be.
    pub(super) fn hands_in(&self, votes: &[&Intent], service: Option<&Service>) -> Value {
        let index = votes[0].state_index;
        let (zkey, wasm) = circuit("PollJoined_5");
        let vote = |one: &&Intent| json!({ "option": one.option, "weight": one.weight, "nonce": one.nonce });
        json!({
            "action": if service.is_some() { "handIn" } else { "relayBody" }, "url": service.map(|service| &service.url),
            "pollId": self.poll, "privateKey": self.keys[usize::try_from(index).unwrap() - 1].0, "stateIndex": index,
            "votes": votes.iter().map(vote).collect::<Vec<_>>(), "zkey": zkey, "wasm": wasm,
        })
    }

    /// A body that the relayer takes: the first voter's, with one vote.
    pub(super) async fn good_body(&self) -> Value {
        let vote = Intent::vote("ann", 1, 1, 0, 2);
        let mut answers = self.ask(&[self.hands_in(&[&vote], None)]).await;
        answers.remove(0)["body"].take()
    }

    /// How relaying for the poll goes.
    pub(super) async fn standing(&self, service: &Service) -> Value {
        let path = format!("{}/relay", self.venue.path(&self.poll));
        service.get(&path).await.expect(200)
    }

    /// Waits until nothing waits any more, and so many messages at least are on chain.
    pub(super) async fn until_on_chain(&self, service: &Service, messages: u64) {
        let carried = async || {
            let now = self.standing(service).await;
            now["waiting"] == 0 && now["underWay"] == 0 && now["onChain"].as_u64() >= Some(messages)
        };
        self.venue.until("what was taken is on chain", carried).await;
    }
}

/// Hands a body in.
pub(super) async fn hand_in(service: &Service, body: &Value) -> Answer {
    service.call("POST", PUBLISH, None, Some(body)).await
}

/// A circuit's proving key and calculator.
fn circuit(name: &str) -> (PathBuf, PathBuf) {
    let folder = zkeys().join(name);
    let mut files = std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path());
    let zkey = files.find(|path| path.extension().is_some_and(|kind| kind == "zkey"));
    (zkey.unwrap(), folder.join(format!("{name}_js/{name}.wasm")))
}
