//! Who sends transactions, and what somebody's own wallet is to send.

use maci_protocol::ids::{ChainId, EthAddress, TxHash};
use maci_protocol::time::Timestamp;
use maci_store::{ExportRow, ExportState, Page, Paused};
use serde_json::json;
use uuid::Uuid;

use super::{Service, ServiceError};
use crate::actor::{Actor, Role};
use crate::events::EventKind;
use crate::networks::network_name;
use crate::senders::{ExportView, Limits, SenderChoice, SenderName, SendersError};

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

    /// Has a sender, or a session key, sign nothing until it is let go on, also after a restart. What it signed before may
    /// still be mined.
    ///
    /// # Errors
    /// When there is no such sender, or the actor is no admin.
    pub async fn pause_sender(&self, actor: &Actor, sender: &SenderChoice) -> Result<(), ServiceError> {
        self.admit(actor, Role::Admin)?;
        self.expect_sender(sender).await?;
        let paused = Paused {
            sender: sender.to_string(),
            since: self.means.parts.clock.now(),
            by: actor.name.as_str().to_owned(),
        };
        if self.means.parts.store.pauses().pause(&paused).await? {
            let body = json!({ "sender": sender, "by": actor.name.as_str() });
            self.means.note(EventKind::SenderPaused, None, body);
        }
        Ok(())
    }

    /// Lets a paused sender go on.
    ///
    /// # Errors
    /// As [`Self::pause_sender`].
    pub async fn resume_sender(&self, actor: &Actor, sender: &SenderChoice) -> Result<(), ServiceError> {
        self.admit(actor, Role::Admin)?;
        self.expect_sender(sender).await?;
        if self.means.parts.store.pauses().resume(&sender.to_string()).await? {
            let body = json!({ "sender": sender, "by": actor.name.as_str() });
            self.means.note(EventKind::SenderResumed, None, body);
        }
        Ok(())
    }

    async fn expect_sender(&self, sender: &SenderChoice) -> Result<(), ServiceError> {
        match sender {
            SenderChoice::Named(name) => Ok(self.means.senders.settings().get(name).map(drop)?),
            SenderChoice::Session(key) => self.means.senders.keeper().expect_known(*key).await,
            SenderChoice::ChainDefault => Err(SendersError::NoOneInParticular.into()),
        }
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
