//! Who sends transactions, and what they sent.

use maci_chain::send::{Offer, Purpose};
use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use maci_store::{ExportRow, ExportState, IntentFilter, IntentRow, Page, Paid, Paused};
use serde_json::json;
use uuid::Uuid;

use super::{Service, ServiceError};
use crate::actor::{Actor, Role};
use crate::events::EventKind;
use crate::intents::read;
use crate::networks::network_name;
use crate::senders::{ExportView, Limits, SenderName, SendersError};

/// A sender, as it is told.
#[derive(Debug, Clone)]
pub struct SenderView {
    /// Its name.
    pub name: SenderName,
    /// What signs: `gas`, `keystore`, `aws-kms`, `gcp-kms`, `ledger`, `remote`, `session` or `export`.
    pub kind: &'static str,
    /// Who paused it, and when.
    pub paused: Option<(Timestamp, String)>,
    /// What it may spend.
    pub limits: Limits,
    /// How it stands on the described chains it may send on.
    pub chains: Vec<SenderOnChain>,
}

/// A sender on a chain.
#[derive(Debug, Clone)]
pub struct SenderOnChain {
    /// The chain.
    pub chain: ChainId,
    /// Its name.
    pub chain_name: String,
    /// Whether it sends there where nobody is chosen.
    pub is_default: bool,
    /// Its address, once it is known.
    pub address: Option<EthAddress>,
    /// What it has, in wei.
    pub balance: Option<String>,
    /// Whether that is less than somebody should be told of.
    pub is_low: bool,
    /// Why address or balance cannot be told.
    pub error: Option<String>,
}

/// A transaction, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionView {
    /// Its id.
    pub id: Uuid,
    /// The chain.
    pub chain: ChainId,
    /// What it is for.
    pub purpose: Purpose,
    /// Who signed.
    pub sender: EthAddress,
    /// Its nonce.
    pub nonce: u64,
    /// `live`, `mined`, `reverted`, `superseded` or `cancelled`.
    pub state: &'static str,
    /// The attempt that was mined.
    pub mined: Option<TxHash>,
    /// What that has cost.
    pub paid: Option<Paid>,
    /// Everything that was signed for it, the oldest first.
    pub attempts: Vec<AttemptView>,
    /// When it was signed first.
    pub created_at: Timestamp,
    /// When it was found mined, superseded or called off.
    pub settled_at: Option<Timestamp>,
}

