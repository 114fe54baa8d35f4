//! Senders and what they sent, as they are told; and what wallets sent.

use maci_coordinator_core::{
    senders::ExportView,
    service::{AttemptView, SenderOnChain, SenderView, SignedKind, TransactionView},
};
use maci_protocol::ids::TxHash;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    fields::{Fields, FromFields},
    rules,
    scalars::{AddressText, Decimal, HexText, IdText, Moment},
};

/// Who can send transactions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SendersAnswer {
    /// The senders.
    pub senders: Vec<SenderAnswer>,
}

/// A sender.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SenderAnswer {
    /// Its name.
    pub name: String,
    /// `gas`, `keystore`, `aws-kms`, `gcp-kms`, `ledger`, `remote`, `session` or `export`.
    pub kind: String,
    /// Since when it signs nothing, if somebody paused it.
    #[schema(value_type = Option<Moment>)]
    pub paused_since: Option<i64>,
    /// Who paused it.
    pub paused_by: Option<String>,
    /// What it may spend on each chain in 24 hours, in wei.
    #[schema(value_type = Option<Decimal>)]
    pub daily_cap: Option<String>,
    /// What it keeps on each chain, in wei.
    #[schema(value_type = Decimal)]
    pub min_balance: String,
    /// How it stands on the chains it may send on.
    pub chains: Vec<SenderOnChainAnswer>,
}

/// A sender on a chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SenderOnChainAnswer {
    /// The chain's id.
    pub chain_id: u64,
    /// The chain's name.
    pub chain: String,
    /// Whether it sends there where nobody is chosen.
    pub is_default: bool,
    /// Its address, once it is known: the one to fund.
    #[schema(value_type = Option<AddressText>)]
    pub address: Option<String>,
    /// What it has, in wei.
    #[schema(value_type = Option<Decimal>)]
    pub balance: Option<String>,
    /// Whether that is little.
    pub is_low: bool,
    /// Why address or balance cannot be told.
    pub error: Option<String>,
}

/// Transactions, the newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransactionsAnswer {
    /// The transactions.
    pub transactions: Vec<TransactionAnswer>,
    /// What to give as `before` for the next page, if there may be one.
    #[schema(value_type = Option<IdText>)]
    pub next: Option<String>,
}

/// A transaction, or an operation of a smart account, whatever was signed for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransactionAnswer {
    /// Its id.
    #[schema(value_type = IdText)]
    pub id: String,
    /// `transaction`, or `operation` of a smart account.
    pub kind: &'static str,
    /// The chain's id.
    pub chain_id: u64,
    /// What it is for.
    pub purpose: String,
    /// Who signed, or the account for which a session key did.
    #[schema(value_type = AddressText)]
    pub sender: String,
    /// Its nonce; of an operation, its number among those of its permission.
    pub nonce: u64,
    /// `live`, `mined`, `reverted`, `superseded` or `cancelled`.
    pub state: String,
    /// The transaction that is on the chain: the attempt that was mined, or what carried the operation.
    #[schema(value_type = Option<HexText>)]
    pub transaction_hash: Option<String>,
    /// The operation that was executed, or the newest while none is; absent for transactions.
    #[schema(value_type = Option<HexText>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_hash: Option<String>,
    /// The block it is in.
    pub block_number: Option<u64>,
    /// Gas it used.
    pub gas_used: Option<u64>,
    /// What it has cost the sender, in wei; not what somebody else paid for it.
    #[schema(value_type = Option<Decimal>)]
    pub cost: Option<String>,
    /// Everything that was signed for it, the oldest first.
    pub attempts: Vec<AttemptAnswer>,
    /// When it was signed first.
    #[schema(value_type = Moment)]
    pub created_at: i64,
    /// When it was found mined, superseded or called off.
    #[schema(value_type = Option<Moment>)]
    pub settled_at: Option<i64>,
}

