//! Bodies that deploy contracts or a subgraph.

use maci_coordinator_core::senders::SenderChoice;
use maci_protocol::{BlockNumber, ChainId, EthAddress, Mode};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    fields::{Fields, FromFields},
    rules,
    scalars::{AddressText, BlockHeight, ChainName, ModeNumber, PollInteger, SenderText},
};

/// A MACI instance to deploy.
#[derive(Debug, Clone, PartialEq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct DeployMaciBody {
    /// The chain.
    #[schema(value_type = ChainName)]
    pub chain: ChainId,
    /// What to deploy.
    pub config: MaciConfigBody,
    /// What a delegated key was allowed.
    pub approval: Option<String>,
    /// A delegated key made by this service. Needs `approval`.
    #[schema(value_type = Option<AddressText>)]
    pub session_key_address: Option<EthAddress>,
    /// Who sends, by name; the chain's default when absent.
    #[schema(value_type = Option<SenderText>)]
    pub sender: Option<SenderChoice>,
}

/// A MACI instance, as `deploy-config.json` of MACI's tools has it.
#[derive(Debug, Clone, PartialEq, ToSchema)]
pub struct MaciConfigBody {
    /// Who may sign up.
    pub policy: PolicyBody,
    /// The MACI contract.
    #[schema(rename = "MACI")]
    pub maci: MaciPartBody,
    /// The registry of verifying keys.
    #[schema(rename = "VerifyingKeysRegistry")]
    pub registry: RegistryBody,
    /// Hash contracts that are there already.
    #[schema(rename = "Poseidon")]
    pub poseidon: Option<PoseidonBody>,
}

/// Poseidon libraries that are there already; what is not named is found or deployed.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
pub struct PoseidonBody {
    /// For two inputs.
    #[schema(rename = "poseidonT3", value_type = Option<AddressText>)]
    pub t3: Option<EthAddress>,
    /// For three inputs.
    #[schema(rename = "poseidonT4", value_type = Option<AddressText>)]
    pub t4: Option<EthAddress>,
    /// For four inputs.
    #[schema(rename = "poseidonT5", value_type = Option<AddressText>)]
    pub t5: Option<EthAddress>,
    /// For five inputs.
    #[schema(rename = "poseidonT6", value_type = Option<AddressText>)]
    pub t6: Option<EthAddress>,
}

/// The MACI contract's own settings.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct MaciPartBody {
    /// Depth of the tree of sign-ups.
    pub state_tree_depth: u8,
    /// The policy, as `policy.policyType` says it.
    pub policy: Option<String>,
    /// Modes whose keys are registered.
    #[schema(value_type = Vec<ModeNumber>)]
    pub modes: Vec<Mode>,
}

/// What the registry holds keys for.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
pub struct RegistryBody {
    /// Circuits' parameters.
    pub args: CircuitSizeBody,
}

/// Circuits' parameters; each a number or its decimal text.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct CircuitSizeBody {
    /// Depth of the tree of sign-ups.
    #[schema(value_type = PollInteger)]
    pub state_tree_depth: u8,
    /// Depth of a poll's tree of voters.
    #[schema(value_type = PollInteger)]
    pub poll_state_tree_depth: u8,
    /// Depth of the part of it that one tally proof takes.
    #[schema(value_type = PollInteger)]
    pub tally_processing_state_tree_depth: u8,
    /// Depth of the tree of options.
    #[schema(value_type = PollInteger)]
    pub vote_option_tree_depth: u8,
    /// Messages that one proof takes.
    #[schema(value_type = PollInteger)]
    pub message_batch_size: u8,
}

/// Who is let in: a policy with its checker, by the ids of `deployed-contracts.json`.
#[derive(Debug, Clone, PartialEq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct PolicyBody {
    /// The policy contract's id.
    pub policy_type: String,
    /// The checker contract's id.
    pub checker_type: String,
    /// What the checker is told, by policy.
    #[schema(value_type = Option<Object>)]
    pub args: Option<Value>,
}

/// A poll to deploy.
#[derive(Debug, Clone, PartialEq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct DeployPollBody {
    /// The chain.
    #[schema(value_type = ChainName)]
    pub chain: ChainId,
    /// What to deploy.
    pub config: PollConfigBody,
    /// What a delegated key was allowed.
    pub approval: Option<String>,
    /// A delegated key made by this service. Needs `approval`.
    #[schema(value_type = Option<AddressText>)]
    pub session_key_address: Option<EthAddress>,
    /// Who sends, by name; the chain's default when absent.
    #[schema(value_type = Option<SenderText>)]
    pub sender: Option<SenderChoice>,
}

