//! Voters who join with the official clients, publish some votes and hand in others.

use std::path::PathBuf;

use maci_coordinator_core::relay::{Submission, SubmittedMessage};
use maci_crypto::field::fr_from_decimal;
use maci_crypto::keys::PublicKey;
use maci_crypto::{Fq, Fr};
use maci_protocol::groth16::{G1, G2, Proof};
use maci_protocol::ids::{PollRef, StateIndex};
use maci_protocol::vote::Message;
use maci_testkit::Clients;
use maci_testkit::clients::{Action, Answer, Round, Vote};
use maci_testkit::places::zkeys;
use maci_testkit::script::Intent;
use serde_json::Value;

use crate::venue::Venue;

/// The voters of one poll: the first has state index 1.
pub(crate) struct Voters {
    pub(crate) poll: PollRef,
    round: Round,
    clients: Clients,
    keys: Vec<(String, String)>,
}

impl Voters {
    /// So many sign up and join.
    pub(crate) fn join(venue: &Venue, poll: PollRef, count: usize) -> Self {
        let clients = Clients::find().unwrap();
        let keys = venue.outside(clients.keys(count)).unwrap();
        let round = Round {
            rpc: venue.chain.url().to_owned(),
            maci: poll.maci.to_string(),
            sender: 0,
        };
        let (zkey, wasm) = circuit("PollJoining_5");
        let sign_ups = keys.iter().map(|(_, public)| Action::Signup {
            public_key: public.clone(),
        });
        let joins = keys.iter().map(|(private, _)| Action::Join {
            poll_id: poll.poll.0,
            private_key: private.clone(),
            zkey: zkey.clone(),
            wasm: wasm.clone(),
        });
        let actions: Vec<Action> = sign_ups.chain(joins).collect();
        venue.outside(clients.vote(&round, &actions)).unwrap();
        Self {
            poll,
            round,
            clients,
            keys,
        }
    }

    fn act(&self, venue: &Venue, action: Action) -> Answer {
        let mut answers = venue.outside(self.clients.vote(&self.round, &[action])).unwrap();
        answers.remove(0)
    }

    /// Publishes a vote on chain.
    pub(crate) fn publish(&self, venue: &Venue, intent: &Intent) {
        let (private, public) = self.key(intent.state_index);
        self.act(
            venue,
            Action::Publish {
                poll_id: self.poll.poll.0,
                private_key: private,
                new_public_key: Some(public),
                vote: vote(intent),
            },
        );
    }

    /// What a voter would hand in: these votes, with a proof of having joined.
    pub(crate) fn submission(&self, venue: &Venue, intents: &[&Intent]) -> Submission {
        read(self.poll, &self.body(venue, intents))
    }

    /// The same, as the official client posts it.
    pub(crate) fn body(&self, venue: &Venue, intents: &[&Intent]) -> Value {
        let state_index = intents[0].state_index;
        let (zkey, wasm) = circuit("PollJoined_5");
        let answer = self.act(
            venue,
            Action::RelayBody {
                poll_id: self.poll.poll.0,
                private_key: self.key(state_index).0,
                state_index,
                votes: intents.iter().map(|intent| vote(intent)).collect(),
                zkey,
                wasm,
            },
        );
        answer.get("body").unwrap().clone()
    }

    /// Puts hashes on chain as the official library's relayer does.
    pub(crate) fn relay_on_chain(&self, venue: &Venue, sender: usize, ipfs_hash: String, messages: Value) {
        let round = Round {
            sender,
            ..self.round.clone()
        };
        let action = Action::RelayOnChain {
            poll_id: self.poll.poll.0,
            ipfs_hash,
            messages,
        };
        venue.outside(self.clients.vote(&round, &[action])).unwrap();
    }

    fn key(&self, state_index: u64) -> (String, String) {
        self.keys[usize::try_from(state_index).unwrap() - 1].clone()
    }
}

fn vote(intent: &Intent) -> Vote {
    Vote {
        state_index: intent.state_index,
        option: intent.option,
        weight: intent.weight,
        nonce: intent.nonce,
    }
}

/// A circuit's proving key and calculator.
fn circuit(name: &str) -> (PathBuf, PathBuf) {
    let folder = zkeys().join(name);
    let mut files = std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path());
    let zkey = files.find(|path| path.extension().is_some_and(|kind| kind == "zkey"));
    (zkey.unwrap(), folder.join(format!("{name}_js/{name}.wasm")))
}

/// A body as the HTTP interface would read it.
pub(crate) fn read(poll: PollRef, body: &Value) -> Submission {
    let words: Vec<Fq> = texts(&body["proof"])
        .map(|text| maci_crypto::field::from_decimal::<Fq>(text).unwrap())
        .collect();
    let messages = body["messages"].as_array().unwrap().iter();
    Submission {
        poll,
        state_index: StateIndex(body["stateLeafIndex"].as_u64().unwrap()),
        proof: Proof {
            a: G1 {
                x: words[0],
                y: words[1],
            },
            b: G2 {
                x: [words[3], words[2]],
                y: [words[5], words[4]],
            },
            c: G1 {
                x: words[6],
                y: words[7],
            },
        },
        messages: messages.map(message).collect(),
        from: None,
    }
}

fn message(body: &Value) -> SubmittedMessage {
    let data: Vec<Fr> = texts(&body["data"])
        .map(|text| fr_from_decimal(text).unwrap())
        .collect();
    let key = PublicKey::parse(body["publicKey"].as_str().unwrap()).unwrap();
    SubmittedMessage(Message {
        data: data.try_into().unwrap(),
        encryption_public_key: key.point(),
    })
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap())
}
