use std::collections::BTreeMap;
use std::io::Cursor;

use bytes::Bytes;
use cid::Cid;
use futures::future::{BoxFuture, FutureExt};
use serde::{Deserialize, Serialize};
use unsigned_varint::{decode, encode};

use super::block::{Block, NotTheBlock, inline};
use super::reading::{BlockSource, ReadError};

/// Blocks in one file (CARv1), checked against their identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Car {
    roots: Vec<Cid>,
    blocks: BTreeMap<Cid, Bytes>,
}

/// A file that is no CAR, or has blocks that are not what they are said to be.
#[derive(Debug, thiserror::Error)]
pub enum CarError {
    /// Not the format.
    #[error("this is no CAR file: {0}")]
    Format(String),
    /// It names no root.
    #[error("this CAR file names no root")]
    NoRoot,
    /// A block is not the one it is said to be.
    #[error(transparent)]
    Wrong(#[from] NotTheBlock),
}

/// What stands at the beginning.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    roots: Vec<Cid>,
    version: u64,
}

impl Car {
    /// The bytes of a CAR: a header with one root, then the blocks in the order given.
    pub fn write<'a>(root: Cid, blocks: impl IntoIterator<Item = (&'a Cid, &'a Bytes)>) -> Vec<u8> {
        let header = Header {
            roots: vec![root],
            version: 1,
        };
        // identifiers and a number always have an encoding
        let header = serde_ipld_dagcbor::to_vec(&header).unwrap_or_default();
        let mut out = Vec::new();
        let length = |out: &mut Vec<u8>, length: usize| {
            out.extend_from_slice(encode::usize(length, &mut encode::usize_buffer()));
        };
        length(&mut out, header.len());
        out.extend_from_slice(&header);
        for (cid, bytes) in blocks {
            let cid = cid.to_bytes();
            length(&mut out, cid.len().saturating_add(bytes.len()));
            out.extend_from_slice(&cid);
            out.extend_from_slice(bytes);
        }
        out
    }

    /// Reads a CAR and hashes every block.
    ///
    /// # Errors
    /// When it is none, or a block is not what it is said to be.
    pub fn read(bytes: &Bytes) -> Result<Self, CarError> {
        let (car, wrong) = Self::read_what_is_right(bytes)?;
        wrong.into_iter().next().map_or(Ok(car), |wrong| Err(wrong.into()))
    }

    /// Reads a CAR, leaving out the blocks that are not what they are said to be.
    ///
    /// # Errors
    /// When it is none.
    pub fn read_what_is_right(bytes: &Bytes) -> Result<(Self, Vec<NotTheBlock>), CarError> {
        let format = |why: &str| CarError::Format(why.to_owned());
        let mut rest = bytes.clone();
        let header = section(&mut rest)?.ok_or_else(|| format("it is empty"))?;
        let Header { roots, version } =
            serde_ipld_dagcbor::from_slice(&header).map_err(|error| CarError::Format(error.to_string()))?;
        if version != 1 {
            return Err(format("only version 1 is read"));
        }
        let (mut blocks, mut wrong) = (BTreeMap::new(), Vec::new());
        while let Some(section) = section(&mut rest)? {
            let mut cursor = Cursor::new(section.as_ref());
            let cid = Cid::read_bytes(&mut cursor).map_err(|error| CarError::Format(error.to_string()))?;
            let begin = usize::try_from(cursor.position()).map_err(|_| format("a block is too long"))?;
            match Block::checked(cid, section.slice(begin..)) {
                Ok(block) => drop(blocks.insert(cid, block.bytes().clone())),
                Err(error) => wrong.push(error),
            }
        }
        Ok((Self { roots, blocks }, wrong))
    }

    /// The first root.
    #[must_use]
    pub fn root(&self) -> Option<Cid> {
        self.roots.first().copied()
    }

    /// The blocks.
    #[must_use]
    pub fn blocks(&self) -> &BTreeMap<Cid, Bytes> {
        &self.blocks
    }
}

impl BlockSource for Car {
    fn block<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        let found = self.blocks.get(cid).cloned().or_else(|| inline(cid));
        async move { found.ok_or(ReadError::Missing { cid: *cid }) }.boxed()
    }
}

/// The next length and so many bytes; none at the end.
fn section(rest: &mut Bytes) -> Result<Option<Bytes>, CarError> {
    if rest.is_empty() {
        return Ok(None);
    }
    let cut = || CarError::Format("it is cut off".to_owned());
    let (length, after) = decode::usize(rest).map_err(|_| cut())?;
    if length > after.len() {
        return Err(cut());
    }
    let begin = rest.len().saturating_sub(after.len());
    let section = rest.slice(begin..begin.saturating_add(length));
    *rest = rest.slice(begin.saturating_add(length)..);
    Ok(Some(section))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipfs::Codec;

    #[test]
    fn a_car_reads_back_as_written() {
        let (one, other) = (Block::json(&b"[]"[..]), Block::new(Codec::Raw, &b"x"[..]));
        let blocks = [&one, &other].map(|block| (block.cid(), block.bytes().clone()));
        let written = Car::write(one.cid(), blocks.iter().map(|(cid, bytes)| (cid, bytes)));
        let read = Car::read(&Bytes::from(written)).unwrap();
        assert_eq!(read.root(), Some(one.cid()));
        assert_eq!(read.blocks(), &BTreeMap::from(blocks));
    }

    #[test]
    fn a_changed_or_cut_car_is_refused() {
        let block = Block::json(&b"[1,2,3]"[..]);
        let good = Car::write(block.cid(), [(&block.cid(), block.bytes())]);
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            let read = Car::read(&Bytes::from(bad));
            // the root in the header is not a block: whoever reads it misses it
            assert!(
                read.is_err() || read.is_ok_and(|car| car.root().is_none_or(|root| !car.blocks().contains_key(&root))),
                "byte {at}"
            );
        }
        assert!(Car::read(&Bytes::copy_from_slice(&good[..good.len() - 1])).is_err());
        assert!(Car::read(&Bytes::new()).is_err());
    }
}