/// One of the transactions, or operations, signed with the same nonce.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttemptAnswer {
    /// A transaction's hash.
    #[schema(value_type = Option<HexText>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_hash: Option<String>,
    /// An operation's hash.
    #[schema(value_type = Option<HexText>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_hash: Option<String>,
    /// Whether it calls the others off.
    pub cancels: bool,
    /// Gas it may use.
    pub gas: Option<u64>,
    /// The most it pays per unit of gas, in wei.
    #[schema(value_type = Option<Decimal>)]
    pub max_fee_per_gas: Option<String>,
    /// What of that is a tip, in wei; none on chains without a base fee.
    #[schema(value_type = Option<Decimal>)]
    pub max_priority_fee_per_gas: Option<String>,
}

/// Calls for somebody's own wallet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportsAnswer {
    /// The calls, the newest first.
    pub exports: Vec<ExportAnswer>,
    /// Those that wait, as one request per wallet and chain: `wallet_sendCalls` of EIP-5792.
    pub batches: Vec<BatchAnswer>,
}

/// A call for somebody's own wallet.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportAnswer {
    /// Its id.
    #[schema(value_type = IdText)]
    pub id: String,
    /// The chain's id.
    pub chain_id: u64,
    /// The sender's name.
    pub sender: String,
    /// The wallet that is to send it.
    #[schema(value_type = AddressText)]
    pub account: String,
    /// What it is for.
    pub purpose: String,
    /// `waiting`, `sent`, `mined`, `refused` or `withdrawn`.
    pub state: String,
    /// What to ask the wallet: `eth_sendTransaction` of EIP-1193.
    #[schema(value_type = Object)]
    pub request: Value,
    /// The transaction that is said to be it.
    #[schema(value_type = Option<HexText>)]
    pub transaction_hash: Option<String>,
    /// Why that was refused.
    pub reason: Option<String>,
    /// When it was handed out.
    #[schema(value_type = Moment)]
    pub created_at: i64,
}

/// Calls that a wallet can take together.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// The calls' ids, the oldest first.
    #[schema(value_type = Vec<IdText>)]
    pub exports: Vec<String>,
    /// What to ask the wallet.
    #[schema(value_type = Object)]
    pub request: Value,
}

/// Which transaction a wallet sent for exported calls.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct SentBody {
    /// The calls' ids.
    #[schema(value_type = Vec<IdText>, min_items = 1, max_items = 100)]
    pub exports: Vec<Uuid>,
    /// The transaction; of a batch, the one its receipt names.
    #[schema(value_type = String, pattern = "^0x[0-9a-fA-F]{64}$")]
    pub transaction_hash: TxHash,
}

impl FromFields for SentBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let exports = fields.need("exports", ids);
        let hash = fields.need("transactionHash", |value| {
            let text = rules::text(value)?;
            text.parse()
                .map_err(|_| "must be a transaction's hash: 0x and 64 hexadecimal digits".to_owned())
        });
        Some(Self {
            exports: exports?,
            transaction_hash: hash?,
        })
    }
}

fn ids(value: &Value) -> Result<Vec<Uuid>, String> {
    let list = value.as_array().filter(|list| (1..=100).contains(&list.len()));
    let list = list.ok_or("must be a list of 1 to 100 ids")?;
    list.iter()
        .map(|id| super::job_text(id.as_str().unwrap_or_default()).map_err(|_| "must be a list of UUIDs".to_owned()))
        .collect()
}