/// A poll, as `deploy-config.json` of MACI's tools has it.
#[derive(Debug, Clone, PartialEq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct PollConfigBody {
    /// When voting opens, in seconds since 1970.
    #[schema(value_type = PollInteger)]
    pub start_date: u64,
    /// When voting closes, in seconds since 1970.
    #[schema(value_type = PollInteger)]
    pub end_date: u64,
    /// How votes are paid for.
    #[schema(value_type = ModeNumber)]
    pub mode: Mode,
    /// Depth of the part of the tree of voters that one tally proof takes.
    #[schema(value_type = PollInteger)]
    pub tally_processing_state_tree_depth: u8,
    /// Messages that one proof takes.
    #[schema(value_type = PollInteger)]
    pub message_batch_size: u8,
    /// Depth of the poll's tree of voters.
    #[schema(value_type = PollInteger)]
    pub poll_state_tree_depth: u8,
    /// Depth of the tree of options.
    #[schema(value_type = PollInteger)]
    pub vote_option_tree_depth: u8,
    /// Who may join.
    pub policy: PolicyBody,
    /// How many credits a voter gets.
    pub initial_voice_credits_proxy: CreditsBody,
    /// Who may hand in messages that voters gave them.
    #[schema(value_type = Option<Vec<AddressText>>)]
    pub relayers: Option<Vec<EthAddress>>,
    /// Options to vote on.
    #[schema(value_type = PollInteger)]
    pub vote_options: u64,
}

/// How many credits a voter gets.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct CreditsBody {
    /// The factory's id.
    pub factory_type: String,
    /// The contract's id.
    #[schema(rename = "type")]
    pub kind: String,
    /// What it is told.
    pub args: CreditsArgsBody,
    /// A contract that is there already.
    #[schema(value_type = Option<AddressText>)]
    pub address: Option<EthAddress>,
}

/// What a source of credits is told: `amount` for a constant one, the others for one by the balance of a token.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct CreditsArgsBody {
    /// Credits for every voter.
    #[schema(value_type = Option<PollInteger>)]
    pub amount: Option<u64>,
    /// The block whose balances count.
    #[schema(value_type = Option<PollInteger>)]
    pub snapshot_block: Option<u64>,
    /// The token.
    #[schema(value_type = Option<AddressText>)]
    pub token: Option<EthAddress>,
    /// What balances are divided by.
    #[schema(value_type = Option<PollInteger>)]
    pub factor: Option<u64>,
}

/// A subgraph to deploy.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct SubgraphBody {
    /// The MACI contract to index.
    #[schema(value_type = AddressText)]
    pub maci_contract_address: EthAddress,
    /// Where to start.
    #[schema(value_type = BlockHeight)]
    pub start_block: BlockNumber,
    /// The chain.
    #[schema(value_type = ChainName)]
    pub network: ChainId,
    /// The subgraph's name.
    #[schema(min_length = 3, max_length = 50)]
    pub name: String,
    /// Its version.
    #[schema(pattern = r"^v[0-9]+\.[0-9]+\.[0-9]+$")]
    pub tag: String,
}

impl FromFields for DeployMaciBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let chain = fields.need("chain", rules::chain);
        let config = fields.inner("config");
        let approval = fields.may("approval", rules::text);
        let sender = fields.may("sender", rules::sender);
        let session_key = fields.may("sessionKeyAddress", rules::address);
        Some(Self {
            chain: chain?,
            config: config?,
            approval: approval?,
            sender: sender?,
            session_key_address: session_key?,
        })
    }
}

impl FromFields for MaciConfigBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let policy = fields.inner("policy");
        let maci = fields.inner("MACI");
        let registry = fields.inner("VerifyingKeysRegistry");
        let poseidon = fields.may_inner("Poseidon");
        Some(Self {
            policy: policy?,
            maci: maci?,
            registry: registry?,
            poseidon: poseidon?,
        })
    }
}

impl FromFields for MaciPartBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let depth = fields.need("stateTreeDepth", rules::depth);
        let policy = fields.may("policy", rules::text);
        let modes = fields.need("modes", rules::list(rules::mode));
        Some(Self {
            state_tree_depth: depth?,
            policy: policy?,
            modes: modes?,
        })
    }
}

