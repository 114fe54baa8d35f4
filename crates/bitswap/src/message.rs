use bytes::Bytes;
use cid::Cid;
use sha2::{Digest, Sha256};

use crate::wire::{Fields, Torn, Value, numbers, put_bytes, put_field, put_number};

/// The multihash code of SHA-256.
const SHA2_256: u64 = 0x12;

/// The most wants, blocks and presences that one message may have, each. The longest list that others send is 1,024.
const MOST: usize = 4096;

/// What one node says to another: what it wants, and what it has for wants of the other one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// What it wants.
    pub wants: Vec<Want>,
    /// Blocks the other one wanted.
    pub blocks: Vec<Delivered>,
    /// Whether it has what the other one asked about.
    pub presences: Vec<Presence>,
}

/// What a node wants to know or to have of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    /// The block.
    pub cid: Cid,
    /// What of it.
    pub kind: Kind,
    /// Whether it is wanted no longer.
    pub is_cancelled: bool,
    /// Whether it is to be said that the block is not there.
    pub tell_absence: bool,
}

/// What is wanted of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The block.
    Block,
    /// Whether it is there.
    Presence,
}

/// A block on its way: bytes, and what their identifier is but for the hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Version, codec, hash function and its length.
    pub head: [u64; 4],
    /// The bytes.
    pub bytes: Bytes,
}

/// Whether a block is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// The block.
    pub cid: Cid,
    /// Whether it is.
    pub is_there: bool,
}

/// Bytes that are no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// They are no protocol buffer.
    #[error("it is no message: it ends within a field, or has one of a kind that there is not")]
    Torn,
    /// An identifier that is none.
    #[error("it names a block by {0}")]
    NotACid(String),
    /// A block without what its identifier begins with.
    #[error("it has a block whose head has {0} numbers instead of 4")]
    Head(usize),
    /// More than one message may have.
    #[error("it has more than {MOST} {0}")]
    TooMany(&'static str),
}

impl From<Torn> for MessageError {
    fn from(_: Torn) -> Self {
        Self::Torn
    }
}

impl Message {
    /// Asks for a block, and to be told if it is not there.
    #[must_use]
    pub fn asking(cid: Cid) -> Self {
        Self::about(cid, false)
    }

    /// Takes back what was asked.
    #[must_use]
    pub fn cancelling(cid: Cid) -> Self {
        Self::about(cid, true)
    }

    fn about(cid: Cid, is_cancelled: bool) -> Self {
        let want = Want {
            cid,
            kind: Kind::Block,
            is_cancelled,
            tell_absence: !is_cancelled,
        };
        Self {
            wants: vec![want],
            ..Self::default()
        }
    }

    /// Reads a message.
    ///
    /// # Errors
    /// When the bytes are none, or have more in them than one may.
    pub fn parse(bytes: Bytes) -> Result<Self, MessageError> {
        let mut message = Self::default();
        for field in Fields::of(bytes) {
            match field? {
                (1, Value::Bytes(list)) => message.read_wants(list)?,
                (3, Value::Bytes(block)) => push(&mut message.blocks, Delivered::parse(block)?, "blocks")?,
                (4, Value::Bytes(presence)) => push(&mut message.presences, Presence::parse(presence)?, "presences")?,
                (_, Value::Bytes(_) | Value::Number(_) | Value::Other) => {}
            }
        }
        Ok(message)
    }

    fn read_wants(&mut self, list: Bytes) -> Result<(), MessageError> {
        for field in Fields::of(list) {
            match field? {
                (1, Value::Bytes(want)) => push(&mut self.wants, Want::parse(want)?, "wants")?,
                // whether the list is all that is wanted: nobody's wants are kept here
                (_, Value::Bytes(_) | Value::Number(_) | Value::Other) => {}
            }
        }
        Ok(())
    }

    /// The bytes, with their length in front, as they go over a stream.
    #[must_use]
    pub fn to_frame(&self) -> Vec<u8> {
        let mut list = Vec::new();
        for want in &self.wants {
            put_bytes(&mut list, 1, &want.to_bytes());
        }
        let mut body = Vec::new();
        if !list.is_empty() {
            put_bytes(&mut body, 1, &list);
        }
        for block in &self.blocks {
            put_bytes(&mut body, 3, &block.to_bytes());
        }
        for presence in &self.presences {
            put_bytes(&mut body, 4, &presence.to_bytes());
        }
        let mut frame = Vec::with_capacity(body.len() + 5);
        put_number(&mut frame, body.len() as u64);
        frame.extend_from_slice(&body);
        frame
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wants.is_empty() && self.blocks.is_empty() && self.presences.is_empty()
    }
}

