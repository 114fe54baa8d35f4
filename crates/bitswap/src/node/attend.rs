use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use cid::Cid;
use futures::future::BoxFuture;
use futures::io::AsyncWriteExt;
use libp2p_identity::PeerId;
use libp2p_swarm::Stream;
use tokio::sync::Semaphore;

use super::bounds::{FROM_ASKED, FROM_STRANGERS, FULL, LARGEST_BLOCK};
use super::driver::Shared;
use super::frame::{self, FrameError};
use super::wants::Unasked;
use crate::message::{Delivered, Kind, Message, MessageError, Presence, Want};

/// The blocks that are served. What cannot be read at the moment counts as absent.
pub trait Blocks: fmt::Debug + Send + Sync {
    /// A block's bytes, if it was published here.
    fn block<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, Option<Bytes>>;

    /// Whether a block was published here.
    fn has<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, bool>;
}

/// A stream that was not read to its end.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error(transparent)]
    Unasked(#[from] Unasked),
    #[error("no answer could be brought: {0}")]
    NoWayBack(String),
}

/// Reads a stream to its end and answers every want in it, one after the other. Nobody's wants are kept: what is not here
/// when it is asked for is not here.
pub(super) async fn attend(peer: PeerId, mut stream: Stream, turns: Arc<Semaphore>, shared: Arc<Shared>) {
    let Ok(_turn) = turns.acquire().await else {
        return;
    };
    if let Err(error) = read(peer, &mut stream, &shared).await {
        tracing::debug!(%peer, %error, "a stream was broken off");
        return;
    }
    // both sides are done with it
    let _ = stream.close().await;
}

async fn read(peer: PeerId, stream: &mut Stream, shared: &Shared) -> Result<(), Broken> {
    let limit = if shared.wants.knows(&peer) {
        FROM_ASKED
    } else {
        FROM_STRANGERS
    };
    while let Some(bytes) = frame::read(stream, limit).await? {
        let message = Message::parse(bytes)?;
        shared.wants.receive(&peer, &message)?;
        let mut answer = Answer {
            peer,
            shared,
            way: None,
            message: Message::default(),
            size: 0,
        };
        for want in message.wants.into_iter().filter(|want| !want.is_cancelled) {
            answer.add(want).await?;
        }
        answer.end().await?;
    }
    Ok(())
}

/// What is said to the wants of one message. Answers go over a stream of our own.
struct Answer<'a> {
    peer: PeerId,
    shared: &'a Shared,
    way: Option<Stream>,
    message: Message,
    size: usize,
}

impl Answer<'_> {
    async fn add(&mut self, want: Want) -> Result<(), Broken> {
        let Want {
            cid,
            kind,
            tell_absence,
            ..
        } = want;
        let blocks = &self.shared.blocks;
        let is_there = match kind {
            Kind::Presence => blocks.has(&cid).await,
            Kind::Block => match blocks.block(&cid).await.filter(|bytes| bytes.len() <= LARGEST_BLOCK) {
                Some(bytes) => {
                    self.size += bytes.len();
                    self.message.blocks.push(Delivered::of(&cid, bytes));
                    return if self.size >= FULL { self.say().await } else { Ok(()) };
                }
                None => false,
            },
        };
        if is_there || tell_absence {
            self.message.presences.push(Presence { cid, is_there });
        }
        Ok(())
    }

    /// Brings what there is to say.
    async fn say(&mut self) -> Result<(), Broken> {
        let message = std::mem::take(&mut self.message);
        self.size = 0;
        if message.is_empty() {
            return Ok(());
        }
        let way = match &mut self.way {
            Some(way) => way,
            none => none.insert(self.shared.open(self.peer).await.map_err(Broken::NoWayBack)?),
        };
        Ok(frame::write(way, &message).await?)
    }

    async fn end(mut self) -> Result<(), Broken> {
        self.say().await?;
        if let Some(mut way) = self.way {
            way.close().await.map_err(FrameError::from)?;
        }
        Ok(())
    }
}
