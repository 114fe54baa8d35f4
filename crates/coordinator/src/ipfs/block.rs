use bytes::Bytes;
use cid::multihash::Multihash;
use cid::{Cid, Version};
use maci_protocol::cid::ContentDigest;

/// The multihash code of SHA-256.
const SHA2_256: u64 = 0x12;

/// The multihash code of "the digest is the content".
const IDENTITY: u64 = 0x00;

/// The longest content inside an identifier, in bytes.
const LONGEST_INLINE: usize = 128;

/// How a block's bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// As they are.
    Raw,
    /// As JSON; what relayers publish.
    Json,
    /// As a node of files and directories.
    DagPb,
}

impl Codec {
    /// The multicodec.
    #[must_use]
    pub const fn code(self) -> u64 {
        match self {
            Self::Raw => 0x55,
            Self::Json => 0x0200,
            Self::DagPb => 0x70,
        }
    }

    /// The name other programs know it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Json => "json",
            Self::DagPb => "dag-pb",
        }
    }

    /// The codec an identifier names; none for those that we neither write nor read.
    #[must_use]
    pub fn of(cid: &Cid) -> Option<Self> {
        [Self::Raw, Self::Json, Self::DagPb]
            .into_iter()
            .find(|codec| codec.code() == cid.codec())
    }
}

/// Bytes, and the identifier that follows from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    cid: Cid,
    bytes: Bytes,
}

/// Bytes that are not what an identifier names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTheBlock {
    /// Another hash.
    #[error("the bytes given for {cid} have the digest {found}")]
    OtherBytes {
        /// The identifier.
        cid: Cid,
        /// The digest they have, as a CID of raw bytes.
        found: Cid,
    },
    /// An identifier we cannot check.
    #[error("{cid} is hashed with another function than SHA-256 and cannot be checked")]
    OtherHash {
        /// The identifier.
        cid: Cid,
    },
}

impl Block {
    /// A block of these bytes.
    #[must_use]
    pub fn new(codec: Codec, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            cid: cid_of(codec, &ContentDigest::of(&bytes)),
            bytes,
        }
    }

    /// A block of JSON, as relayers publish it: what the chain names by its 32 bytes.
    #[must_use]
    pub fn json(bytes: impl Into<Bytes>) -> Self {
        Self::new(Codec::Json, bytes)
    }

    /// Bytes that somebody says are those of an identifier.
    ///
    /// # Errors
    /// When they are not, or nobody can tell.
    pub fn checked(cid: Cid, bytes: Bytes) -> Result<Self, NotTheBlock> {
        if cid.hash().code() == IDENTITY && cid.hash().digest() == bytes.as_ref() {
            return Ok(Self { cid, bytes });
        }
        let digest = digest_of(&cid).ok_or(NotTheBlock::OtherHash { cid })?;
        let found = ContentDigest::of(&bytes);
        if found == digest {
            Ok(Self { cid, bytes })
        } else {
            let found = cid_of(Codec::Raw, &found);
            Err(NotTheBlock::OtherBytes { cid, found })
        }
    }

    /// Its identifier.
    #[must_use]
    pub fn cid(&self) -> Cid {
        self.cid
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The SHA-256 of its bytes.
    #[must_use]
    pub fn digest(&self) -> ContentDigest {
        ContentDigest::of(&self.bytes)
    }
}

/// The SHA-256 digest an identifier names; none for other hash functions.
#[must_use]
pub fn digest_of(cid: &Cid) -> Option<ContentDigest> {
    if cid.hash().code() != SHA2_256 {
        return None;
    }
    cid.hash().digest().try_into().ok().map(ContentDigest)
}

/// The content inside an identifier that carries it.
pub(super) fn inline(cid: &Cid) -> Option<Bytes> {
    let digest = cid.hash().digest();
    let is_inline = cid.version() == Version::V1 && cid.hash().code() == IDENTITY && digest.len() <= LONGEST_INLINE;
    is_inline.then(|| Bytes::copy_from_slice(digest))
}

/// The identifier of content with this digest.
#[must_use]
pub fn cid_of(codec: Codec, digest: &ContentDigest) -> Cid {
    // 32 bytes always fit 64; a hash of nothing would be a defect that every check finds
    let hash = Multihash::wrap(SHA2_256, &digest.0).unwrap_or_default();
    Cid::new_v1(codec.code(), hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_block_has_the_identifier_that_the_chain_names_by_32_bytes() {
        let block = Block::json(&b"[]"[..]);
        assert_eq!(block.cid().to_string(), ContentDigest::of(b"[]").to_string());
        assert_eq!(digest_of(&block.cid()), Some(block.digest()));
        assert_eq!(Codec::of(&block.cid()), Some(Codec::Json));
    }

    #[test]
    fn other_bytes_are_not_the_block() {
        let cid = Block::json(&b"[]"[..]).cid();
        assert!(Block::checked(cid, Bytes::from_static(b"[]")).is_ok());
        assert!(matches!(
            Block::checked(cid, Bytes::from_static(b"[ ]")),
            Err(NotTheBlock::OtherBytes { .. })
        ));
    }

    #[test]
    fn an_identifier_may_carry_its_content() {
        let cid: Cid = "bafkqaaa".parse().unwrap();
        assert_eq!(inline(&cid), Some(Bytes::new()));
        assert!(Block::checked(cid, Bytes::new()).is_ok());
        assert!(Block::checked(cid, Bytes::from_static(b"x")).is_err());
    }
}
