use maci_chain::account::{Approval, Delegation, Explanation};
use maci_custody::Vault;
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;
use maci_store::{ApprovalRow, Delegations, SessionKeyRow};

use super::accounts::of_account;
use super::{ApprovalRefused, SessionSettings};
use crate::networks::known_chains;
use crate::perform::aside;
use crate::senders::{SenderChoice, SendersError, SendersMeans};
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
    /// Since when it signs nothing, and who paused it.
    pub paused: Option<(Timestamp, String)>,
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
    /// When and how its owner was found to have taken it back on the chain.
    pub revoked: Option<(Timestamp, String)>,
}

/// An approval that its owner took back on the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TakenBack {
    pub(crate) chain: ChainId,
    pub(crate) session: EthAddress,
    pub(crate) account: EthAddress,
    pub(crate) reason: String,
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
        let paused = self.parts.store.pauses().all().await?;
        let mut keys = Vec::new();
        for row in self.rows().keys().await? {
            let known_as = SenderChoice::Session(row.address).to_string();
            let paused = paused.iter().find(|one| one.sender == known_as);
            let approvals = self.rows().approvals(row.address).await?;
            let explained = approvals.into_iter().map(|approval| KeptApproval {
                chain: approval.chain,
                kept: approval.kept,
                by: approval.by,
                explanation: self
                    .checked(row.address, approval.chain, &approval.approval)
                    .map(|delegation| delegation.explain())
                    .map_err(|error| error.to_string()),
                revoked: approval.revoked,
            });
            keys.push(SessionKey {
                approvals: explained.collect(),
                paused: paused.map(|one| (one.since, one.by.clone())),
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
                revoked: None,
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

    /// Refuses an address that is none of this service's session keys.
    ///
    /// # Errors
    /// [`SendersError::NoSuchSessionKey`].
    pub(crate) async fn expect_known(&self, key: EthAddress) -> Result<(), ServiceError> {
        let row = self.rows().key(key).await?;
        row.map(drop)
            .ok_or_else(|| SendersError::NoSuchSessionKey { key }.into())
    }

    /// Asks the chains whether owners took approvals back, remembers it, and answers those that were not known. What
    /// holds after all, because a reorganisation took the taking back, is forgotten again.
    ///
    /// # Errors
    /// When the store fails; a chain that cannot be asked is asked the next time.
    pub(crate) async fn look_for_revocations(&self) -> Result<Vec<TakenBack>, ServiceError> {
        let mut found = Vec::new();
        for key in self.rows().keys().await? {
            for row in self.rows().approvals(key.address).await? {
                let Ok(delegation) = self.checked(row.session, row.chain, &row.approval) else {
                    continue;
                };
                if !self.settings().routes.contains_key(&row.chain) {
                    continue;
                }
                let reason = match self.taken_back(&delegation).await {
                    Ok(reason) => reason,
                    Err(error) => {
                        tracing::warn!(chain = %row.chain, session = %row.session, %error,
                            "whether an approval still holds cannot be told");
                        continue;
                    }
                };
                let now = self.parts.clock.now();
                if self.rows().note_revoked(&row, reason.as_deref(), now).await?
                    && let Some(reason) = reason
                {
                    found.push(TakenBack {
                        chain: row.chain,
                        session: row.session,
                        account: delegation.account(),
                        reason,
                    });
                }
            }
        }
        Ok(found)
    }

    /// How an owner took an approval back on its chain; none if it holds.
    async fn taken_back(&self, delegation: &Delegation) -> Result<Option<String>, ServiceError> {
        let rpc = self.parts.chains.rpc(delegation.chain()).await?;
        match delegation.standing(&rpc).await {
            Ok(_) => Ok(None),
            Err(error) if error.is_revocation() => Ok(Some(error.to_string())),
            Err(error) => Err(of_account("asking whether an approval holds")(error).into()),
        }
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
