//! Bodies about one poll.

use maci_coordinator_core::senders::SenderChoice;
use maci_protocol::{BlockNumber, ChainId, EthAddress, Mode, PollId, PollRef};
use utoipa::ToSchema;

use super::{
    fields::{Fields, FromFields},
    rules,
    scalars::{AddressText, BlockHeight, ChainName, ModeNumber, PollInteger, SenderText},
};

/// Which poll, and on whose behalf: the body of merging, submitting, and of the schedule's questions.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct PollBody {
    /// The MACI contract; `maciAddress` is read too.
    #[schema(value_type = AddressText)]
    pub maci_contract_address: EthAddress,
    /// The poll's number; `poll` is read too.
    #[schema(value_type = PollInteger)]
    pub poll_id: PollId,
    /// The chain.
    #[schema(value_type = ChainName)]
    pub chain: ChainId,
    /// A delegated key made by this service. Needs `approval`.
    #[schema(value_type = Option<AddressText>)]
    pub session_key_address: Option<EthAddress>,
    /// What the delegated key was allowed.
    pub approval: Option<String>,
    /// Who sends, by name; the poll's own sender when absent.
    #[schema(value_type = Option<SenderText>)]
    pub sender: Option<SenderChoice>,
}

impl PollBody {
    /// The poll.
    #[must_use]
    pub fn poll(&self) -> PollRef {
        PollRef {
            chain: self.chain,
            maci: self.maci_contract_address,
            poll: self.poll_id,
        }
    }
}

impl FromFields for PollBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let maci = fields.need_any(&["maciContractAddress", "maciAddress"], rules::address);
        let poll = fields.need_any(&["pollId", "poll"], rules::poll_id);
        let chain = fields.need("chain", rules::chain);
        let session_key = fields.may("sessionKeyAddress", rules::address);
        let approval = fields.may("approval", rules::text);
        let sender = fields.may("sender", rules::sender);
        Some(Self {
            maci_contract_address: maci?,
            poll_id: poll?,
            chain: chain?,
            session_key_address: session_key?,
            approval: approval?,
            sender: sender?,
        })
    }
}

/// What to prove: the body of `generate` and of the `start-generation` event.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct GenerateBody {
    /// The poll's number; `pollId` is read too.
    #[schema(value_type = PollInteger)]
    pub poll: PollId,
    /// The MACI contract.
    #[schema(value_type = AddressText)]
    pub maci_contract_address: EthAddress,
    /// The poll's mode, which must be the one it was deployed with.
    #[schema(value_type = ModeNumber)]
    pub mode: Mode,
    /// The chain.
    #[schema(value_type = ChainName)]
    pub chain: ChainId,
    /// Where to start reading logs; found out when absent.
    #[schema(value_type = Option<BlockHeight>)]
    pub start_block: Option<BlockNumber>,
    /// Taken for compatibility and without effect: the history is read up to the newest final block, because the hashes
    /// it is checked with are the contract's of that moment.
    #[schema(value_type = Option<BlockHeight>)]
    pub end_block: Option<BlockNumber>,
    /// Taken for compatibility and without effect: how many blocks are asked for at once follows from what the node
    /// takes, up to the operator's setting `rounds.log_range`.
    #[schema(minimum = 1, maximum = 1000)]
    pub blocks_per_batch: Option<u64>,
    /// Taken for compatibility and without effect: witnesses always come from the circuit's WebAssembly, compiled ahead,
    /// and no other prover is called.
    pub use_wasm: Option<bool>,
    /// The coordinator's key as versions before May 2025 sent it: base64 of RSA-OAEP over the `macisk…` text.
    pub encrypted_coordinator_private_key: Option<String>,
    /// A delegated key made by this service. Needs `approval`.
    #[schema(value_type = Option<AddressText>)]
    pub session_key_address: Option<EthAddress>,
    /// What the delegated key was allowed.
    pub approval: Option<String>,
    /// Who sends, by name; the poll's own sender when absent.
    #[schema(value_type = Option<SenderText>)]
    pub sender: Option<SenderChoice>,
}

impl GenerateBody {
    /// The poll.
    #[must_use]
    pub fn poll(&self) -> PollRef {
        PollRef {
            chain: self.chain,
            maci: self.maci_contract_address,
            poll: self.poll,
        }
    }
}

