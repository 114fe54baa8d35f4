//! Messages handed in by voters who pay no gas, and the batches they go on chain in. The first two bodies are those of the
//! existing relayer service.

use maci_coordinator_core::networks;
use maci_coordinator_core::relay::{
    Accepted, BatchView, Inclusion, MessageStanding, MessageView, PollRelayView, Receipt, RelayAccounts, RelayView,
    SubmittedMessage,
};
use maci_crypto::field::{fr_from_decimal, fr_from_hex, fr_to_decimal, from_decimal};
use maci_crypto::keys::PublicKey;
use maci_crypto::{Fq, Fr};
use maci_protocol::cid::ContentDigest;
use maci_protocol::groth16::{G1, G2, Proof};
use maci_protocol::ids::{ChainId, EthAddress, PollId, PollRef, StateIndex};
use maci_protocol::vote::Message;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::fields::{Complaint, Fields, FromFields};
use super::rules;
use super::scalars::{AddressText, ChainName, Decimal, HexText, Moment, PollInteger};

/// The longest a number may be written.
const LONGEST: usize = 256;

/// The most messages that are read of one body, whatever the settings allow.
const MOST_MESSAGES: usize = 1_000;

/// Messages that a voter hands in.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct PublishBody {
    /// The voter's leaf in the poll, about whose root the proof is.
    #[schema(value_type = PollInteger)]
    pub state_leaf_index: StateIndex,
    /// The PollJoined proof, as the contract takes it: eight numbers in decimal.
    #[schema(value_type = Vec<Decimal>, min_items = 8, max_items = 8)]
    pub proof: Proof,
    /// The poll's number; `pollId` is read too.
    #[schema(value_type = PollInteger)]
    pub poll: PollId,
    /// The MACI contract; `maciAddress` is read too.
    #[schema(value_type = AddressText)]
    pub maci_contract_address: EthAddress,
    /// The chain. May be left out where the service relays on one.
    #[schema(value_type = Option<ChainName>)]
    pub chain: Option<ChainId>,
    /// The messages, in the order in which they are to go on chain.
    #[schema(value_type = Vec<MessageToRelay>, min_items = 1)]
    pub messages: Vec<SubmittedMessage>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct MessageToRelay {
    /// Ten elements of ciphertext, in decimal.
    #[schema(value_type = Vec<Decimal>, min_items = 10, max_items = 10)]
    pub data: [Fr; 10],
    /// The key it was encrypted with, as `macipk.…`.
    #[schema(value_type = String)]
    pub public_key: PublicKey,
}

impl FromFields for MessageToRelay {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let data = fields.need("data", |value| {
            numbers::<_, 10>(value, |text| fr_from_decimal(text).ok())
        });
        let key = fields.need("publicKey", public_key);
        Some(Self {
            data: data?,
            public_key: key?,
        })
    }
}

impl FromFields for PublishBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let index = fields.need("stateLeafIndex", rules::whole);
        let proof = fields.need("proof", proof);
        let poll = fields.need_any(&["poll", "pollId"], rules::poll_id);
        let maci = fields.need_any(&["maciContractAddress", "maciAddress"], rules::address);
        let chain = fields.may("chain", rules::chain);
        let messages = fields.each::<MessageToRelay>("messages", 1..=MOST_MESSAGES);
        let message = |MessageToRelay { data, public_key }| {
            SubmittedMessage(Message {
                data,
                encryption_public_key: public_key.point(),
            })
        };
        Some(Self {
            state_leaf_index: StateIndex(index?),
            proof: proof?,
            poll: poll?,
            maci_contract_address: maci?,
            chain: chain?,
            messages: messages?.into_iter().map(message).collect(),
        })
    }
}

/// Which batches are wanted.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct BatchesBody {
    /// How many.
    #[schema(minimum = 1)]
    pub limit: u64,
    /// How many to leave out first.
    #[schema(minimum = 0)]
    pub skip: u64,
    /// The poll's number; `pollId` is read too.
    #[schema(value_type = PollInteger)]
    pub poll: PollId,
    /// The MACI contract; `maciAddress` is read too.
    #[schema(value_type = AddressText)]
    pub maci_contract_address: EthAddress,
    /// The chain. May be left out where the service relays on one.
    #[schema(value_type = Option<ChainName>)]
    pub chain: Option<ChainId>,
    /// Only these, by CID of either version or by the 32 bytes on chain.
    #[schema(value_type = Option<Vec<String>>)]
    pub ipfs_hashes: Vec<ContentDigest>,
    /// Only those with a message encrypted with one of these keys.
    #[schema(value_type = Option<Vec<String>>)]
    pub public_keys: Vec<PublicKey>,
    /// Only those with one of these messages.
    #[schema(value_type = Option<Vec<Decimal>>)]
    pub message_hashes: Vec<Fr>,
}

