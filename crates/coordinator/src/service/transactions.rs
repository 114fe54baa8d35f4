//! What senders signed: transactions of wallets, and operations of smart accounts, in one list.

use maci_chain::account::UserOperation;
use maci_chain::send::{Offer, SendError};
use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use maci_store::{IntentFilter, IntentRow, ListedOperation, OperationFilter, OperationState, Page, Paid, StoreError};
use serde_json::json;
use uuid::Uuid;

use super::{Service, ServiceError};
use crate::actor::{Actor, Role};
use crate::events::EventKind;
use crate::intents::read;
use crate::operations;
use crate::senders::SendersError;

/// A transaction of a wallet or an operation of a smart account, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionView {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: SignedKind,
    /// The chain.
    pub chain: ChainId,
    /// What it is for; an operation may be for several things.
    pub purposes: Vec<String>,
    /// Who signed, or the account for which a session key did.
    pub sender: EthAddress,
    /// Its nonce; of an operation, its number among those of its permission.
    pub nonce: u64,
    /// `live`, `mined`, `reverted`, `superseded` or `cancelled`.
    pub state: &'static str,
    /// The transaction that is on the chain: the attempt itself, or the one that carried the operation.
    pub mined: Option<TxHash>,
    /// The hash of the operation that was executed.
    pub executed: Option<TxHash>,
    /// What that has cost.
    pub paid: Option<Paid>,
    /// Everything that was signed for it, the oldest first.
    pub attempts: Vec<AttemptView>,
    /// When it was signed first.
    pub created_at: Timestamp,
    /// When it was found mined, superseded or called off.
    pub settled_at: Option<Timestamp>,
}

/// What was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedKind {
    /// A transaction, by a wallet's key.
    Transaction,
    /// An operation of a smart account, by a session key.
    Operation,
}

/// One of the transactions, or operations, signed with the same nonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptView {
    /// Its hash.
    pub hash: TxHash,
    /// Whether it calls the others off.
    pub cancels: bool,
    /// What it offers.
    pub offer: Option<Offer>,
}

/// Which transactions to list; what is not given does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransactionQuery {
    /// On this chain.
    pub chain: Option<ChainId>,
    /// Of this address.
    pub sender: Option<EthAddress>,
    /// In this state.
    pub state: Option<&'static str>,
    /// At most so many; 100 if not given.
    pub limit: Option<u32>,
    /// Older than this one, for the next page.
    pub before: Option<Uuid>,
}

/// What a list shows if nobody says.
const PAGE: u32 = 100;

impl Service {
    /// Transactions and operations, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn transactions(&self, query: TransactionQuery) -> Result<Vec<TransactionView>, ServiceError> {
        let limit = query.limit.unwrap_or(PAGE);
        let page = || Page {
            after: query.before,
            limit,
        };
        let store = &self.means.parts.store;
        let filter = IntentFilter {
            chain: query.chain,
            sender: query.sender,
            state: query.state,
        };
        let intents = store.intents().list(&filter, page()).await?;
        let mut views: Vec<TransactionView> = intents.into_iter().map(transaction_view).collect();
        // nobody calls operations off
        if query.state != Some("cancelled") {
            let filter = OperationFilter {
                chain: query.chain,
                account: query.sender,
                state: query.state.map(stored_word),
            };
            let listed = store.operations().list(&filter, page()).await?;
            for row in listed {
                views.push(operation_view(row)?);
            }
        }
        // ids grow with time, whoever got them
        views.sort_by(|one, other| other.id.cmp(&one.id));
        views.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(views)
    }

    /// A transaction or operation.
    ///
    /// # Errors
    /// [`SendersError::NoSuchTransaction`].
    pub async fn transaction(&self, id: Uuid) -> Result<TransactionView, ServiceError> {
        let store = &self.means.parts.store;
        if let Some(row) = store.intents().get(id).await? {
            return Ok(transaction_view(row));
        }
        let row = store.operations().get(id).await?;
        row.map_or_else(|| Err(SendersError::NoSuchTransaction { id }.into()), operation_view)
    }

    /// Offers more for a transaction that waits to be mined.
    ///
    /// # Errors
    /// When it does not wait any more, the fee cap has no room, it is an operation, or the actor is no operator.
    pub async fn bump_transaction(&self, actor: &Actor, id: Uuid) -> Result<TransactionView, ServiceError> {
        self.change_transaction(actor, id, Change::Bump).await
    }

    /// Calls a transaction off that waits to be mined: its nonce goes to one that does nothing.
    ///
    /// # Errors
    /// As [`Self::bump_transaction`].
    pub async fn cancel_transaction(&self, actor: &Actor, id: Uuid) -> Result<TransactionView, ServiceError> {
        self.change_transaction(actor, id, Change::Cancel).await
    }

    async fn change_transaction(
        &self,
        actor: &Actor,
        id: Uuid,
        change: Change,
    ) -> Result<TransactionView, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let Some(row) = self.means.parts.store.intents().get(id).await? else {
            self.transaction(id).await?;
            return Err(SendersError::Operation { id }.into());
        };
        let intent = read(row.intent);
        if intent.state.mined().is_some() {
            let purpose = intent.purpose;
            return Err(SendersError::from(SendError::Over { purpose }).into());
        }
        let wallet = self.means.senders.wallet_of(intent.chain, intent.sender).await?;
        let changed = match change {
            Change::Bump => wallet.bump(&intent).await,
            Change::Cancel => wallet.cancel(&intent).await,
        };
        let hash = changed.map_err(SendersError::from)?;
        let body = json!({
            "id": id, "chain": intent.chain, "purpose": intent.purpose.as_str(), "change": change.word(),
            "transaction": hash, "by": actor.name.as_str(),
        });
        self.means.note(EventKind::TransactionChanged, None, body);
        self.transaction(id).await
    }
}

