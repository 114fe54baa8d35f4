use std::collections::BTreeSet;

use bytes::{Bytes, BytesMut};
use cid::Cid;
use futures::future::{BoxFuture, FutureExt};

use super::block::{Codec, NotTheBlock};
use super::fetch::FetchError;
use super::unixfs::{Dag, Node};

/// The deepest tree that is read: a file of this depth would be larger than any disk.
const DEEPEST: usize = 32;

/// The most blocks below one root.
const MOST_BLOCKS: usize = 1 << 20;

/// Somewhere blocks come from. What it gives is checked already.
pub trait BlockSource: Send + Sync {
    /// The bytes of a block.
    fn block<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, Result<Bytes, ReadError>>;
}

impl BlockSource for Dag {
    fn block<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        let found = self.blocks().get(cid).cloned();
        async move { found.ok_or(ReadError::Missing { cid: *cid }) }.boxed()
    }
}

/// Files or directories that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A block that is not there.
    #[error("the block {cid} is not there")]
    Missing {
        /// Which.
        cid: Cid,
    },
    /// A block that nobody has.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A block that is not the one.
    #[error(transparent)]
    Wrong(#[from] NotTheBlock),
    /// A block that is no file or directory.
    #[error("the block {cid} cannot be read: {reason}")]
    Unreadable {
        /// Which.
        cid: Cid,
        /// Why.
        reason: String,
    },
    /// A path that leads nowhere.
    #[error("there is no `{name}` below {cid}")]
    NoSuchPath {
        /// The directory.
        cid: Cid,
        /// The name.
        name: String,
    },
    /// A directory where a file was asked for.
    #[error("{cid} is a directory")]
    IsADirectory {
        /// Which.
        cid: Cid,
    },
    /// More than is read.
    #[error("{cid} is larger than {limit} bytes")]
    TooLarge {
        /// Which.
        cid: Cid,
        /// The limit.
        limit: usize,
    },
    /// Where blocks come from failed.
    #[error("{0}")]
    Source(String),
}

/// What an identifier stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entity {
    /// A file of so many bytes.
    File {
        /// Bytes, as its root says.
        size: u64,
    },
    /// A directory's entries.
    Directory(Vec<(String, Cid)>),
}

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The identifier at every step, the root first.
    pub steps: Vec<Cid>,
    /// The last of them.
    pub end: Cid,
}

/// Follows a path of names through directories.
///
/// # Errors
/// When a block is missing or a name is not there.
pub async fn resolve(source: &dyn BlockSource, root: Cid, path: &[&str]) -> Result<Resolved, ReadError> {
    let (mut steps, mut end) = (vec![root], root);
    for name in path {
        let nothing = || ReadError::NoSuchPath {
            cid: end,
            name: (*name).chars().take(100).collect(),
        };
        let Entity::Directory(entries) = entity(source, end).await? else {
            return Err(nothing());
        };
        let found = entries.into_iter().find(|(entry, _)| entry == name);
        end = found.ok_or_else(nothing)?.1;
        steps.push(end);
    }
    Ok(Resolved { steps, end })
}

/// What an identifier stands for.
///
/// # Errors
/// When its block is missing or neither file nor directory.
pub async fn entity(source: &dyn BlockSource, cid: Cid) -> Result<Entity, ReadError> {
    let bytes = source.block(&cid).await?;
    match node(cid, &bytes)? {
        None => Ok(Entity::File {
            size: bytes.len() as u64,
        }),
        Some(Node::File { size, .. }) => Ok(Entity::File { size }),
        Some(Node::Directory(entries)) => Ok(Entity::Directory(entries)),
    }
}

/// A file's bytes, however many blocks it lies in, up to a limit.
///
/// # Errors
/// When a block is missing or it is no file.
pub async fn read_file(source: &dyn BlockSource, cid: Cid, limit: usize) -> Result<Bytes, ReadError> {
    let too_large = || ReadError::TooLarge { cid, limit };
    let mut content = BytesMut::new();
    // what is still to be read, the next on top
    let mut stack = vec![(cid, 0)];
    while let Some((next, depth)) = stack.pop() {
        if depth > DEEPEST || stack.len() > MOST_BLOCKS {
            return Err(too_large());
        }
        let bytes = source.block(&next).await?;
        let own = match node(next, &bytes)? {
            None => bytes,
            Some(Node::File { own, children, .. }) => {
                stack.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
                own
            }
            Some(Node::Directory(_)) => return Err(ReadError::IsADirectory { cid: next }),
        };
        if content.len().saturating_add(own.len()) > limit {
            return Err(too_large());
        }
        if content.is_empty() && stack.is_empty() {
            return Ok(own);
        }
        content.extend_from_slice(&own);
    }
    Ok(content.freeze())
}

/// Every block below a root, the root first, each once, children in their order.
///
/// # Errors
/// When one is missing.
pub async fn walk(source: &dyn BlockSource, root: Cid) -> Result<Vec<(Cid, Bytes)>, ReadError> {
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    let mut stack = vec![root];
    while let Some(next) = stack.pop() {
        if !seen.insert(next) {
            continue;
        }
        if seen.len() > MOST_BLOCKS {
            return Err(ReadError::TooLarge {
                cid: root,
                limit: MOST_BLOCKS,
            });
        }
        let bytes = source.block(&next).await?;
        match node(next, &bytes)? {
            None => {}
            Some(Node::File { children, .. }) => stack.extend(children.into_iter().rev()),
            Some(Node::Directory(entries)) => stack.extend(entries.into_iter().rev().map(|(_, cid)| cid)),
        }
        found.push((next, bytes));
    }
    Ok(found)
}

/// A block as a node of files and directories; none if its bytes are the content.
fn node(cid: Cid, bytes: &Bytes) -> Result<Option<Node>, ReadError> {
    match Codec::of(&cid) {
        Some(Codec::Raw | Codec::Json) => Ok(None),
        Some(Codec::DagPb) => Node::read(bytes)
            .map(Some)
            .map_err(|reason| ReadError::Unreadable { cid, reason }),
        None => Err(ReadError::Unreadable {
            cid,
            reason: format!("blocks of codec {:#x} are not read here", cid.codec()),
        }),
    }
}