impl FromFields for BatchesBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let limit = fields.need("limit", rules::within(1..=1_000));
        let skip = fields.need("skip", rules::whole);
        let poll = fields.need_any(&["poll", "pollId"], rules::poll_id);
        let maci = fields.need_any(&["maciContractAddress", "maciAddress"], rules::address);
        let chain = fields.may("chain", rules::chain);
        let ipfs_hashes = fields.may("ipfsHashes", rules::list(digest));
        let keys = fields.may("publicKeys", rules::list(public_key));
        let hashes = fields.may("messageHashes", rules::list(element));
        Some(Self {
            limit: limit?,
            skip: skip?,
            poll: poll?,
            maci_contract_address: maci?,
            chain: chain?,
            ipfs_hashes: ipfs_hashes?.unwrap_or_default(),
            public_keys: keys?.unwrap_or_default(),
            message_hashes: hashes?.unwrap_or_default(),
        })
    }
}

/// A message that was taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelayedMessageAnswer {
    /// The message's name here: its hash.
    #[serde(rename = "_id", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Decimal>)]
    pub id: Option<String>,
    /// The key it was encrypted with.
    pub public_key: String,
    /// The ciphertext.
    #[schema(value_type = Vec<Decimal>)]
    pub data: Vec<String>,
    /// What enters the poll's message chain.
    #[schema(value_type = Decimal)]
    pub hash: String,
    /// The MACI contract.
    #[schema(value_type = AddressText)]
    pub maci_contract_address: String,
    /// The poll's number.
    pub poll: u64,
    /// What the relayer promises; where it was just taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptAnswer>,
}

/// What a voter can show: the relayer has taken this message and promised to have it on chain in time. Signed as EIP-712
/// says: domain `{name: "MACI relayer", version: "1", chainId}`, type
/// `RelayReceipt(uint256 messageHash,address maci,uint256 pollId,uint256 takenAt,uint256 promisedBy)`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptAnswer {
    /// The message.
    #[schema(value_type = Decimal)]
    pub message_hash: String,
    /// The chain's id.
    pub chain_id: u64,
    /// The MACI contract.
    #[schema(value_type = AddressText)]
    pub maci: String,
    /// The poll's number.
    pub poll_id: u64,
    /// When it was taken, in Unix seconds.
    pub taken_at: u64,
    /// By when it is on chain, in Unix seconds.
    pub promised_by: u64,
    /// Who signed.
    #[schema(value_type = AddressText)]
    pub relayer: String,
    /// 65 bytes.
    #[schema(value_type = HexText)]
    pub signature: String,
}

/// A batch of relayed messages.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageBatchAnswer {
    /// The messages, in the order in which they are on chain.
    pub messages: Vec<RelayedMessageAnswer>,
    /// The CID of its content.
    pub ipfs_hash: String,
}

/// Everything about the messages with one hash.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessagesAnswer {
    /// One per poll that was given the message.
    pub messages: Vec<MessageStandingAnswer>,
}

/// How far a message has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageStandingAnswer {
    /// The chain's name or id.
    pub chain: String,
    /// The MACI contract.
    #[schema(value_type = AddressText)]
    pub maci_contract_address: String,
    /// The poll's number.
    pub poll: u64,
    /// The message's hash.
    #[schema(value_type = Decimal)]
    pub hash: String,
    /// `stored`, `batched`, `pinned`, `sent`, `mined`, `final`; or `missed` if voting ended first.
    #[schema(value_type = String, pattern = "^(stored|batched|pinned|sent|mined|final|missed)$")]
    pub state: &'static str,
    /// When it was taken.
    #[schema(value_type = Moment)]
    pub taken_at: i64,
    /// By when it was promised to be on chain.
    #[schema(value_type = Moment)]
    pub promised_by: i64,
    /// The CID of the batch it is in.
    pub ipfs_hash: Option<String>,
    /// The same as the 32 bytes on chain.
    #[schema(value_type = Option<HexText>)]
    pub ipfs_digest: Option<String>,
    /// Its place in the batch, from 0.
    pub position: Option<u64>,
    /// The transaction it is on chain with.
    #[schema(value_type = Option<HexText>)]
    pub transaction: Option<String>,
    /// That transaction's block.
    pub block: Option<u64>,
    /// That it is in the poll's message chain.
    pub inclusion: Option<InclusionAnswer>,
    /// What was promised, signed.
    pub receipt: Option<ReceiptAnswer>,
}