impl Want {
    fn parse(bytes: Bytes) -> Result<Self, MessageError> {
        let (mut cid, mut kind, mut is_cancelled, mut tell_absence) = (None, Kind::Block, false, false);
        for field in Fields::of(bytes) {
            match field? {
                (1, Value::Bytes(bytes)) => cid = Some(read_cid(&bytes)?),
                (3, Value::Number(flag)) => is_cancelled = flag != 0,
                (4, Value::Number(word)) => kind = if word == 1 { Kind::Presence } else { Kind::Block },
                (5, Value::Number(flag)) => tell_absence = flag != 0,
                // the order in which it is wanted is that of the list
                (_, Value::Bytes(_) | Value::Number(_) | Value::Other) => {}
            }
        }
        Ok(Self {
            cid: cid.ok_or_else(|| MessageError::NotACid("nothing".to_owned()))?,
            kind,
            is_cancelled,
            tell_absence,
        })
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_bytes(&mut out, 1, &self.cid.to_bytes());
        put_field(&mut out, 2, 1);
        put_field(&mut out, 3, u64::from(self.is_cancelled));
        let kind = match self.kind {
            Kind::Block => 0,
            Kind::Presence => 1,
        };
        put_field(&mut out, 4, kind);
        put_field(&mut out, 5, u64::from(self.tell_absence));
        out
    }
}

impl Delivered {
    /// The block that an identifier names.
    #[must_use]
    pub fn of(cid: &Cid, bytes: Bytes) -> Self {
        Self {
            head: [
                u64::from(cid.version()),
                cid.codec(),
                cid.hash().code(),
                u64::from(cid.hash().size()),
            ],
            bytes,
        }
    }

    /// The SHA-256 of its bytes; none if it is to be hashed with another function, which nothing here is.
    #[must_use]
    pub fn digest(&self) -> Option<[u8; 32]> {
        let [_, _, function, length] = self.head;
        (function == SHA2_256 && length == 32).then(|| Sha256::digest(&self.bytes).into())
    }

    fn parse(bytes: Bytes) -> Result<Self, MessageError> {
        let (mut head, mut content) = (Bytes::new(), Bytes::new());
        for field in Fields::of(bytes) {
            match field? {
                (1, Value::Bytes(bytes)) => head = bytes,
                (2, Value::Bytes(bytes)) => content = bytes,
                (_, Value::Bytes(_) | Value::Number(_) | Value::Other) => {}
            }
        }
        let head = numbers(&head)?;
        let head = head
            .try_into()
            .map_err(|head: Vec<u64>| MessageError::Head(head.len()))?;
        Ok(Self { head, bytes: content })
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut head = Vec::new();
        self.head.iter().for_each(|number| put_number(&mut head, *number));
        let mut out = Vec::with_capacity(self.bytes.len() + 20);
        put_bytes(&mut out, 1, &head);
        put_bytes(&mut out, 2, &self.bytes);
        out
    }
}

impl Presence {
    fn parse(bytes: Bytes) -> Result<Self, MessageError> {
        let (mut cid, mut is_there) = (None, true);
        for field in Fields::of(bytes) {
            match field? {
                (1, Value::Bytes(bytes)) => cid = Some(read_cid(&bytes)?),
                (2, Value::Number(word)) => is_there = word == 0,
                (_, Value::Bytes(_) | Value::Number(_) | Value::Other) => {}
            }
        }
        let cid = cid.ok_or_else(|| MessageError::NotACid("nothing".to_owned()))?;
        Ok(Self { cid, is_there })
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_bytes(&mut out, 1, &self.cid.to_bytes());
        put_field(&mut out, 2, u64::from(!self.is_there));
        out
    }
}

/// The SHA-256 digest an identifier names; none for other hash functions.
#[cfg(feature = "bitswap")]
pub(crate) fn digest_of(cid: &Cid) -> Option<[u8; 32]> {
    let is_sha = cid.hash().code() == SHA2_256;
    is_sha.then(|| cid.hash().digest().try_into().ok()).flatten()
}

fn read_cid(bytes: &[u8]) -> Result<Cid, MessageError> {
    Cid::try_from(bytes).map_err(|error| MessageError::NotACid(format!("what is no identifier ({error})")))
}

fn push<T>(list: &mut Vec<T>, one: T, of: &'static str) -> Result<(), MessageError> {
    if list.len() == MOST {
        return Err(MessageError::TooMany(of));
    }
    list.push(one);
    Ok(())
}

#[cfg(test)]
mod tests;