/// What is done to a transaction that waits.
#[derive(Debug, Clone, Copy)]
enum Change {
    Bump,
    Cancel,
}

impl Change {
    const fn word(self) -> &'static str {
        match self {
            Self::Bump => "bump",
            Self::Cancel => "cancel",
        }
    }
}

fn transaction_view(row: IntentRow) -> TransactionView {
    let state = row.intent.state.word();
    let intent = read(row.intent);
    let attempts = intent.attempts.iter().map(|attempt| AttemptView {
        hash: attempt.hash,
        cancels: attempt.cancels,
        offer: attempt.offer(),
    });
    TransactionView {
        id: row.id,
        kind: SignedKind::Transaction,
        chain: intent.chain,
        sender: intent.sender,
        nonce: intent.nonce,
        state,
        mined: intent.state.mined(),
        executed: None,
        paid: row.paid,
        attempts: attempts.collect(),
        created_at: row.created_at,
        settled_at: row.settled_at,
        purposes: vec![intent.purpose.to_string()],
    }
}

fn operation_view(row: ListedOperation) -> Result<TransactionView, ServiceError> {
    let damaged = |what: String| ServiceError::Store(StoreError::DamagedRow { what });
    let (state, mined) = match row.operation.state {
        OperationState::Live => ("live", None),
        OperationState::Landed(transaction) => ("mined", Some(transaction)),
        OperationState::Reverted(transaction) => ("reverted", Some(transaction)),
        OperationState::Lost => ("superseded", None),
    };
    let executed = row.executed.as_ref().map(|executed| executed.operation.parse());
    let executed = executed
        .transpose()
        .map_err(|_| damaged("an operation's hash".to_owned()))?;
    let stored = operations::read(row.operation).map_err(|error| damaged(error.to_string()))?;
    Ok(TransactionView {
        id: row.id,
        kind: SignedKind::Operation,
        chain: stored.chain,
        sender: stored.account,
        nonce: stored.number(),
        state,
        mined,
        executed,
        paid: row.executed.map(|executed| executed.paid),
        attempts: stored
            .attempts
            .iter()
            .map(|attempt| attempt_view(attempt, stored.chain))
            .collect(),
        created_at: row.created_at,
        settled_at: row.settled_at,
        purposes: stored.purposes.iter().map(ToString::to_string).collect(),
    })
}

fn attempt_view(operation: &UserOperation, chain: ChainId) -> AttemptView {
    AttemptView {
        hash: maci_chain::words::tx_hash(operation.hash(chain)),
        cancels: false,
        offer: Some(operation.offer()),
    }
}

/// The word that operations are stored with, for a word of the list.
fn stored_word(word: &'static str) -> &'static str {
    match word {
        "mined" => "landed",
        "superseded" => "lost",
        same => same,
    }
}
