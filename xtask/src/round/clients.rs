//! The official client library, as voters and checkers use it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{place::Place, shell::Tool};

/// The PollJoining circuit's files.
#[derive(Debug)]
pub(crate) struct Joining {
    /// Proving key.
    pub(crate) zkey: PathBuf,
    /// Witness calculator.
    pub(crate) wasm: PathBuf,
}

/// A vote: who, with which nonce, for which option, with which weight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vote {
    /// The voter's place in the order of joining, from 0.
    pub(crate) voter: usize,
    /// One more than the voter's last; the vote published last has 1.
    pub(crate) nonce: u64,
    /// The option.
    pub(crate) option: u64,
    /// The weight.
    pub(crate) weight: u64,
}

/// A voter who has joined the poll.
#[derive(Debug)]
pub(crate) struct Voter {
    private_key: String,
    state_index: u64,
}

/// The official client, on a chain.
#[derive(Debug)]
pub(crate) struct Clients {
    folder: PathBuf,
    rpc: String,
    maci: Option<String>,
}

impl Clients {
    /// On a chain without MACI yet.
    pub(crate) fn new(place: &Place, rpc: &str) -> Self {
        Self {
            folder: place.at("clients"),
            rpc: rpc.to_owned(),
            maci: None,
        }
    }

    /// With MACI at this address.
    pub(crate) fn at(self, maci: &str) -> Self {
        Self {
            maci: Some(maci.to_owned()),
            ..self
        }
    }

    /// Sends ether to an address.
    pub(crate) fn fund(&self, address: &str) -> Result<()> {
        self.act(&[json!({ "action": "fund", "to": address, "ether": "100" })])
            .map(drop)
    }

    /// So many voters sign up with MACI and join the poll.
    pub(crate) fn enter(&self, voters: usize, joining: &Joining) -> Result<Vec<Voter>> {
        let keys = self.act(&vec![json!({ "action": "keys" }); voters])?;
        let sign_ups = keys
            .iter()
            .map(|key| json!({ "action": "signup", "publicKey": key["publicKey"] }));
        self.act(&sign_ups.collect::<Vec<_>>())?;
        let joins = keys.iter().map(|key| {
            json!({
                "action": "join", "pollId": 0, "privateKey": key["privateKey"],
                "zkey": joining.zkey, "wasm": joining.wasm,
            })
        });
        let joined = self.act(&joins.collect::<Vec<_>>())?;
        keys.iter()
            .zip(&joined)
            .map(|(key, joined)| Voter::read(key, joined))
            .collect()
    }

    /// Publishes votes, in this order.
    pub(crate) fn vote(&self, voters: &[Voter], votes: &[Vote]) -> Result<()> {
        let publish = |vote: &Vote| {
            let Voter {
                private_key,
                state_index,
            } = voters.get(vote.voter)?;
            Some(json!({
                "action": "publish", "pollId": 0, "privateKey": private_key, "stateIndex": state_index,
                "nonce": vote.nonce, "option": vote.option, "weight": vote.weight,
            }))
        };
        self.act(&votes.iter().filter_map(publish).collect::<Vec<_>>())
            .map(drop)
    }

    /// Lets one voter hand votes in to a relayer, without gas; answers the hashes of the messages.
    pub(crate) fn hand_in(&self, url: &str, voter: &Voter, votes: &[Vote], joined: &Joining) -> Result<Vec<String>> {
        let vote = |vote: &Vote| json!({ "nonce": vote.nonce, "option": vote.option, "weight": vote.weight });
        let answers = self.act(&[json!({
            "action": "handIn", "url": url, "pollId": 0, "privateKey": voter.private_key,
            "stateIndex": voter.state_index, "votes": votes.iter().map(vote).collect::<Vec<_>>(),
            "zkey": joined.zkey, "wasm": joined.wasm,
        })])?;
        let taken = answers
            .first()
            .and_then(|answer| answer.get("answer"))
            .and_then(Value::as_array);
        let taken = taken.with_context(|| format!("the relayer does not take the votes: {answers:?}"))?;
        let hash = |message: &Value| message.get("hash")?.as_str().map(str::to_owned);
        taken
            .iter()
            .map(|message| hash(message).context("a message without a hash"))
            .collect()
    }

    /// Moves the chain's clock to `seconds` after the end of voting.
    pub(crate) fn pass_the_end(&self, seconds: u64) -> Result<()> {
        let poll = self.act(&[json!({ "action": "poll", "pollId": 0 })])?;
        let end = poll
            .first()
            .and_then(|poll| number(poll, "endDate"))
            .context("the poll has no end")?;
        self.act(&[json!({ "action": "advanceTo", "timestamp": end + seconds })])
            .map(drop)
    }

    /// Remembers the chain as it is, for [`Self::go_back`].
    pub(crate) fn remember(&self) -> Result<Value> {
        let answers = self.act(&[json!({ "action": "remember" })])?;
        let snapshot = answers.first().and_then(|answer| answer.get("snapshot")).cloned();
        snapshot.context("the chain remembers nothing")
    }

    /// Makes the chain what it was.
    pub(crate) fn go_back(&self, snapshot: &Value) -> Result<()> {
        self.act(&[json!({ "action": "goBack", "snapshot": snapshot })])
            .map(drop)
    }

    /// What the chain's clock shows, in Unix seconds.
    pub(crate) fn now(&self) -> Result<u64> {
        let answers = self.act(&[json!({ "action": "now" })])?;
        let shown = answers.first().and_then(|answer| number(answer, "timestamp"));
        shown.context("the chain does not say what time it is")
    }

    /// Checks the tally as a third party would, and returns the results as they stand on chain.
    pub(crate) fn verify(&self, tally_file: &Path) -> Result<Vec<u64>> {
        let answers = self.act(&[
            json!({ "action": "verify", "pollId": 0, "tallyFile": tally_file, "voteOptionTreeDepth": 1 }),
            json!({ "action": "results", "pollId": 0 }),
        ])?;
        let results = answers
            .last()
            .and_then(|answer| answer.get("results"))
            .and_then(Value::as_array);
        results
            .context("there are no results on chain")?
            .iter()
            .map(|result| number(result, "value").context("a result on chain is not a number"))
            .collect()
    }

    /// Lets the client act; returns an answer per action.
    fn act(&self, actions: &[Value]) -> Result<Vec<Value>> {
        let request = json!({ "rpc": self.rpc, "maci": self.maci, "actions": actions });
        let text = Tool::new("node", &["src/voter.js"], &self.folder)
            .input(request.to_string())
            .read()?;
        let answers: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        ensure!(
            answers.len() == actions.len(),
            "the client answered {} of {} actions",
            answers.len(),
            actions.len()
        );
        Ok(answers)
    }
}

impl Voter {
    fn read(key: &Value, joined: &Value) -> Result<Self> {
        let private_key = key
            .get("privateKey")
            .and_then(Value::as_str)
            .context("a key pair without a private key")?;
        let state_index = number(joined, "pollStateIndex").context("a join without a state index")?;
        Ok(Self {
            private_key: private_key.to_owned(),
            state_index,
        })
    }
}

/// A number that the client writes as decimal text or as a number.
fn number(answer: &Value, field: &str) -> Option<u64> {
    let value = answer.get(field)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
