use libp2p_connection_limits::{self as connection_limits, ConnectionLimits};
use libp2p_core::Transport;
use libp2p_core::upgrade::Version;
use libp2p_identify as identify;
use libp2p_identity::{Keypair, PeerId};
use libp2p_swarm::{Config, NetworkBehaviour, Swarm};
use libp2p_tcp as tcp;

use super::bounds::{SHAKING_HANDS, SILENCE, UNSPOKEN};
use super::error::StartError;
use super::streams::Streams;

/// Connections of one peer.
const PER_PEER: u32 = 4;

/// Connections on which nobody has proved yet who they are.
const PENDING: u32 = 32;

/// What is said on connections.
#[derive(NetworkBehaviour)]
#[behaviour(prelude = "libp2p_swarm::derive_prelude")]
pub(super) struct Network {
    limits: connection_limits::Behaviour,
    /// Who we are and what we speak: others ask only those who say that they speak it.
    identify: identify::Behaviour,
    pub(super) streams: Streams,
}

/// Connections, bounded for everybody but those whom we ask.
pub(super) fn network(key: Keypair, connections: u32, asked: &[PeerId]) -> Result<Swarm<Network>, StartError> {
    let limits = ConnectionLimits::default()
        .with_max_pending_incoming(Some(PENDING))
        .with_max_established_incoming(Some(connections))
        .with_max_established_per_peer(Some(PER_PEER));
    let mut limits = connection_limits::Behaviour::new(limits);
    asked.iter().for_each(|peer| limits.bypass_peer_id(peer));
    // no addresses of others are kept: those whom we ask are in the settings
    let identify = identify::Config::new("ipfs/0.1.0".to_owned(), key.public())
        .with_agent_version(concat!("maci-coordinator/", env!("CARGO_PKG_VERSION")).to_owned())
        .with_cache_size(0);
    let network = Network {
        limits,
        identify: identify::Behaviour::new(identify),
        streams: Streams::default(),
    };
    let noise = libp2p_noise::Config::new(&key).map_err(|error| StartError::Transport(error.to_string()))?;
    let transport = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true))
        .upgrade(Version::V1Lazy)
        .authenticate(noise)
        .multiplex(libp2p_yamux::Config::default())
        .timeout(SHAKING_HANDS)
        .boxed();
    let config = Config::with_tokio_executor()
        .with_idle_connection_timeout(SILENCE)
        .with_max_negotiating_inbound_streams(UNSPOKEN);
    Ok(Swarm::new(transport, network, key.public().to_peer_id(), config))
}
