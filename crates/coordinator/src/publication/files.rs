use bytes::Bytes;
use maci_chain::contracts::Generation;
use maci_chain::reader::PollReader;
use maci_crypto::Fr;
use maci_crypto::field::fr_from_decimal;
use maci_protocol::files::{DeployedContracts, Instance, ProofFile};
use maci_protocol::groth16::Proof;
use maci_protocol::ids::EthAddress;
use serde::{Deserialize, Serialize};

use crate::jobs::decimals;
use crate::networks::network_name;

/// Where each file lies.
pub mod paths {
    use maci_protocol::cid::ContentDigest;
    use maci_protocol::files::ProofFileName;

    /// Proofs in one folder: a directory has to fit into a block.
    const SHELF: u64 = 1_000;

    /// The file that names all others.
    pub const MANIFEST: &str = "manifest.json";
    /// What is fixed about the poll.
    pub const POLL: &str = "poll.json";
    /// The result.
    pub const TALLY: &str = "tally.json";
    /// The poll's contracts, in the form of other tools.
    pub const CONTRACTS: &str = "deployed-contracts.json";
    /// The key that checks proofs of message batches.
    pub const PROCESS_KEY: &str = "keys/process.json";
    /// The key that checks proofs of ballot batches.
    pub const TALLY_KEY: &str = "keys/tally.json";

    /// A proof.
    #[must_use]
    pub fn proof(name: ProofFileName) -> String {
        format!("proofs/{}/{name}", name.number / SHELF)
    }

    /// A batch of relayed messages, named as other tools look for it.
    #[must_use]
    pub fn relayed(digest: &ContentDigest) -> String {
        format!("relayed/{}.json", digest.to_bytes32_hex())
    }
}

/// What is fixed about a poll, as its contracts say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PollRecord {
    /// The contracts, by what they do.
    pub contracts: Contracts,
    /// The generation of contracts.
    pub generation: String,
    /// How votes are paid for: 0, 1 or 2.
    pub mode: u8,
    /// Levels of the state tree.
    pub state_tree_depth: u8,
    /// Levels of the tree of options.
    pub vote_option_tree_depth: u8,
    /// Levels of a tally batch.
    pub tally_processing_state_tree_depth: u8,
    /// Messages in a batch.
    pub message_batch_size: u8,
    /// Options voters chose between.
    pub vote_options: u64,
    /// The first moment of voting, in Unix seconds.
    pub start_date: u64,
    /// The last moment of voting, in Unix seconds.
    pub end_date: u64,
    /// The key messages were encrypted for.
    pub coordinator_public_key: String,
}

/// A poll's contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contracts {
    /// The MACI contract.
    pub maci: EthAddress,
    /// Takes joins and messages.
    pub poll: EthAddress,
    /// Takes proofs of message batches.
    pub message_processor: EthAddress,
    /// Takes proofs of ballot batches, and results.
    pub tally: EthAddress,
    /// Checks proofs.
    pub verifier: EthAddress,
    /// Holds the keys proofs are checked with.
    pub verifying_keys_registry: EthAddress,
    /// Decides who may join.
    pub policy: EthAddress,
    /// Decides how many credits a voter gets.
    pub initial_voice_credit_proxy: EthAddress,
}

impl PollRecord {
    /// The record of a poll.
    #[must_use]
    pub fn of(reader: &PollReader) -> Self {
        let (config, period) = (reader.config(), reader.period());
        let (own, external) = (reader.addresses(), reader.external());
        let generation = match reader.generation() {
            Generation::A => "A",
            Generation::B => "B",
        };
        Self {
            contracts: Contracts {
                maci: config.poll().maci,
                poll: own.poll,
                message_processor: own.message_processor,
                tally: own.tally,
                verifier: external.verifier,
                verifying_keys_registry: external.verifying_keys_registry,
                policy: external.policy,
                initial_voice_credit_proxy: external.initial_voice_credit_proxy,
            },
            generation: generation.to_owned(),
            mode: config.mode().into(),
            state_tree_depth: config.depths().state_tree(),
            vote_option_tree_depth: config.depths().vote_option_tree(),
            tally_processing_state_tree_depth: config.depths().tally_processing_state_tree(),
            message_batch_size: config.message_batch_size(),
            vote_options: config.vote_options(),
            start_date: period.start,
            end_date: period.end,
            coordinator_public_key: config.coordinator_public_key().serialize(),
        }
    }

    /// The file's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        pretty(self)
    }
}

/// The poll's contracts in the form other tools read; nothing that only a machine's own records know.
pub(super) fn deployed_contracts(reader: &PollReader) -> DeployedContracts {
    let (poll, own, external) = (reader.config().poll(), reader.addresses(), reader.external());
    let chain = network_name(poll.chain);
    let mut record = DeployedContracts::default();
    let of_poll = Some(poll.poll);
    for (id, of, address) in [
        ("MACI", None, poll.maci),
        ("Verifier", None, external.verifier),
        ("VerifyingKeysRegistry", None, external.verifying_keys_registry),
        ("Poll", of_poll, own.poll),
        ("MessageProcessor", of_poll, own.message_processor),
        ("Tally", of_poll, own.tally),
    ] {
        let instance = Instance {
            id: id.to_owned(),
            deployment_tx_hash: None,
            verify: None,
        };
        record.add(&chain, of, address, instance);
    }
    record
}

/// A proof and the public values it proves. What only the coordinator may know is no part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishedProof {
    /// The proof, as snarkjs writes it.
    pub proof: Proof,
    /// The public values in the contract's order, as decimal numbers.
    public_inputs: Vec<String>,
}

impl PublishedProof {
    /// What of a proof file is for everybody.
    #[must_use]
    pub fn of(file: &ProofFile) -> Self {
        Self {
            proof: file.proof.clone(),
            public_inputs: decimals(&file.public_inputs),
        }
    }

    /// The public values.
    ///
    /// # Errors
    /// When one is no number of the field: its position.
    pub fn publics(&self) -> Result<Vec<Fr>, usize> {
        let numbers = self.public_inputs.iter().enumerate();
        numbers
            .map(|(position, text)| fr_from_decimal(text).map_err(|_| position))
            .collect()
    }

    /// The file's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        pretty(self)
    }

    /// Reads the file's bytes.
    ///
    /// # Errors
    /// When they are not its JSON.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }
}

/// JSON with the four-space indentation of other tools' files.
pub(super) fn pretty<T: Serialize>(value: &T) -> Bytes {
    let mut text = Vec::new();
    let style = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut writer = serde_json::Serializer::with_formatter(&mut text, style);
    // texts, numbers and lists of them always have JSON
    let _ = value.serialize(&mut writer);
    text.into()
}