/// One of the transactions signed with the same nonce.
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
    /// Every sender, with its addresses and balances on the described chains.
    ///
    /// # Errors
    /// When the store fails; what cannot be asked is told beside the sender.
    pub async fn senders(&self) -> Result<Vec<SenderView>, ServiceError> {
        let paused = self.means.parts.store.pauses().all().await?;
        let settings = self.means.senders.settings();
        let mut views = Vec::new();
        for name in settings.names() {
            let own = settings.get(&name)?;
            let paused = paused.iter().find(|one| one.sender == name.as_str());
            let chains = self.means.parts.chains.described();
            let chains = chains.filter(|chain| own.chains.is_empty() || own.chains.contains(chain));
            let chains = chains.map(|chain| self.sender_on(chain, &name, own.limits));
            views.push(SenderView {
                kind: own.kind.word(),
                paused: paused.map(|one| (one.since, one.by.clone())),
                limits: own.limits,
                chains: futures::future::join_all(chains).await,
                name,
            });
        }
        Ok(views)
    }

    async fn sender_on(&self, chain: ChainId, name: &SenderName, limits: Limits) -> SenderOnChain {
        let senders = &self.means.senders;
        let patience = std::time::Duration::from_secs(10);
        let asked = tokio::time::timeout(patience, senders.balance(chain, name)).await;
        let (found, error) = match asked {
            Ok(Ok(found)) => (found, None),
            Ok(Err(error)) => (None, Some(error.to_string())),
            Err(_) => (None, Some("no answer within 10 seconds".to_owned())),
        };
        SenderOnChain {
            chain,
            chain_name: network_name(chain),
            is_default: senders.settings().default_on(chain) == *name,
            address: found
                .map(|(address, _)| address)
                .or_else(|| senders.known_address(chain, name)),
            is_low: found.is_some_and(|(_, wei)| u128::try_from(wei).is_ok_and(|wei| wei < limits.warn_below)),
            balance: found.map(|(_, wei)| wei.to_string()),
            error,
        }
    }

    /// Has a sender sign nothing until it is let go on, also after a restart. What it signed before may still be mined.
    ///
    /// # Errors
    /// When there is no such sender, or the actor is no admin.
    pub async fn pause_sender(&self, actor: &Actor, name: &SenderName) -> Result<(), ServiceError> {
        self.admit(actor, Role::Admin)?;
        self.means.senders.settings().get(name)?;
        let paused = Paused {
            sender: name.to_string(),
            since: self.means.parts.clock.now(),
            by: actor.name.as_str().to_owned(),
        };
        if self.means.parts.store.pauses().pause(&paused).await? {
            let body = json!({ "sender": name, "by": actor.name.as_str() });
            self.means.note(EventKind::SenderPaused, None, body);
        }
        Ok(())
    }

    /// Lets a paused sender go on.
    ///
    /// # Errors
    /// As [`Self::pause_sender`].
    pub async fn resume_sender(&self, actor: &Actor, name: &SenderName) -> Result<(), ServiceError> {
        self.admit(actor, Role::Admin)?;
        self.means.senders.settings().get(name)?;
        if self.means.parts.store.pauses().resume(name.as_str()).await? {
            let body = json!({ "sender": name, "by": actor.name.as_str() });
            self.means.note(EventKind::SenderResumed, None, body);
        }
        Ok(())
    }

    /// Transactions, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn transactions(&self, query: TransactionQuery) -> Result<Vec<TransactionView>, ServiceError> {
        let filter = IntentFilter {
            chain: query.chain,
            sender: query.sender,
            state: query.state,
        };
        let page = Page {
            after: query.before,
            limit: query.limit.unwrap_or(PAGE),
        };
        let rows = self.means.parts.store.intents().list(&filter, page).await?;
        Ok(rows.into_iter().map(transaction_view).collect())
    }

    /// A transaction.
    ///
    /// # Errors
    /// [`SendersError::NoSuchTransaction`].
    pub async fn transaction(&self, id: Uuid) -> Result<TransactionView, ServiceError> {
        Ok(transaction_view(self.intent_row(id).await?))
    }

    /// Offers more for a transaction that waits to be mined.
    ///
    /// # Errors
    /// When it does not wait any more, the fee cap has no room, or the actor is no operator.
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
        let row = self.intent_row(id).await?;
        let intent = read(row.intent);
        if intent.state.mined().is_some() {
            let purpose = intent.purpose;
            return Err(SendersError::from(maci_chain::send::SendError::Over { purpose }).into());
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

    async fn intent_row(&self, id: Uuid) -> Result<IntentRow, ServiceError> {
        let found = self.means.parts.store.intents().get(id).await?;
        found.ok_or_else(|| SendersError::NoSuchTransaction { id }.into())
    }

    /// Calls that somebody's own wallet is to send, the newest first; those that wait, or all.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn exports(&self, waiting: bool, before: Option<Uuid>) -> Result<Vec<ExportView>, ServiceError> {
        let page = Page {
            after: before,
            limit: PAGE,
        };
        let state = waiting.then_some(ExportState::Waiting);
        let rows = self.means.parts.store.exports().list(state, page).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Says which transaction a wallet sent for exported calls. It is compared with them once it is mined.
    ///
    /// # Errors
    /// When one of them does not wait any more, or the actor is no operator.
    pub async fn exports_sent(
        &self,
        actor: &Actor,
        ids: &[Uuid],
        transaction: TxHash,
    ) -> Result<Vec<ExportView>, ServiceError> {
        self.admit(actor, Role::Operator)?;
        for id in ids {
            self.waiting_export(*id).await?;
        }
        let mut views = Vec::with_capacity(ids.len());
        for id in ids {
            let sent = (ExportState::Sent, Some(transaction), None);
            views.push(self.change_export(*id, sent).await?);
        }
        Ok(views)
    }

    /// Takes an exported call back.
    ///
    /// # Errors
    /// As [`Self::exports_sent`].
    pub async fn withdraw_export(&self, actor: &Actor, id: Uuid) -> Result<ExportView, ServiceError> {
        self.admit(actor, Role::Operator)?;
        self.change_export(id, (ExportState::Withdrawn, None, None)).await
    }

    async fn change_export(
        &self,
        id: Uuid,
        to: (ExportState, Option<TxHash>, Option<String>),
    ) -> Result<ExportView, ServiceError> {
        let (exports, now) = (self.means.parts.store.exports(), self.means.parts.clock.now());
        self.waiting_export(id).await?;
        exports.change(id, ExportState::Waiting, to, now).await?;
        let row = exports.get(id).await?.ok_or(SendersError::NoSuchExport { id })?;
        Ok(row.into())
    }

    async fn waiting_export(&self, id: Uuid) -> Result<ExportRow, ServiceError> {
        let found = self.means.parts.store.exports().get(id).await?;
        let row = found.ok_or(SendersError::NoSuchExport { id })?;
        if row.state == ExportState::Waiting {
            return Ok(row);
        }
        let state = row.state.word();
        Err(SendersError::ExportOver { id, state }.into())
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
        chain: intent.chain,
        sender: intent.sender,
        nonce: intent.nonce,
        state,
        mined: intent.state.mined(),
        paid: row.paid,
        attempts: attempts.collect(),
        created_at: row.created_at,
        settled_at: row.settled_at,
        purpose: intent.purpose,
    }
}
