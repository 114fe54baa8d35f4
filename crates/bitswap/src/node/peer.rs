use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use cid::Cid;
use futures::io::AsyncWriteExt;
use libp2p_identity::PeerId;
use tokio::sync::oneshot;

use super::driver::Shared;
use super::error::Miss;
use super::frame;
use super::wants::Outcome;
use crate::message::{Message, digest_of};

/// Somebody who is asked for blocks. Clones are the same.
#[derive(Clone)]
pub struct Peer {
    id: PeerId,
    name: Arc<str>,
    shared: Arc<Shared>,
}

/// A want that is taken back when nobody waits for it any longer.
struct Wanted<'a> {
    peer: &'a Peer,
    cid: &'a Cid,
    digest: [u8; 32],
    outcome: oneshot::Receiver<Outcome>,
    has_come: bool,
}

impl Peer {
    pub(super) fn new(id: PeerId, shared: Arc<Shared>) -> Self {
        Self {
            id,
            name: id.to_string().into(),
            shared,
        }
    }

    #[cfg(test)]
    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Its identity, by which it is named in logs and errors.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A block, whose bytes hash to what the identifier says. Waits until it is there or the peer says that it does not
    /// have it: whoever wants to wait for less drops this.
    ///
    /// # Errors
    /// When the peer does not have it, gives something else, or cannot be reached.
    pub async fn block(&self, cid: &Cid) -> Result<Bytes, Miss> {
        let digest = digest_of(cid).ok_or(Miss::Uncheckable)?;
        let _turn = self.shared.asking.acquire().await.map_err(|_| Miss::Stopping)?;
        let mut stream = self.shared.open(self.id).await.map_err(Miss::Unreachable)?;
        let mut wanted = Wanted {
            peer: self,
            cid,
            digest,
            outcome: self.shared.wants.note(&self.id, digest),
            has_come: false,
        };
        let unreachable = |error: &dyn fmt::Display| Miss::Unreachable(error.to_string());
        frame::write(&mut stream, &Message::asking(*cid))
            .await
            .map_err(|error| unreachable(&error))?;
        stream.close().await.map_err(|error| unreachable(&error))?;
        let outcome = (&mut wanted.outcome).await.unwrap_or(Err(Miss::Stopping));
        wanted.has_come = outcome.is_ok();
        outcome
    }
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        self.outcome.close();
        let Peer { id, shared, .. } = self.peer;
        let others_wait = shared.wants.forget(id, &self.digest);
        if !self.has_come && !others_wait {
            shared.cancel(*id, *self.cid);
        }
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Peer({})", self.name)
    }
}
