use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::http::request::Parts;
use maci_coordinator_core::actor::{Actor, Role};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::caller::Caller;
use super::door::{Asked, Door};
use super::refusal::Refusal;
use crate::limits::{Key, Spending};

/// Whoever is at the other end of a socket: asked once when it opens, and again with everything they want done, because
/// sockets outlive logins. Clones are the same guest.
#[derive(Debug, Clone)]
pub struct Guest {
    /// None where there is no door; then nobody is known.
    door: Option<Door>,
    client: Key,
    handshake: Arc<(Parts, Option<Value>)>,
    caller: Arc<OnceCell<Result<Caller, Refusal>>>,
}

impl Guest {
    /// Whoever opened a socket with this handshake and its `auth` payload. Nothing is looked at yet, so that a socket's
    /// events can be waited for at once.
    #[must_use]
    pub fn at(handshake: &Parts, auth: Option<Value>) -> Self {
        let door = handshake.extensions.get::<Door>().cloned();
        let client = door.as_ref().map_or_else(
            || Key::client(Ipv4Addr::LOCALHOST.into()),
            |door| door.client(&handshake.headers, &handshake.extensions),
        );
        Self {
            door,
            client,
            handshake: Arc::new((handshake.clone(), auth)),
            caller: Arc::default(),
        }
    }

    /// Finds out who it is. Not knowing is no refusal: it is told with the first thing the guest wants done.
    pub async fn caller(&self) -> &Result<Caller, Refusal> {
        self.caller.get_or_init(|| self.identify()).await
    }

    async fn identify(&self) -> Result<Caller, Refusal> {
        let door = self.door.as_ref().ok_or(Refusal::Anonymous)?;
        let (handshake, auth) = &*self.handshake;
        let caller = door.authenticator().authenticate(handshake, auth.as_ref()).await;
        // what was in the headers is noted by the door
        if let (Err(refusal), Some(_)) = (&caller, auth) {
            door.note(self.client, "/socket.io/", refusal)?;
        }
        caller
    }

    /// Whether the guest may see what only people who are logged in see.
    ///
    /// # Errors
    /// Why not.
    pub async fn looks(&self, event: &str) -> Result<(), Refusal> {
        let (door, now) = self.now(event).await?;
        door.count(Spending::Reading, Key::Account(now.address()))?;
        now.at_least(Role::Viewer)
    }

    /// The actor, if the guest may change something now; recorded either way.
    ///
    /// # Errors
    /// Why not.
    pub async fn acts(&self, event: &str) -> Result<Actor, Refusal> {
        let (door, now) = self.now(event).await?;
        door.count(Spending::Acting, Key::Account(now.address()))?;
        let admitted = now.at_least(Role::Operator);
        let outcome = if admitted.is_ok() { "accepted" } else { "refused" };
        door.record(&now, &Asked::event(event), outcome).await;
        admitted.map(|()| now.actor().clone())
    }

    /// Who the guest is at this moment.
    async fn now(&self, event: &str) -> Result<(&Door, Caller), Refusal> {
        let caller = self.caller().await.as_ref().map_err(Clone::clone)?;
        let door = self.door.as_ref().ok_or(Refusal::Anonymous)?;
        let now = door.authenticator().again(caller).await;
        let now = now.inspect_err(|refusal| {
            let _ = door.note(self.client, event, refusal);
        })?;
        Ok((door, now))
    }
}
