use maci_chain::account::{Approval, Delegation, Explanation};
use maci_custody::Vault;
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;
use maci_store::{ApprovalRow, Delegations, SessionKeyRow};

use super::{ApprovalRefused, SessionSettings};
use crate::networks::known_chains;
use crate::perform::aside;
use crate::senders::{SendersError, SendersMeans};
use crate::service::ServiceError;

/// A session key of this service, without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionKey {
    /// Its address.
    pub address: EthAddress,
    /// When it was made.
    pub made: Timestamp,
    /// Who asked for it.
    pub by: String,
    /// From then on it signs nothing.
    pub expires: Timestamp,
    /// What owners of accounts allowed it, a chain each.
    pub approvals: Vec<KeptApproval>,
}

/// What an owner allowed a session key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptApproval {
    /// The chain.
    pub chain: ChainId,
    /// Since when it is kept.
    pub kept: Timestamp,
    /// Who gave it.
    pub by: String,
    /// What it allows; why it is not used any more, if it is not.
    pub explanation: Result<Explanation, String>,
}

/// Makes session keys, and keeps what owners allow them.
#[derive(Debug, Clone)]
pub(crate) struct Keeper {
    parts: SendersMeans,
}

impl Keeper {
    pub(crate) fn new(parts: SendersMeans) -> Self {
        Self { parts }
    }

    /// Makes a session key.
    ///
    /// # Errors
    /// When the keys are locked, or it cannot be kept.
    pub(crate) async fn make(&self, by: &str) -> Result<SessionKeyRow, ServiceError> {
        let keys = self.parts.keys.clone();
        let address = aside(move || keys.create_session_key()).await??;
        let made = self.parts.clock.now();
        let row = SessionKeyRow {
            address,
            made,
            by: by.to_owned(),
            expires: made.after(self.settings().lifetime),
        };
        self.rows().add_key(&row).await?;
        Ok(row)
    }

    /// Deletes a session key and forgets what it was allowed. False if there is none.
    ///
    /// # Errors
    /// When it cannot be deleted.
    pub(crate) async fn delete(&self, address: EthAddress) -> Result<bool, ServiceError> {
        let keys = self.parts.keys.clone();
        let file = aside(move || keys.delete_session_key(address)).await??;
        let row = self.rows().forget_key(address).await?;
        Ok(file || row)
    }

    /// The session keys, with what they were allowed.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn list(&self) -> Result<Vec<SessionKey>, ServiceError> {
        let mut keys = Vec::new();
        for row in self.rows().keys().await? {
            let approvals = self.rows().approvals(row.address).await?;
            let explained = approvals.into_iter().map(|approval| KeptApproval {
                chain: approval.chain,
                kept: approval.kept,
                by: approval.by,
                explanation: self
                    .checked(row.address, approval.chain, &approval.approval)
                    .map(|delegation| delegation.explain())
                    .map_err(|error| error.to_string()),
            });
            keys.push(SessionKey {
                approvals: explained.collect(),
                address: row.address,
                made: row.made,
                by: row.by,
                expires: row.expires,
            });
        }
        Ok(keys)
    }

    /// Checks an approval as it will be checked when it is kept.
    ///
    /// # Errors
    /// [`SendersError::NoSessionKey`], or why the approval is refused.
    pub(crate) async fn check(
        &self,
        session: EthAddress,
        chain: ChainId,
        approval: &str,
    ) -> Result<Delegation, ServiceError> {
        self.expect_key(session, chain).await?;
        let delegation = self.checked(session, chain, approval).map_err(SendersError::from)?;
        self.expect_terms(&delegation).map_err(SendersError::from)?;
        if let Some(kept) = self.rows().approval(session, chain).await?
            && kept.approval.trim() != approval.trim()
            && let Ok(before) = Approval::parse(&kept.approval)
            && before.birth.address() != delegation.approval().birth.address()
        {
            let refused = ApprovalRefused::OtherAccount {
                session,
                kept: maci_chain::words::eth_address(before.account),
                given: delegation.account(),
            };
            return Err(SendersError::from(refused).into());
        }
        Ok(delegation)
    }

    /// Checks an approval and keeps it. Keeping the same one again changes nothing.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub(crate) async fn keep(
        &self,
        session: EthAddress,
        chain: ChainId,
        approval: &str,
        by: &str,
    ) -> Result<Delegation, ServiceError> {
        let delegation = self.check(session, chain, approval).await?;
        let text = approval.trim();
        let before = self.rows().approval(session, chain).await?;
        if before.is_none_or(|before| before.approval != text) {
            let row = ApprovalRow {
                session,
                chain,
                approval: text.to_owned(),
                kept: self.parts.clock.now(),
                by: by.to_owned(),
            };
            self.rows().keep(&row).await?;
        }
        Ok(delegation)
    }

    /// What is kept for a session key on a chain, checked again: its time may be over by now.
    ///
    /// # Errors
    /// [`SendersError::NoSessionKey`], or why the approval is not used any more.
    pub(crate) async fn kept(&self, session: EthAddress, chain: ChainId) -> Result<Delegation, ServiceError> {
        self.expect_key(session, chain).await?;
        let kept = self.rows().approval(session, chain).await?;
        let kept = kept.ok_or(SendersError::NoSessionKey { key: session, chain })?;
        Ok(self
            .checked(session, chain, &kept.approval)
            .map_err(SendersError::from)?)
    }

    async fn expect_key(&self, session: EthAddress, chain: ChainId) -> Result<(), ServiceError> {
        let row = self.rows().key(session).await?;
        let row = row.ok_or(SendersError::NoSessionKey { key: session, chain })?;
        if row.expires <= self.parts.clock.now() {
            let ended = row.expires;
            return Err(SendersError::from(ApprovalRefused::KeyExpired { session, ended }).into());
        }
        Ok(())
    }

    fn checked(&self, session: EthAddress, chain: ChainId, approval: &str) -> Result<Delegation, ApprovalRefused> {
        let approval = Approval::parse(approval)?;
        let (now, others) = (self.parts.clock.now(), known_chains());
        Ok(Delegation::check(approval, session, chain, now, &others)?)
    }

    fn expect_terms(&self, delegation: &Delegation) -> Result<(), ApprovalRefused> {
        let (settings, owner) = (self.settings(), delegation.owner());
        if settings.owners.as_ref().is_some_and(|owners| !owners.contains(&owner)) {
            return Err(ApprovalRefused::OtherOwner { owner });
        }
        Ok(delegation.expect(settings.terms, self.parts.clock.now())?)
    }

    fn settings(&self) -> &SessionSettings {
        &self.parts.settings.sessions
    }

    fn rows(&self) -> Delegations {
        self.parts.store.delegations()
    }

    pub(super) fn keys(&self) -> Vault {
        self.parts.keys.clone()
    }
}