impl FromFields for RegistryBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self {
            args: fields.inner("args")?,
        })
    }
}

impl FromFields for CircuitSizeBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let sign_ups = fields.need("stateTreeDepth", rules::depth);
        let voters = fields.need("pollStateTreeDepth", rules::depth);
        let tally = fields.need("tallyProcessingStateTreeDepth", rules::depth);
        let options = fields.need("voteOptionTreeDepth", rules::depth);
        let batch = fields.need("messageBatchSize", rules::depth);
        Some(Self {
            state_tree_depth: sign_ups?,
            poll_state_tree_depth: voters?,
            tally_processing_state_tree_depth: tally?,
            vote_option_tree_depth: options?,
            message_batch_size: batch?,
        })
    }
}

impl FromFields for PolicyBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let policy = fields.need("policyType", rules::text_of(1..=200));
        let checker = fields.need("checkerType", rules::text_of(1..=200));
        let args = fields.may("args", rules::object);
        Some(Self {
            policy_type: policy?,
            checker_type: checker?,
            args: args?,
        })
    }
}

impl FromFields for DeployPollBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let chain = fields.need("chain", rules::chain);
        let config = fields.inner("config");
        let approval = fields.may("approval", rules::text);
        let sender = fields.may("sender", rules::sender);
        let session_key = fields.may("sessionKeyAddress", rules::address);
        Some(Self {
            chain: chain?,
            config: config?,
            approval: approval?,
            sender: sender?,
            session_key_address: session_key?,
        })
    }
}

impl FromFields for PollConfigBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let start = fields.need("startDate", rules::whole);
        let end = fields.need("endDate", rules::whole);
        let mode = fields.need("mode", rules::mode);
        let tally = fields.need("tallyProcessingStateTreeDepth", rules::depth);
        let batch = fields.need("messageBatchSize", rules::depth);
        let voters = fields.need("pollStateTreeDepth", rules::depth);
        let options_depth = fields.need("voteOptionTreeDepth", rules::depth);
        let policy = fields.inner("policy");
        let credits = fields.inner("initialVoiceCreditsProxy");
        let relayers = fields.may("relayers", rules::list(rules::address));
        let options = fields.need("voteOptions", rules::whole);
        Some(Self {
            start_date: start?,
            end_date: end?,
            mode: mode?,
            tally_processing_state_tree_depth: tally?,
            message_batch_size: batch?,
            poll_state_tree_depth: voters?,
            vote_option_tree_depth: options_depth?,
            policy: policy?,
            initial_voice_credits_proxy: credits?,
            relayers: relayers?,
            vote_options: options?,
        })
    }
}

impl FromFields for CreditsBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let factory = fields.need("factoryType", rules::text_of(1..=200));
        let kind = fields.need("type", rules::text_of(1..=200));
        let args = fields.inner("args");
        let address = fields.may("address", rules::address);
        Some(Self {
            factory_type: factory?,
            kind: kind?,
            args: args?,
            address: address?,
        })
    }
}

impl FromFields for CreditsArgsBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let amount = fields.may("amount", rules::whole);
        let block = fields.may("snapshotBlock", rules::whole);
        let token = fields.may("token", rules::address);
        let factor = fields.may("factor", rules::whole);
        Some(Self {
            amount: amount?,
            snapshot_block: block?,
            token: token?,
            factor: factor?,
        })
    }
}

impl FromFields for PoseidonBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let t3 = fields.may("poseidonT3", rules::address);
        let t4 = fields.may("poseidonT4", rules::address);
        let t5 = fields.may("poseidonT5", rules::address);
        let t6 = fields.may("poseidonT6", rules::address);
        Some(Self {
            t3: t3?,
            t4: t4?,
            t5: t5?,
            t6: t6?,
        })
    }
}

impl FromFields for SubgraphBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let maci = fields.need("maciContractAddress", rules::address);
        let block = fields.need("startBlock", rules::whole);
        let network = fields.need("network", rules::chain);
        let name = fields.need("name", rules::text_of(3..=50));
        let tag = fields.need("tag", rules::version);
        Some(Self {
            maci_contract_address: maci?,
            start_block: BlockNumber(block?),
            network: network?,
            name: name?,
            tag: tag?,
        })
    }
}