/// That a message is in the poll's message chain: hash `before` with the message's hash (Poseidon of two), then the result
/// with each of `following` in turn; what comes out is `chainHash`, which the poll's contract announced in the transaction
/// (event `ChainHashUpdated`).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InclusionAnswer {
    /// The message's index in the poll.
    pub index: u64,
    /// The chain hash before it.
    #[schema(value_type = Decimal)]
    pub before: String,
    /// The hashes of the messages after it in its batch.
    #[schema(value_type = Vec<Decimal>)]
    pub following: Vec<String>,
    /// The chain hash after them.
    #[schema(value_type = Decimal)]
    pub chain_hash: String,
}

/// The relayer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RelayAnswer {
    /// The chains that the service works on.
    pub chains: Vec<RelayChainAnswer>,
}

/// The relayer on one chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelayChainAnswer {
    /// The chain's name or id.
    pub chain: String,
    /// Whose key signs receipts.
    #[schema(value_type = Option<AddressText>)]
    pub signer: Option<String>,
    /// Who puts batches on chain and pays for them.
    #[schema(value_type = Option<AddressText>)]
    pub account: Option<String>,
    /// The contract to name among a poll's `relayers`.
    #[schema(value_type = Option<AddressText>)]
    pub relayer: Option<String>,
    /// Why they are not known.
    pub error: Option<String>,
}

/// How relaying for a poll goes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PollRelayAnswer {
    /// Whether several messages go in one call; else each in its own.
    pub batched: bool,
    /// Until when messages are taken, in Unix seconds.
    pub takes_until: u64,
    /// Messages that the poll's budget still has room for.
    pub budget_left: u64,
    /// In no batch yet.
    pub waiting: u64,
    /// In a batch that is not on chain yet.
    pub under_way: u64,
    /// On chain.
    pub on_chain: u64,
    /// Not on chain when voting ended.
    pub missed: u64,
    /// Messages may miss the end of voting, or have missed it: publish on chain.
    pub late: bool,
    /// Why messages do not get on.
    pub trouble: Option<String>,
}

impl RelayedMessageAnswer {
    fn of(poll: PollRef, message: &Message, hash: &Fr) -> Self {
        let key = PublicKey::new(message.encryption_public_key);
        Self {
            id: None,
            public_key: key.map(|key| key.serialize()).unwrap_or_default(),
            data: message.data.iter().map(fr_to_decimal).collect(),
            hash: fr_to_decimal(hash),
            maci_contract_address: poll.maci.to_string(),
            poll: poll.poll.0,
            receipt: None,
        }
    }
}

impl From<Accepted> for RelayedMessageAnswer {
    fn from(accepted: Accepted) -> Self {
        Self {
            id: Some(fr_to_decimal(&accepted.hash)),
            receipt: Some((&accepted.receipt).into()),
            ..Self::of(accepted.receipt.poll, &accepted.message, &accepted.hash)
        }
    }
}

impl From<&Receipt> for ReceiptAnswer {
    fn from(receipt: &Receipt) -> Self {
        Self {
            message_hash: fr_to_decimal(&receipt.message_hash),
            chain_id: receipt.poll.chain.0,
            maci: receipt.poll.maci.to_string(),
            poll_id: receipt.poll.poll.0,
            taken_at: receipt.taken_at,
            promised_by: receipt.promised_by,
            relayer: receipt.relayer.to_string(),
            signature: format!("0x{}", hex::encode(receipt.signature)),
        }
    }
}

impl From<BatchView> for MessageBatchAnswer {
    fn from(batch: BatchView) -> Self {
        let message = |(message, hash): &(Message, Fr)| RelayedMessageAnswer::of(batch.poll, message, hash);
        Self {
            messages: batch.messages.iter().map(message).collect(),
            ipfs_hash: batch.digest.to_string(),
        }
    }
}

