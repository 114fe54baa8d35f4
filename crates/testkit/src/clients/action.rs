//! What a voter can do, and what came of it: the JSON of `clients/src/voter.js`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One action of a voter. Keys are in their serialised forms (`macisk.…`, `macipk.…`).
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Action {
    /// Makes a key pair: `privateKey`, `publicKey`.
    Keys,
    /// Registers a key with MACI: `stateIndex`, `transaction`.
    Signup {
        /// The voter's key.
        public_key: String,
    },
    /// Joins a poll with a proof by snarkjs: `pollStateIndex`, `voiceCredits`, `nullifier`, `transaction`.
    Join {
        /// Which poll.
        poll_id: u64,
        /// The voter's key.
        private_key: String,
        /// The PollJoining circuit's proving key.
        zkey: PathBuf,
        /// The PollJoining circuit's witness calculator.
        wasm: PathBuf,
    },
    /// Publishes one vote: `transaction`, `ephemeralKey`.
    Publish {
        /// Which poll.
        poll_id: u64,
        /// The key that signs.
        private_key: String,
        /// The key to vote with from now on; the signing one when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        new_public_key: Option<String>,
        /// The vote.
        #[serde(flatten)]
        vote: Vote,
    },
    /// Publishes a voter's votes, given in the order of their nonces, in one transaction.
    PublishBatch {
        /// Which poll.
        poll_id: u64,
        /// The key that signs.
        private_key: String,
        /// The votes.
        votes: Vec<Vote>,
    },
    /// Publishes a vote that no well-meaning client would: `transaction`.
    Craft {
        /// Which poll.
        poll_id: u64,
        /// The key that signs.
        private_key: String,
        /// The vote.
        #[serde(flatten)]
        vote: Vote,
        /// Whether the ciphertext is altered.
        garbled: bool,
        /// Coordinates of the key to vote with from now on, on the curve or not.
        #[serde(skip_serializing_if = "Option::is_none")]
        new_key: Option<[String; 2]>,
        /// Coordinates of the encryption key to publish instead of the real one.
        #[serde(skip_serializing_if = "Option::is_none")]
        encryption_key: Option<[String; 2]>,
    },
    /// What a voter hands in to a relayer, with a proof by snarkjs of having joined: `body`.
    RelayBody {
        /// Which poll.
        poll_id: u64,
        /// The key that signs.
        private_key: String,
        /// The voter's leaf in the poll.
        state_index: u64,
        /// The votes, in the order in which they are to be published.
        votes: Vec<Vote>,
        /// The PollJoined circuit's proving key.
        zkey: PathBuf,
        /// The PollJoined circuit's witness calculator.
        wasm: PathBuf,
    },
    /// Puts the hashes of messages on chain as the library's own relayer would: `transaction`.
    RelayOnChain {
        /// Which poll.
        poll_id: u64,
        /// The digest of the file that has them, as the contract takes it.
        ipfs_hash: String,
        /// The messages, as they stand in the file.
        messages: Value,
    },
    /// Publishes a message as it is.
    PublishRaw {
        /// Which poll.
        poll_id: u64,
        /// Ten field elements, decimal.
        data: Box<[String; 10]>,
        /// The encryption key's coordinates, decimal.
        encryption_key: [String; 2],
    },
    /// Relays messages in one call, with no regard to where batches end, as the session's account: `digest`, `messages`.
    /// Their content is written into a folder as a relayer's backup has it.
    Relay {
        /// Which poll.
        poll_id: u64,
        /// How many.
        count: u64,
        /// The folder.
        folder: PathBuf,
    },
    /// Checks a `tally.json` against the chain as a third party would: `verified`, `results`.
    Verify {
        /// Which poll.
        poll_id: u64,
        /// The file.
        tally_file: PathBuf,
        /// The poll's vote option tree depth.
        vote_option_tree_depth: u8,
    },
    /// The results on chain: `results`, a list of `value` and `isSet`.
    Results {
        /// Which poll.
        poll_id: u64,
    },
}

/// A vote.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vote {
    /// The voter's leaf in the poll.
    pub state_index: u64,
    /// The option voted for.
    pub option: u64,
    /// The votes given to it.
    pub weight: u64,
    /// One more than the voter's last valid one; the last *published* vote has 1.
    pub nonce: u64,
}

/// What came of an action.
#[derive(Debug, Clone, Deserialize)]
pub struct Answer {
    /// The action's name.
    pub action: String,
    /// Whether it succeeded.
    pub ok: bool,
    /// Why it did not.
    pub error: Option<String>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

impl Answer {
    /// A field of the answer.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.fields.get(field)
    }

    /// A field that holds text (numbers come as decimal text).
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str()
    }
}
