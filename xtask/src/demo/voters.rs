//! Who votes what, with the official client library, and what it must come to.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{place::Place, shell::Tool};

/// Options of the poll.
pub(crate) const OPTIONS: usize = 5;

/// Voice credits of every voter.
pub(crate) const CREDITS: u64 = 100;

/// The votes, in the order they are published: voter, nonce, option, weight.
///
/// The last published vote of a voter has nonce 1 and is counted first. Ann votes and then changes her mind about
/// option 0; Bob splits his credits; Cy asks for more than he has (11² > 100), which changes nothing.
const VOTES: [(usize, u64, u64, u64); 6] = [
    (0, 3, 0, 2), // replaces Ann's 9: the highest nonce is counted last
    (0, 2, 3, 4),
    (0, 1, 0, 9),
    (1, 2, 1, 6),
    (1, 1, 2, 8),
    (2, 1, 4, 11),
];

/// What the votes come to, option by option.
pub(crate) const EXPECTED: [u64; OPTIONS] = [2, 6, 8, 4, 0];

/// How many vote.
const VOTERS: usize = 3;

/// The PollJoining circuit's files.
#[derive(Debug)]
pub(crate) struct Joining {
    /// Proving key.
    pub(crate) zkey: PathBuf,
    /// Witness calculator.
    pub(crate) wasm: PathBuf,
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

    /// Everybody signs up with MACI and joins the poll.
    pub(crate) fn enter(&self, joining: &Joining) -> Result<Vec<Voter>> {
        let keys = self.act(&vec![json!({ "action": "keys" }); VOTERS])?;
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

    /// Everybody votes.
    pub(crate) fn vote(&self, voters: &[Voter]) -> Result<()> {
        let votes = VOTES.iter().filter_map(|&(voter, nonce, option, weight)| {
            let Voter {
                private_key,
                state_index,
            } = voters.get(voter)?;
            Some(json!({
                "action": "publish", "pollId": 0, "privateKey": private_key, "stateIndex": state_index,
                "nonce": nonce, "option": option, "weight": weight,
            }))
        });
        self.act(&votes.collect::<Vec<_>>()).map(drop)
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
