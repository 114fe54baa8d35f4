use maci_chain::account::Explanation;
use maci_protocol::ids::{ChainId, EthAddress};
use serde_json::json;

use super::{Service, ServiceError};
use crate::actor::{Actor, Role};
use crate::events::EventKind;
use crate::senders::{SenderChoice, SendersError, SessionKey};

impl Service {
    /// Makes a session key; its address is for an account's owner to approve.
    ///
    /// # Errors
    /// When the keys are locked, or the actor is no operator.
    pub async fn make_session_key(&self, actor: &Actor) -> Result<EthAddress, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let made = self.means.senders.keeper().make(actor.name.as_str()).await?;
        let body = json!({ "made": made.address, "expires": made.expires });
        self.means.note(EventKind::SessionKeyChanged, None, body);
        Ok(made.address)
    }

    /// Deletes a session key. What its owner allowed it stays allowed on the chain, where nobody has the key any more.
    ///
    /// # Errors
    /// Code 8 without such a key, or the actor is no operator.
    pub async fn delete_session_key(&self, actor: &Actor, key: EthAddress) -> Result<(), ServiceError> {
        self.admit(actor, Role::Operator)?;
        if !self.means.senders.keeper().delete(key).await? {
            return Err(SendersError::NoSuchSessionKey { key }.into());
        }
        self.means
            .note(EventKind::SessionKeyChanged, None, json!({ "deleted": key }));
        Ok(())
    }

    /// The session keys, with what they were allowed, in words.
    ///
    /// # Errors
    /// When the store fails, or the actor is no operator.
    pub async fn session_keys(&self, actor: &Actor) -> Result<Vec<SessionKey>, ServiceError> {
        self.admit(actor, Role::Operator)?;
        self.means.senders.keeper().list().await
    }

    /// What an approval allows, in words. Nothing is kept.
    ///
    /// # Errors
    /// Code 8 without such a session key, 9 when the approval does not hold.
    pub async fn explain_approval(
        &self,
        actor: &Actor,
        chain: ChainId,
        key: EthAddress,
        approval: &str,
    ) -> Result<Explanation, ServiceError> {
        self.admit(actor, Role::Operator)?;
        let checked = self.means.senders.keeper().check(key, chain, approval).await?;
        Ok(checked.explain())
    }

    /// Keeps what an account's owner allowed a session key on a chain, in the place of what was kept before. From then on
    /// the key's address says who sends.
    ///
    /// # Errors
    /// As [`Self::explain_approval`], or code 10 where session keys cannot be used.
    pub async fn keep_approval(
        &self,
        actor: &Actor,
        chain: ChainId,
        key: EthAddress,
        approval: &str,
    ) -> Result<(SenderChoice, Explanation), ServiceError> {
        self.admit(actor, Role::Operator)?;
        let by = actor.name.as_str();
        let kept = self.means.senders.keeper().keep(key, chain, approval, by).await?;
        let choice = SenderChoice::Session(key);
        self.means.senders.expect(chain, &choice).await?;
        let body = json!({ "approved": key, "chain": chain, "account": kept.account(), "owner": kept.owner() });
        self.means.note(EventKind::SessionKeyChanged, None, body);
        Ok((choice, kept.explain()))
    }
}
