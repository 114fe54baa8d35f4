use bytes::Bytes;
use cid::Cid;
use maci_protocol::files::RelayedBatch;
use maci_protocol::ids::PollRef;

use super::{PublicationView, Service, ServiceError};
use crate::actor::{Actor, Role};
use crate::ipfs::{Block, PinCount, Published};

impl Service {
    /// Where a poll's whole result is published; none before the poll is final.
    ///
    /// # Errors
    /// [`ServiceError::NotPublished`], or the store fails.
    pub async fn publication(&self, poll: PollRef) -> Result<PublicationView, ServiceError> {
        let store = &self.means.parts.store;
        let known = store.publications().get(&poll).await?;
        let known = known.ok_or(ServiceError::NotPublished { poll })?;
        let root: Cid = known.root.parse().map_err(|error| ServiceError::Damaged {
            what: format!("the publication of {poll}"),
            reason: format!("{error}"),
        })?;
        Ok(PublicationView {
            root,
            published: known.published,
            pins: store.pins().of(&known.root).await?,
            addresses: self.means.ipfs.addresses().to_vec(),
        })
    }

    /// Publishes a poll's whole result now, if the poll is final. Doing it again changes nothing.
    ///
    /// # Errors
    /// What is missing, or the actor is no operator.
    pub async fn publish(&self, actor: &Actor, poll: PollRef) -> Result<PublicationView, ServiceError> {
        self.admit(actor, Role::Operator)?;
        self.means.publish(poll).await?;
        self.publication(poll).await
    }

    /// Takes in a batch of relayed messages that somebody has kept, and publishes it again.
    ///
    /// # Errors
    /// When it is no batch, or the actor is no operator.
    pub async fn import_batch(&self, actor: &Actor, bytes: Bytes) -> Result<Published, ServiceError> {
        self.admit(actor, Role::Operator)?;
        RelayedBatch::parse(&bytes).map_err(|error| ServiceError::Invalid {
            reason: error.to_string(),
        })?;
        let cid = self
            .means
            .ipfs
            .publish(&Block::json(bytes), "relayed messages, imported")
            .await?;
        self.content(&cid).await
    }

    /// How many pins there are, by target and state.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pins(&self) -> Result<Vec<PinCount>, ServiceError> {
        Ok(self.means.parts.store.pins().counts().await?)
    }

    /// What is known of something published here.
    ///
    /// # Errors
    /// [`ServiceError::NoSuchContent`], or the store fails.
    pub async fn content(&self, cid: &Cid) -> Result<Published, ServiceError> {
        let state = self.means.ipfs.state(cid).await?;
        state.ok_or_else(|| ServiceError::NoSuchContent { cid: cid.to_string() })
    }
}
