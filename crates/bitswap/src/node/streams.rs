use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll};

use libp2p_core::transport::PortUse;
use libp2p_core::upgrade::ReadyUpgrade;
use libp2p_core::{Endpoint, Multiaddr};
use libp2p_identity::PeerId;
use libp2p_swarm::handler::{ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound};
use libp2p_swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm, NetworkBehaviour,
    NotifyHandler, Stream, StreamProtocol, StreamUpgradeError, SubstreamProtocol, ToSwarm,
};
use tokio::sync::oneshot;

/// What is spoken.
const PROTOCOL: StreamProtocol = StreamProtocol::new("/ipfs/bitswap/1.2.0");

/// Somebody who waits for a stream.
pub(super) struct Opening(pub(super) oneshot::Sender<Result<Stream, String>>);

impl Opening {
    pub(super) fn fail(self, reason: impl Into<String>) {
        // whoever waited may have gone
        let _ = self.0.send(Err(reason.into()));
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening")
    }
}

/// A stream that somebody else has opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) peer: PeerId,
    pub(super) stream: Stream,
}

/// Streams of our protocol on every connection.
#[derive(Debug, Default)]
pub(super) struct Streams(VecDeque<ToSwarm<Opened, Opening>>);

impl Streams {
    /// Opens a stream to somebody who is connected.
    pub(super) fn open(&mut self, peer_id: PeerId, opening: Opening) {
        self.0.push_back(ToSwarm::NotifyHandler {
            peer_id,
            handler: NotifyHandler::Any,
            event: opening,
        });
    }
}

impl NetworkBehaviour for Streams {
    type ConnectionHandler = Handler;
    type ToSwarm = Opened;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(Handler::default())
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(Handler::default())
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(&mut self, peer: PeerId, _: ConnectionId, stream: Stream) {
        self.0.push_back(ToSwarm::GenerateEvent(Opened { peer, stream }));
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Opened, Opening>> {
        // whatever is put here is put by whoever polls next
        self.0.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

/// The streams of one connection.
#[derive(Debug, Default)]
pub(super) struct Handler {
    opening: VecDeque<Opening>,
    opened: VecDeque<Stream>,
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Opening;
    type ToBehaviour = Stream;
    type InboundProtocol = ReadyUpgrade<StreamProtocol>;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Opening;

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(ReadyUpgrade::new(PROTOCOL), ())
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, Opening, Stream>> {
        if let Some(stream) = self.opened.pop_front() {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(stream));
        }
        let Some(opening) = self.opening.pop_front() else {
            return Poll::Pending;
        };
        Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest {
            protocol: SubstreamProtocol::new(ReadyUpgrade::new(PROTOCOL), opening),
        })
    }

    fn on_behaviour_event(&mut self, opening: Opening) {
        self.opening.push_back(opening);
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<'_, Self::InboundProtocol, Self::OutboundProtocol, (), Opening>,
    ) {
        if let ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound { protocol, .. }) = event {
            self.opened.push_back(protocol);
        } else if let ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound { protocol, info }) = event {
            // whoever waited may have gone
            let _ = info.0.send(Ok(protocol));
        } else if let ConnectionEvent::DialUpgradeError(DialUpgradeError { info, error }) = event {
            info.fail(match error {
                StreamUpgradeError::Timeout => "it opened no stream in time".to_owned(),
                StreamUpgradeError::NegotiationFailed => format!("it does not speak {PROTOCOL}"),
                StreamUpgradeError::Io(error) => error.to_string(),
                StreamUpgradeError::Apply(never) => match never {},
            });
        }
    }
}
