use std::fmt;
use std::path::Path;

use zeroize::Zeroizing;

use crate::disk;
use crate::entropy::random;
use crate::error::CustodyError;

/// The name of its file.
const FILE: &str = "peer-key.hex";

/// The secret behind this service's identity among IPFS nodes. Its `Debug` tells nothing of it.
///
/// It rests in a file for its owner alone, not sealed: a service that is locked still serves what it has published. It
/// guards nothing but the name that others know the node by; what the node serves is named by its hash.
pub struct PeerKey(Zeroizing<[u8; 32]>);

impl PeerKey {
    /// Opens the key of a folder, and makes it first if there is none.
    ///
    /// # Errors
    /// When its file is no key, or it cannot be written.
    pub fn open_or_create(folder: &Path) -> Result<Self, CustodyError> {
        let path = folder.join(FILE);
        if let Some(key) = Self::open(&path)? {
            return Ok(key);
        }
        let made = Self(random()?);
        let text = Zeroizing::new(hex::encode(&made.0[..]));
        if disk::write_new(&path, &text)? {
            return Ok(made);
        }
        // another process was faster: its key is the one
        Self::open(&path)?.ok_or_else(|| damaged(&path, "it appeared and vanished"))
    }

    fn open(path: &Path) -> Result<Option<Self>, CustodyError> {
        let Some(digits) = disk::read(path)? else {
            return Ok(None);
        };
        let mut secret = Zeroizing::new([0; 32]);
        hex::decode_to_slice(digits.trim_ascii(), &mut secret[..])
            .map_err(|_| damaged(path, "it is not 64 hexadecimal digits"))?;
        Ok(Some(Self(secret)))
    }

    /// The secret, for the node that is known by it.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        self.0.clone()
    }
}

fn damaged(path: &Path, reason: &str) -> CustodyError {
    CustodyError::damaged(&format!("the node's key {}", path.display()), reason)
}

impl fmt::Debug for PeerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PeerKey")
    }
}
