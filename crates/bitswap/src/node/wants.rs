use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use libp2p_identity::PeerId;
use tokio::sync::oneshot;

use super::bounds::REMEMBERED;
use super::error::Miss;
use crate::message::{Message, digest_of};

/// What came of a want.
pub(super) type Outcome = Result<Bytes, Miss>;

/// What was asked of whom. Only those whom we ask at all are in it.
#[derive(Debug)]
pub(super) struct Wants(Mutex<HashMap<PeerId, Asked>>);

/// What was asked of one peer.
#[derive(Debug, Default)]
struct Asked {
    waiting: BTreeMap<[u8; 32], Vec<oneshot::Sender<Outcome>>>,
    /// Everything asked lately, the latest last.
    lately: VecDeque<[u8; 32]>,
}

/// Somebody sent blocks that were not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it sent a block that it was not asked for")]
pub(super) struct Unasked;

impl Wants {
    pub(super) fn of(peers: &[PeerId]) -> Self {
        Self(Mutex::new(peers.iter().map(|peer| (*peer, Asked::default())).collect()))
    }

    /// Whether a peer is one whom we ask.
    pub(super) fn knows(&self, peer: &PeerId) -> bool {
        self.locked().contains_key(peer)
    }

    /// Notes that a peer is asked for a block; what comes of it comes out of this.
    pub(super) fn note(&self, peer: &PeerId, digest: [u8; 32]) -> oneshot::Receiver<Outcome> {
        let (tell, outcome) = oneshot::channel();
        if let Some(asked) = self.locked().get_mut(peer) {
            if asked.lately.len() == REMEMBERED {
                asked.lately.pop_front();
            }
            asked.lately.push_back(digest);
            asked.waiting.entry(digest).or_default().push(tell);
        }
        outcome
    }

    /// Forgets those who wait no longer for a block; false if there is nobody left.
    pub(super) fn forget(&self, peer: &PeerId, digest: &[u8; 32]) -> bool {
        let mut wants = self.locked();
        let Some(asked) = wants.get_mut(peer) else {
            return false;
        };
        let Some(waiting) = asked.waiting.get_mut(digest) else {
            return false;
        };
        waiting.retain(|tell| !tell.is_closed());
        if waiting.is_empty() {
            asked.waiting.remove(digest);
            return false;
        }
        true
    }

    /// Takes what a peer says of our wants. A block counts for what its bytes hash to, whatever it is said to be.
    pub(super) fn receive(&self, peer: &PeerId, message: &Message) -> Result<(), Unasked> {
        let mut wants = self.locked();
        let Some(asked) = wants.get_mut(peer) else {
            // strangers may say what they have, and nobody listens
            return if message.blocks.is_empty() {
                Ok(())
            } else {
                Err(Unasked)
            };
        };
        let mut has_lied = false;
        for block in &message.blocks {
            match block.digest() {
                Some(digest) if asked.waiting.contains_key(&digest) => asked.settle(&digest, &Ok(block.bytes.clone())),
                Some(digest) if asked.lately.contains(&digest) => {}
                Some(_) | None => has_lied = true,
            }
        }
        let absent = message.presences.iter().filter(|presence| !presence.is_there);
        for digest in absent.filter_map(|presence| digest_of(&presence.cid)) {
            asked.settle(&digest, &Err(Miss::NotThere));
        }
        if !has_lied {
            return Ok(());
        }
        // which of our wants it was for cannot be told
        let waiting: Vec<[u8; 32]> = asked.waiting.keys().copied().collect();
        for digest in waiting {
            asked.settle(&digest, &Err(Miss::Lied));
        }
        Err(Unasked)
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<PeerId, Asked>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asked {
    fn settle(&mut self, digest: &[u8; 32], outcome: &Outcome) {
        for tell in self.waiting.remove(digest).unwrap_or_default() {
            // whoever waited may have gone
            let _ = tell.send(outcome.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use cid::Cid;

    use super::*;
    use crate::message::{Delivered, Presence};

    /// Of no bytes.
    const EMPTY: &str = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

    fn delivering(bytes: &'static [u8]) -> Message {
        let cid: Cid = EMPTY.parse().unwrap();
        Message {
            blocks: vec![Delivered::of(&cid, Bytes::from_static(bytes))],
            ..Message::default()
        }
    }

    fn absent() -> Message {
        let presence = Presence {
            cid: EMPTY.parse().unwrap(),
            is_there: false,
        };
        Message {
            presences: vec![presence],
            ..Message::default()
        }
    }

    fn digest() -> [u8; 32] {
        digest_of(&EMPTY.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_block_comes_to_everybody_who_waits_for_it_and_once_more_is_no_lie() {
        let peer = PeerId::random();
        let wants = Wants::of(&[peer]);
        let mut waiting = [wants.note(&peer, digest()), wants.note(&peer, digest())];
        wants.receive(&peer, &delivering(b"")).unwrap();
        for outcome in &mut waiting {
            assert_eq!(outcome.try_recv(), Ok(Ok(Bytes::new())));
        }
        wants.receive(&peer, &delivering(b"")).unwrap();
    }

    #[test]
    fn other_bytes_are_a_lie_whatever_they_are_said_to_be() {
        let peer = PeerId::random();
        let wants = Wants::of(&[peer]);
        let mut outcome = wants.note(&peer, digest());
        assert_eq!(wants.receive(&peer, &delivering(b"other")), Err(Unasked));
        assert_eq!(outcome.try_recv(), Ok(Err(Miss::Lied)));
    }

    #[test]
    fn strangers_have_no_say() {
        let (peer, stranger) = (PeerId::random(), PeerId::random());
        let wants = Wants::of(&[peer]);
        let mut outcome = wants.note(&peer, digest());
        assert_eq!(wants.receive(&stranger, &delivering(b"")), Err(Unasked));
        assert_eq!(wants.receive(&stranger, &absent()), Ok(()));
        assert!(outcome.try_recv().is_err());
        assert!(!wants.knows(&stranger));
        wants.receive(&peer, &absent()).unwrap();
        assert_eq!(outcome.try_recv(), Ok(Err(Miss::NotThere)));
    }

    #[test]
    fn what_nobody_waits_for_is_forgotten_but_no_lie_when_it_comes() {
        let peer = PeerId::random();
        let wants = Wants::of(&[peer]);
        drop(wants.note(&peer, digest()));
        let still = wants.note(&peer, digest());
        assert!(wants.forget(&peer, &digest()));
        drop(still);
        assert!(!wants.forget(&peer, &digest()));
        wants.receive(&peer, &delivering(b"")).unwrap();
    }
}
