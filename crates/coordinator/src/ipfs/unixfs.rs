use std::collections::BTreeMap;

use bytes::Bytes;
use cid::Cid;
use ipld_dagpb::{PbLink, PbNode};
use unsigned_varint::{decode, encode};

use super::block::{Block, Codec};

/// Bytes in a leaf of a file.
const CHUNK: usize = 1 << 20;

/// Links in a node of a file.
const WIDTH: usize = 1024;

/// What kind of node it is, as its data says.
const DIRECTORY: u64 = 1;
const FILE: u64 = 2;
const RAW: u64 = 0;

/// A root with every block below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dag {
    root: Cid,
    blocks: BTreeMap<Cid, Bytes>,
}

/// Paths that make no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// A path that is no path.
    #[error("`{path}` cannot be a file's path: it needs names without dots alone, separated by single slashes")]
    BadPath {
        /// The path.
        path: String,
    },
    /// A path that is a file and a directory.
    #[error("`{path}` is both a file and a directory")]
    Both {
        /// The path.
        path: String,
    },
}

/// What a node of files and directories says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A directory's entries, each with its name.
    Directory(Vec<(String, Cid)>),
    /// A file: bytes of its own, then those of its children.
    File { own: Bytes, children: Vec<Cid>, size: u64 },
}

/// A node in the making: its identifier, and the size of everything below it.
#[derive(Debug, Clone, Copy)]
struct Built {
    cid: Cid,
    /// Bytes of the file, if it is one.
    content: u64,
    /// Bytes of all blocks.
    total: u64,
}

enum Tree<'a> {
    File(&'a Bytes),
    Directory(BTreeMap<&'a str, Tree<'a>>),
}

impl Dag {
    /// A single block.
    #[must_use]
    pub fn of_block(block: &Block) -> Self {
        Self {
            root: block.cid(),
            blocks: BTreeMap::from([(block.cid(), block.bytes().clone())]),
        }
    }

    /// A directory of files, each under its path (`proofs/0/tally_1.json`). The same files give the same root, whoever
    /// makes it: one chunk of raw bytes per MiB, and plain directories.
    ///
    /// # Errors
    /// When the paths make no tree.
    pub fn directory(files: &BTreeMap<String, Bytes>) -> Result<Self, ShapeError> {
        let mut top = BTreeMap::new();
        for (path, bytes) in files {
            plant(&mut top, path, bytes)?;
        }
        let mut blocks = BTreeMap::new();
        let root = build(&Tree::Directory(top), &mut blocks).cid;
        Ok(Self { root, blocks })
    }

    /// A file.
    #[must_use]
    pub fn file(bytes: &Bytes) -> Self {
        let mut blocks = BTreeMap::new();
        let root = build_file(bytes, &mut blocks).cid;
        Self { root, blocks }
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> Cid {
        self.root
    }

    /// Its blocks, by identifier.
    #[must_use]
    pub fn blocks(&self) -> &BTreeMap<Cid, Bytes> {
        &self.blocks
    }
}

fn plant<'a>(top: &mut BTreeMap<&'a str, Tree<'a>>, path: &'a str, bytes: &'a Bytes) -> Result<(), ShapeError> {
    let bad = || ShapeError::BadPath { path: path.to_owned() };
    let both = || ShapeError::Both { path: path.to_owned() };
    let mut names: Vec<&str> = path.split('/').collect();
    if names.iter().any(|name| matches!(*name, "" | "." | "..")) {
        return Err(bad());
    }
    let last = names.pop().ok_or_else(bad)?;
    let mut folder = top;
    for name in names {
        let entry = folder.entry(name).or_insert_with(|| Tree::Directory(BTreeMap::new()));
        folder = match entry {
            Tree::Directory(inner) => inner,
            Tree::File(_) => return Err(both()),
        };
    }
    match folder.insert(last, Tree::File(bytes)) {
        None => Ok(()),
        Some(_) => Err(both()),
    }
}

fn build(tree: &Tree<'_>, blocks: &mut BTreeMap<Cid, Bytes>) -> Built {
    match tree {
        Tree::File(bytes) => build_file(bytes, blocks),
        Tree::Directory(entries) => {
            let links = entries.iter().map(|(name, tree)| {
                let built = build(tree, blocks);
                link(name, &built)
            });
            let links = links.collect();
            node(links, data(DIRECTORY, None, &[]), 0, blocks)
        }
    }
}

