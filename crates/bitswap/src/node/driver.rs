use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use cid::Cid;
use futures::StreamExt;
use futures::io::AsyncWriteExt;
use libp2p_core::Multiaddr;
use libp2p_identity::PeerId;
use libp2p_swarm::dial_opts::DialOpts;
use libp2p_swarm::{DialError, Stream, Swarm, SwarmEvent};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::attend::{Blocks, attend};
use super::bounds::{ALL_STREAMS, ASKED_AT_ONCE, ORDERS, READ_AT_ONCE, STREAMS, WRITING};
use super::frame;
use super::network::{Network, NetworkEvent};
use super::streams::{Opened, Opening};
use super::wants::Wants;
use super::{Address, PeerAddress};
use crate::message::Message;

/// What everything of a node shares.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) blocks: Arc<dyn Blocks>,
    pub(super) wants: Wants,
    /// How much may be asked for at once.
    pub(super) asking: Semaphore,
    orders: mpsc::Sender<Order>,
}

/// What the driver is told to do.
#[derive(Debug)]
enum Order {
    /// Open a stream; connect first to somebody whom we ask.
    Open { peer: PeerId, opening: Opening },
    /// Tell a peer that a block is wanted no longer.
    Cancel { peer: PeerId, cid: Cid },
}

/// Something that ran beside.
enum Done {
    Attended(PeerId),
    LookedUp(PeerId, Vec<Multiaddr>),
    Cancelled,
}

/// The streams that one peer has opened.
struct Guest {
    streams: usize,
    turns: Arc<Semaphore>,
}

/// Somebody whom we ask.
#[derive(Default)]
struct Asked {
    addresses: Vec<Address>,
    waiting: Vec<Opening>,
    is_dialled: bool,
}

/// The loop that owns all connections. They are closed when it is dropped.
#[must_use = "nothing is served unless it runs"]
pub struct Serving {
    swarm: Swarm<Network>,
    shared: Arc<Shared>,
    orders: mpsc::Receiver<Order>,
    beside: JoinSet<Done>,
    guests: HashMap<PeerId, Guest>,
    asked: HashMap<PeerId, Asked>,
}

impl Shared {
    /// A stream to a peer.
    pub(super) async fn open(&self, peer: PeerId) -> Result<Stream, String> {
        let (tell, opened) = oneshot::channel();
        let order = Order::Open {
            peer,
            opening: Opening(tell),
        };
        let opening = async {
            let sent = self.orders.send(order).await;
            sent.map_err(|_| "this node is stopping".to_owned())?;
            opened
                .await
                .unwrap_or_else(|_| Err("the connection was closed".to_owned()))
        };
        let late = |_| Err(format!("it opened no stream within {} seconds", WRITING.as_secs()));
        timeout(WRITING, opening).await.unwrap_or_else(late)
    }

    /// Tells a peer, if there is time for that, that a block is wanted no longer.
    pub(super) fn cancel(&self, peer: PeerId, cid: Cid) {
        let _ = self.orders.try_send(Order::Cancel { peer, cid });
    }
}

impl Serving {
    pub(super) fn new(swarm: Swarm<Network>, blocks: Arc<dyn Blocks>, peers: Vec<PeerAddress>) -> (Self, Arc<Shared>) {
        let (orders, taken) = mpsc::channel(ORDERS);
        let mut asked: HashMap<PeerId, Asked> = HashMap::new();
        for PeerAddress { peer, address } in peers {
            asked.entry(peer).or_default().addresses.push(address);
        }
        let names: Vec<PeerId> = asked.keys().copied().collect();
        let shared = Arc::new(Shared {
            blocks,
            wants: Wants::of(&names),
            asking: Semaphore::new(ASKED_AT_ONCE),
            orders,
        });
        let serving = Self {
            swarm,
            shared: shared.clone(),
            orders: taken,
            beside: JoinSet::new(),
            guests: HashMap::new(),
            asked,
        };
        (serving, shared)
    }

    pub(super) fn swarm(&mut self) -> &mut Swarm<Network> {
        &mut self.swarm
    }

    /// Serves and asks until it is dropped. Those whom we ask are connected to at once, so that they can ask us.
    pub async fn run(mut self) {
        let peers: Vec<PeerId> = self.asked.keys().copied().collect();
        peers.into_iter().for_each(|peer| self.dial(peer));
        loop {
            tokio::select! {
                event = self.swarm.select_next_some() => self.observe(event),
                Some(order) = self.orders.recv() => self.follow(order),
                Some(done) = self.beside.join_next() => {
                    if let Ok(done) = done {
                        self.finish(done);
                    }
                }
            }
        }
    }