impl From<SenderView> for SenderAnswer {
    fn from(view: SenderView) -> Self {
        let (since, by) = view.paused.unzip();
        Self {
            name: view.name.to_string(),
            kind: view.kind.to_owned(),
            paused_since: since.map(|since| since.0),
            paused_by: by,
            daily_cap: view.limits.daily_cap.map(|wei| wei.to_string()),
            min_balance: view.limits.min_balance.to_string(),
            chains: view.chains.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<SenderOnChain> for SenderOnChainAnswer {
    fn from(view: SenderOnChain) -> Self {
        Self {
            chain_id: view.chain.0,
            chain: view.chain_name,
            is_default: view.is_default,
            address: view.address.map(|address| address.to_string()),
            balance: view.balance,
            is_low: view.is_low,
            error: view.error,
        }
    }
}

impl From<TransactionView> for TransactionAnswer {
    fn from(view: TransactionView) -> Self {
        let newest = view.attempts.last().map(|attempt| attempt.hash);
        let (kind, operation) = match view.kind {
            SignedKind::Transaction => ("transaction", None),
            SignedKind::Operation => ("operation", view.executed.or(newest)),
        };
        let attempts = view.attempts.into_iter();
        Self {
            id: view.id.to_string(),
            kind,
            operation_hash: operation.map(|hash| hash.to_string()),
            chain_id: view.chain.0,
            purpose: view.purposes.join("; "),
            sender: view.sender.to_string(),
            nonce: view.nonce,
            state: view.state.to_owned(),
            transaction_hash: view.mined.map(|hash| hash.to_string()),
            block_number: view.paid.map(|paid| paid.block.0),
            gas_used: view.paid.map(|paid| paid.gas_used),
            cost: view.paid.map(|paid| paid.wei.to_string()),
            attempts: attempts.map(|attempt| attempt_answer(view.kind, attempt)).collect(),
            created_at: view.created_at.0,
            settled_at: view.settled_at.map(|at| at.0),
        }
    }
}

fn attempt_answer(kind: SignedKind, view: AttemptView) -> AttemptAnswer {
    let (offer, hash) = (view.offer, view.hash.to_string());
    let (transaction_hash, operation_hash) = match kind {
        SignedKind::Transaction => (Some(hash), None),
        SignedKind::Operation => (None, Some(hash)),
    };
    AttemptAnswer {
        transaction_hash,
        operation_hash,
        cancels: view.cancels,
        gas: offer.map(|offer| offer.gas),
        max_fee_per_gas: offer.map(|offer| offer.max_fee.to_string()),
        max_priority_fee_per_gas: offer.and_then(|offer| offer.tip).map(|tip| tip.to_string()),
    }
}

impl From<ExportView> for ExportAnswer {
    fn from(view: ExportView) -> Self {
        let mut call = call_of(&view);
        if let Some(call) = call.as_object_mut() {
            call.insert("from".to_owned(), json!(view.account));
            call.insert("chainId".to_owned(), json!(format!("{:#x}", view.chain.0)));
        }
        Self {
            id: view.id.to_string(),
            chain_id: view.chain.0,
            sender: view.sender,
            account: view.account.to_string(),
            purpose: view.call.purpose.to_string(),
            state: view.state.word().to_owned(),
            request: json!({ "method": "eth_sendTransaction", "params": [call] }),
            transaction_hash: view.transaction.map(|hash| hash.to_string()),
            reason: view.reason,
            created_at: view.created_at.0,
        }
    }
}

/// A call as both kinds of requests have it.
fn call_of(view: &ExportView) -> Value {
    let mut call = json!({ "data": format!("0x{}", hex::encode(&view.call.data)), "value": "0x0" });
    if let (Some(call), Some(to)) = (call.as_object_mut(), view.call.to) {
        call.insert("to".to_owned(), json!(to));
    }
    call
}

impl ExportsAnswer {
    /// Calls, and those that wait in batches.
    pub(crate) fn of(views: Vec<ExportView>) -> Self {
        let mut batches = std::collections::BTreeMap::new();
        // the oldest first: they were asked for in that order
        for view in views.iter().rev() {
            // what makes a contract cannot be recognised inside another transaction
            if view.state.word() == "waiting" && view.call.to.is_some() {
                let batch: &mut Vec<&ExportView> = batches.entry((view.chain, view.account)).or_default();
                batch.push(view);
            }
        }
        let batches = batches.into_iter().map(|((chain, account), calls)| BatchAnswer {
            exports: calls.iter().map(|view| view.id.to_string()).collect(),
            request: json!({ "method": "wallet_sendCalls", "params": [{
                "version": "2.0.0", "chainId": format!("{:#x}", chain.0), "from": account, "atomicRequired": false,
                "calls": calls.iter().map(|view| call_of(view)).collect::<Vec<_>>(),
            }] }),
        });
        Self {
            batches: batches.collect(),
            exports: views.into_iter().map(Into::into).collect(),
        }
    }
}