fn build_file(bytes: &Bytes, blocks: &mut BTreeMap<Cid, Bytes>) -> Built {
    let mut level: Vec<Built> = Vec::new();
    let mut at = 0;
    while at < bytes.len() || level.is_empty() {
        let end = at.saturating_add(CHUNK).min(bytes.len());
        let leaf = Block::new(Codec::Raw, bytes.slice(at..end));
        let size = leaf.bytes().len() as u64;
        level.push(Built {
            cid: leaf.cid(),
            content: size,
            total: size,
        });
        blocks.insert(leaf.cid(), leaf.bytes().clone());
        at = end;
        if end == bytes.len() {
            break;
        }
    }
    // a file of one leaf is that leaf
    while level.len() > 1 {
        level = level
            .chunks(WIDTH)
            .map(|children| {
                let sizes: Vec<u64> = children.iter().map(|child| child.content).collect();
                let content = sizes.iter().sum();
                let links = children.iter().map(|child| link("", child)).collect();
                node(links, data(FILE, Some(content), &sizes), content, blocks)
            })
            .collect();
    }
    // the loop above leaves exactly one
    level.first().copied().unwrap_or(Built {
        cid: Block::new(Codec::Raw, Bytes::new()).cid(),
        content: 0,
        total: 0,
    })
}

fn link(name: &str, to: &Built) -> PbLink {
    PbLink {
        cid: to.cid,
        name: Some(name.to_owned()),
        size: Some(to.total),
    }
}

fn node(links: Vec<PbLink>, data: Vec<u8>, content: u64, blocks: &mut BTreeMap<Cid, Bytes>) -> Built {
    let below: u64 = links.iter().filter_map(|link| link.size).sum();
    let data = Some(Bytes::from(data));
    let block = Block::new(Codec::DagPb, PbNode { links, data }.into_bytes());
    let total = below.saturating_add(block.bytes().len() as u64);
    blocks.insert(block.cid(), block.bytes().clone());
    Built {
        cid: block.cid(),
        content,
        total,
    }
}

/// The protobuf inside a node: its kind (field 1), a file's size (3) and its children's (4).
fn data(kind: u64, size: Option<u64>, children: &[u64]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut field = |key: u8, value: u64| {
        data.push(key);
        data.extend_from_slice(encode::u64(value, &mut encode::u64_buffer()));
    };
    field(0x08, kind);
    if let Some(size) = size {
        field(0x18, size);
    }
    children.iter().for_each(|child| field(0x20, *child));
    data
}

impl Node {
    /// Reads a node's bytes.
    ///
    /// # Errors
    /// When they are none, or of a kind we do not read: links of file systems, directories in shards.
    pub(super) fn read(bytes: &Bytes) -> Result<Self, String> {
        let node = PbNode::from_bytes(bytes.clone()).map_err(|error| format!("not a DAG-PB node: {error}"))?;
        let data = node.data.ok_or("a node without data is neither file nor directory")?;
        let Fields { kind, own, size } = Fields::read(&data)?;
        match kind {
            DIRECTORY => {
                let named = node
                    .links
                    .into_iter()
                    .map(|link| (link.name.unwrap_or_default(), link.cid));
                Ok(Self::Directory(named.collect()))
            }
            FILE | RAW => Ok(Self::File {
                size: size.unwrap_or(own.len() as u64),
                own,
                children: node.links.into_iter().map(|link| link.cid).collect(),
            }),
            other => Err(format!("nodes of kind {other} are not read here")),
        }
    }
}

/// The fields of a node's protobuf that matter.
struct Fields {
    kind: u64,
    own: Bytes,
    size: Option<u64>,
}

impl Fields {
    fn read(data: &Bytes) -> Result<Self, String> {
        let cut = || "its data is cut off".to_owned();
        let (mut kind, mut own, mut size) = (None, Bytes::new(), None);
        let mut rest: &[u8] = data;
        while !rest.is_empty() {
            let (key, after) = decode::u64(rest).map_err(|_| cut())?;
            let (value, after) = decode::u64(after).map_err(|_| cut())?;
            rest = match key & 7 {
                0 => after,
                2 => {
                    let length = usize::try_from(value).map_err(|_| cut())?;
                    let (inner, after) = after.split_at_checked(length).ok_or_else(cut)?;
                    if key == 0x12 {
                        own = data.slice_ref(inner);
                    }
                    after
                }
                _ => return Err("its data has fields of an unknown type".to_owned()),
            };
            match key {
                0x08 => kind = Some(value),
                0x18 => size = Some(value),
                _ => {}
            }
        }
        let kind = kind.ok_or("its data names no kind")?;
        Ok(Self { kind, own, size })
    }
}

#[cfg(test)]
mod tests;