    pub(super) fn observe(&mut self, event: SwarmEvent<NetworkEvent>) {
        if let SwarmEvent::Behaviour(NetworkEvent::Streams(opened)) = event {
            self.take(opened);
        } else if let SwarmEvent::ConnectionEstablished { peer_id, .. } = event {
            tracing::debug!(peer = %peer_id, "connected");
            if let Some(asked) = self.asked.get_mut(&peer_id) {
                asked.is_dialled = false;
                let streams = &mut self.swarm.behaviour_mut().streams;
                asked
                    .waiting
                    .drain(..)
                    .for_each(|opening| streams.open(peer_id, opening));
            }
        } else if let SwarmEvent::OutgoingConnectionError {
            peer_id: Some(peer),
            error,
            ..
        } = event
        {
            self.give_up(peer, &reason(&error));
        } else if let SwarmEvent::ListenerError { error, .. } = event {
            tracing::warn!(%error, "a connection could not be taken");
        }
    }

    /// A stream that somebody has opened; those that have too many lose it.
    fn take(&mut self, Opened { peer, stream }: Opened) {
        let own = self.guests.get(&peer).map_or(0, |guest| guest.streams);
        if own >= STREAMS || self.beside.len() >= ALL_STREAMS {
            tracing::debug!(%peer, "a stream was dropped: there are too many");
            return;
        }
        let guest = self.guests.entry(peer).or_insert_with(|| Guest {
            streams: 0,
            turns: Arc::new(Semaphore::new(READ_AT_ONCE)),
        });
        guest.streams += 1;
        let (turns, shared) = (guest.turns.clone(), self.shared.clone());
        self.beside.spawn(async move {
            attend(peer, stream, turns, shared).await;
            Done::Attended(peer)
        });
    }

    fn follow(&mut self, order: Order) {
        match order {
            Order::Open { peer, opening } if self.swarm.is_connected(&peer) => {
                self.swarm.behaviour_mut().streams.open(peer, opening);
            }
            Order::Open { peer, opening } => match self.asked.get_mut(&peer) {
                Some(asked) => {
                    asked.waiting.push(opening);
                    self.dial(peer);
                }
                None => opening.fail("the connection was closed"),
            },
            Order::Cancel { peer, cid } if self.swarm.is_connected(&peer) => {
                let shared = self.shared.clone();
                self.beside.spawn(async move {
                    if let Ok(mut stream) = shared.open(peer).await
                        && frame::write(&mut stream, &Message::cancelling(cid)).await.is_ok()
                    {
                        let _ = stream.close().await;
                    }
                    Done::Cancelled
                });
            }
            // it has forgotten by itself
            Order::Cancel { .. } => {}
        }
    }

    fn finish(&mut self, done: Done) {
        match done {
            Done::Attended(peer) => {
                let Some(guest) = self.guests.get_mut(&peer) else {
                    return;
                };
                guest.streams = guest.streams.saturating_sub(1);
                if guest.streams == 0 {
                    self.guests.remove(&peer);
                }
            }
            Done::LookedUp(peer, addresses) if addresses.is_empty() => self.give_up(peer, "its name is not known"),
            Done::LookedUp(peer, addresses) => {
                let dialled = self.swarm.dial(DialOpts::peer_id(peer).addresses(addresses).build());
                if let Err(error) = dialled {
                    self.give_up(peer, &reason(&error));
                }
            }
            Done::Cancelled => {}
        }
    }

    /// Connects to somebody whom we ask, unless that is under way.
    fn dial(&mut self, peer: PeerId) {
        let Some(asked) = self.asked.get_mut(&peer).filter(|asked| !asked.is_dialled) else {
            return;
        };
        asked.is_dialled = true;
        let addresses = asked.addresses.clone();
        self.beside.spawn(async move {
            let looked_up = futures::future::join_all(addresses.iter().map(Address::looked_up)).await;
            Done::LookedUp(peer, looked_up.concat())
        });
    }

    /// Lets nobody wait any longer for a connection. If there is one by now, it is used.
    fn give_up(&mut self, peer: PeerId, reason: &str) {
        let is_connected = self.swarm.is_connected(&peer);
        let Some(asked) = self.asked.get_mut(&peer) else {
            return;
        };
        asked.is_dialled = false;
        if !is_connected {
            tracing::info!(%peer, reason, "a peer cannot be reached; it is tried again when it is asked for something");
        }
        for opening in asked.waiting.drain(..) {
            if is_connected {
                self.swarm.behaviour_mut().streams.open(peer, opening);
            } else {
                opening.fail(reason);
            }
        }
    }
}

/// Why a connection was not made, in one line.
fn reason(error: &DialError) -> String {
    let text = error.to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serving({})", self.swarm.local_peer_id())
    }
}