impl FromFields for GenerateBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let poll = fields.need_any(&["poll", "pollId"], rules::poll_id);
        let maci = fields.need_any(&["maciContractAddress", "maciAddress"], rules::address);
        let mode = fields.need("mode", rules::mode);
        let chain = fields.need("chain", rules::chain);
        let start = fields.may("startBlock", rules::whole);
        let end = fields.may("endBlock", rules::whole);
        let per_batch = fields.may("blocksPerBatch", rules::within(1..=1000));
        let use_wasm = fields.may("useWasm", rules::flag);
        let key = fields.may("encryptedCoordinatorPrivateKey", rules::text_of(1..=4096));
        let session_key = fields.may("sessionKeyAddress", rules::address);
        let approval = fields.may("approval", rules::text);
        let sender = fields.may("sender", rules::sender);
        Some(Self {
            poll: poll?,
            maci_contract_address: maci?,
            mode: mode?,
            chain: chain?,
            start_block: start?.map(BlockNumber),
            end_block: end?.map(BlockNumber),
            blocks_per_batch: per_batch?,
            use_wasm: use_wasm?,
            encrypted_coordinator_private_key: key?,
            session_key_address: session_key?,
            approval: approval?,
            sender: sender?,
        })
    }
}

/// A poll to finalise at its end.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct RegisterBody {
    /// The MACI contract; `maciContractAddress` is read too.
    #[schema(value_type = AddressText)]
    pub maci_address: EthAddress,
    /// The poll's number; `poll` is read too.
    #[schema(value_type = PollInteger)]
    pub poll_id: PollId,
    /// The chain.
    #[schema(value_type = ChainName)]
    pub chain: ChainId,
    /// The block of the poll's deployment, where reading starts.
    #[schema(value_type = BlockHeight)]
    pub deployment_block_number: BlockNumber,
    /// The poll's mode, which must be the one it was deployed with.
    #[schema(value_type = ModeNumber)]
    pub mode: Mode,
    /// A delegated key made by this service. Needs `approval`.
    #[schema(value_type = Option<AddressText>)]
    pub session_key_address: Option<EthAddress>,
    /// What the delegated key was allowed.
    pub approval: Option<String>,
    /// Who sends, by name; the poll's own sender when absent.
    #[schema(value_type = Option<SenderText>)]
    pub sender: Option<SenderChoice>,
}

impl RegisterBody {
    /// The poll.
    #[must_use]
    pub fn poll(&self) -> PollRef {
        PollRef {
            chain: self.chain,
            maci: self.maci_address,
            poll: self.poll_id,
        }
    }
}

impl FromFields for RegisterBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let maci = fields.need_any(&["maciAddress", "maciContractAddress"], rules::address);
        let poll = fields.need_any(&["pollId", "poll"], rules::poll_id);
        let chain = fields.need("chain", rules::chain);
        let block = fields.need("deploymentBlockNumber", rules::whole);
        let mode = fields.need("mode", rules::mode);
        let session_key = fields.may("sessionKeyAddress", rules::address);
        let approval = fields.may("approval", rules::text);
        let sender = fields.may("sender", rules::sender);
        Some(Self {
            maci_address: maci?,
            poll_id: poll?,
            chain: chain?,
            deployment_block_number: BlockNumber(block?),
            mode: mode?,
            session_key_address: session_key?,
            approval: approval?,
            sender: sender?,
        })
    }
}

/// A poll to follow, and to finalise when its end has passed.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct WatchBody {
    /// The MACI contract.
    #[schema(value_type = AddressText)]
    pub maci_address: EthAddress,
    /// The poll's number.
    #[schema(value_type = PollInteger)]
    pub poll_id: PollId,
    /// The chain.
    #[schema(value_type = ChainName)]
    pub chain: ChainId,
    /// The block of the poll's deployment; found out when absent.
    #[schema(value_type = Option<BlockHeight>)]
    pub deployment_block_number: Option<BlockNumber>,
    /// Whether it is only looked at, and finalised when somebody asks.
    #[schema(value_type = Option<bool>)]
    pub paused: bool,
    /// Who sends, by name; the chain's default when absent.
    #[schema(value_type = Option<SenderText>)]
    pub sender: Option<SenderChoice>,
}

impl WatchBody {
    /// The poll.
    #[must_use]
    pub fn poll(&self) -> PollRef {
        PollRef {
            chain: self.chain,
            maci: self.maci_address,
            poll: self.poll_id,
        }
    }
}

impl FromFields for WatchBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let maci = fields.need_any(&["maciAddress", "maciContractAddress"], rules::address);
        let poll = fields.need_any(&["pollId", "poll"], rules::poll_id);
        let chain = fields.need("chain", rules::chain);
        let block = fields.may("deploymentBlockNumber", rules::whole);
        let paused = fields.may("paused", rules::flag);
        let sender = fields.may("sender", rules::sender);
        Some(Self {
            maci_address: maci?,
            poll_id: poll?,
            chain: chain?,
            deployment_block_number: block?.map(BlockNumber),
            paused: paused?.unwrap_or(false),
            sender: sender?,
        })
    }
}