impl From<MessageView> for MessageStandingAnswer {
    fn from(view: MessageView) -> Self {
        let MessageView {
            poll,
            hash,
            standing,
            taken_at,
            promised_by,
            batch,
            position,
            on_chain,
            inclusion,
            receipt,
        } = view;
        Self {
            chain: networks::network_name(poll.chain),
            maci_contract_address: poll.maci.to_string(),
            poll: poll.poll.0,
            hash: fr_to_decimal(&hash),
            state: MessageStanding::name(standing),
            taken_at: taken_at.0,
            promised_by: promised_by.0,
            ipfs_hash: batch.map(|digest| digest.to_string()),
            ipfs_digest: batch.map(|digest| digest.to_bytes32_hex()),
            position,
            transaction: on_chain.map(|(transaction, _)| transaction.to_string()),
            block: on_chain.map(|(_, block)| block.0),
            inclusion: inclusion.map(InclusionAnswer::from),
            receipt: receipt.as_ref().map(Into::into),
        }
    }
}

impl From<Inclusion> for InclusionAnswer {
    fn from(inclusion: Inclusion) -> Self {
        Self {
            index: inclusion.index,
            before: fr_to_decimal(&inclusion.before),
            following: inclusion.following.iter().map(fr_to_decimal).collect(),
            chain_hash: fr_to_decimal(&inclusion.after),
        }
    }
}

impl From<RelayView> for RelayAnswer {
    fn from(view: RelayView) -> Self {
        let chain = |(chain, known): (ChainId, Result<RelayAccounts, String>)| {
            let (known, error) = match known {
                Ok(known) => (Some(known), None),
                Err(error) => (None, Some(error)),
            };
            RelayChainAnswer {
                chain: networks::network_name(chain),
                signer: known.map(|known| known.signer.to_string()),
                account: known.map(|known| known.payer.to_string()),
                relayer: known.map(|known| known.guard.to_string()),
                error,
            }
        };
        Self {
            chains: view.chains.into_iter().map(chain).collect(),
        }
    }
}

impl From<PollRelayView> for PollRelayAnswer {
    fn from(view: PollRelayView) -> Self {
        Self {
            batched: view.guarded,
            takes_until: view.takes_until,
            budget_left: view.budget_left,
            waiting: view.counts.waiting,
            under_way: view.counts.under_way,
            on_chain: view.counts.on_chain,
            missed: view.counts.missed,
            late: view.late,
            trouble: view.trouble,
        }
    }
}

/// A message's hash in a path or list: decimal, or `0x` and hexadecimal.
pub(crate) fn message_hash(text: &str) -> Result<Fr, Complaint> {
    let read = if text.len() > LONGEST {
        None
    } else if text.starts_with("0x") {
        fr_from_hex(text).ok()
    } else {
        fr_from_decimal(text).ok()
    };
    read.ok_or_else(|| "must be a message's hash".to_owned())
}

fn element(value: &Value) -> Result<Fr, Complaint> {
    message_hash(value.as_str().ok_or("must be a string")?)
}

fn digest(value: &Value) -> Result<ContentDigest, Complaint> {
    let text = value.as_str().ok_or("must be a string")?;
    text.parse().map_err(|_| "must be a CID".to_owned())
}

fn public_key(value: &Value) -> Result<PublicKey, Complaint> {
    let text = value.as_str().ok_or("must be a string")?;
    let short: String = text.chars().take(LONGEST).collect();
    PublicKey::parse(&short).map_err(|error| format!("must be a public key: {error}"))
}

/// So many numbers, as decimal texts.
fn numbers<T, const N: usize>(value: &Value, number: impl Fn(&str) -> Option<T>) -> Result<[T; N], Complaint> {
    let entries = value.as_array().ok_or("must be an array")?;
    let count = || format!("must contain {N} elements");
    if entries.len() != N {
        return Err(count());
    }
    let read = |(place, entry): (usize, &Value)| {
        let text = entry
            .as_str()
            .ok_or_else(|| format!("at place {place} must be a string"))?;
        if text.is_empty() || text.len() > LONGEST {
            return Err(format!("at place {place} must be of 1 to {LONGEST} characters"));
        }
        number(text).ok_or_else(|| format!("at place {place} must be a number of the field, in decimal"))
    };
    let all: Vec<T> = entries.iter().enumerate().map(read).collect::<Result<_, _>>()?;
    all.try_into().map_err(|_| count())
}

/// A proof as the contract takes it: the parts of a coordinate of B stand imaginary first.
fn proof(value: &Value) -> Result<Proof, Complaint> {
    let [ax, ay, bx1, bx0, by1, by0, cx, cy] = numbers::<_, 8>(value, |text| from_decimal::<Fq>(text).ok())?;
    Ok(Proof {
        a: G1 { x: ax, y: ay },
        b: G2 {
            x: [bx0, bx1],
            y: [by0, by1],
        },
        c: G1 { x: cx, y: cy },
    })
}
