use std::collections::BTreeSet;
use std::sync::Arc;

use futures::{FutureExt, StreamExt};
use libp2p_identity::{Keypair, PeerId};
use libp2p_swarm::SwarmEvent;
use tokio::time::timeout;

use super::attend::Blocks;
use super::bounds::STARTING;
use super::driver::Serving;
use super::error::StartError;
use super::network::network;
use super::{Address, Peer, PeerAddress};

/// Where a node is, and whom it asks.
#[derive(Debug, Clone)]
pub struct NodeSettings {
    /// Addresses of this machine, with numbers; port 0 takes any that is free.
    pub listen: Vec<Address>,
    /// Where others reach it, if that is somewhere else: what is told instead of what is listened on.
    pub announce: Vec<Address>,
    /// Those who are asked for what is missing.
    pub peers: Vec<PeerAddress>,
    /// The most connections that others may open, all together.
    pub connections: u32,
}

/// A node that listens.
#[derive(Debug, Clone)]
pub struct Node {
    addresses: Vec<String>,
    peers: Vec<Peer>,
}

impl Node {
    /// Listens, with an identity made of a secret (which is erased). It serves while what is returned beside it runs.
    ///
    /// # Errors
    /// When an address cannot be listened on.
    pub async fn start(
        secret: &mut [u8; 32],
        settings: NodeSettings,
        blocks: Arc<dyn Blocks>,
    ) -> Result<(Self, Serving), StartError> {
        let NodeSettings {
            listen,
            announce,
            peers,
            connections,
        } = settings;
        let key = Keypair::ed25519_from_bytes(secret).map_err(|error| StartError::Key(error.to_string()))?;
        let own = key.public().to_peer_id();
        let asked: BTreeSet<PeerId> = peers.iter().map(|peer| peer.peer).collect();
        let asked: Vec<PeerId> = asked.into_iter().collect();
        let swarm = network(key, connections, &asked)?;
        let (mut serving, shared) = Serving::new(swarm, blocks, peers);
        let heard = timeout(STARTING, listen_on(&mut serving, &listen));
        let heard = heard.await.map_err(|_| StartError::Late {
            seconds: STARTING.as_secs(),
        })??;
        for address in &announce {
            serving.swarm().add_external_address(address.multiaddr().clone());
        }
        let told = if announce.is_empty() { heard } else { announce };
        let node = Self {
            addresses: told.iter().map(|address| address.of(own)).collect(),
            peers: asked.into_iter().map(|id| Peer::new(id, shared.clone())).collect(),
        };
        Ok((node, serving))
    }

    /// Where others reach it, with who it is: what they are given to connect.
    #[must_use]
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// Those who are asked for what is missing.
    #[must_use]
    pub fn peers(&self) -> &[Peer] {
        &self.peers
    }
}

/// Listens on every address, and returns what that came to: with ports, and with an address for each network.
async fn listen_on(serving: &mut Serving, addresses: &[Address]) -> Result<Vec<Address>, StartError> {
    let refuse = |address: &Address, reason: String| StartError::Listen {
        address: address.clone(),
        reason,
    };
    let mut waiting = Vec::new();
    for address in addresses {
        // the library shares a port with whoever else does; nobody is to get half of our connections
        let socket = address
            .socket()
            .ok_or_else(|| refuse(address, "it is a name".to_owned()))?;
        let free = tokio::net::TcpListener::bind(socket).await;
        drop(free.map_err(|error| refuse(address, error.to_string()))?);
        let listener = serving.swarm().listen_on(address.multiaddr().clone());
        waiting.push((listener.map_err(|error| refuse(address, error.to_string()))?, address));
    }
    let mut heard = Vec::new();
    loop {
        let next = serving.swarm().select_next_some();
        let event = if waiting.is_empty() {
            // an address of every network comes with the first one
            let Some(event) = next.now_or_never() else {
                return Ok(heard);
            };
            event
        } else {
            next.await
        };
        if let SwarmEvent::NewListenAddr { listener_id, address } = event {
            waiting.retain(|(listener, _)| *listener != listener_id);
            heard.push(address.into());
        } else if let SwarmEvent::ListenerClosed {
            listener_id,
            reason: Err(error),
            ..
        } = event
        {
            if let Some((_, address)) = waiting.iter().find(|(listener, _)| *listener == listener_id) {
                return Err(refuse(address, error.to_string()));
            }
        } else {
            serving.observe(event);
        }
    }
}
