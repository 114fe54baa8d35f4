use std::fmt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey, EncodeRsaPrivateKey, EncodeRsaPublicKey, LineEnding};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::traits::PublicKeyParts;
use rsa::{Oaep, RsaPrivateKey, RsaPublicKey};
use sha1::Sha1;
use zeroize::Zeroizing;

use super::chance::Chance;
use crate::disk;
use crate::error::CustodyError;

/// Bits of a new key.
const BITS: usize = 4096;
/// The least an operator's own key may have.
const LEAST_BITS: usize = 2048;
/// Names of the files a new key is kept in.
const PRIVATE: &str = "transport-private.pem";
const PUBLIC: &str = "transport-public.pem";

/// The RSA key that clients encrypt to. Its `Debug` tells nothing of it.
///
/// Its private half rests in a file for its owner alone, not sealed: a service that is locked still has to tell its
/// public key and to open logins.
pub struct TransportKey {
    key: RsaPrivateKey,
    public_pem: String,
}

impl TransportKey {
    /// Opens the key of a folder, and makes it first if there is none, which takes seconds to a minute of one core.
    ///
    /// # Errors
    /// When its file is no key, or it cannot be written.
    pub fn open_or_create(folder: &Path) -> Result<Self, CustodyError> {
        let path = folder.join(PRIVATE);
        if let Some(key) = Self::open(&path)? {
            return Ok(key);
        }
        let mut chance = Chance::new()?;
        let key = RsaPrivateKey::new(&mut chance, BITS).map_err(|_| sealing("it cannot be made"))?;
        let key = Self::of(key)?;
        if disk::write_new(&path, &key.private_pem()?)? {
            // a copy for people; what is told to clients comes from the private half
            let _ = disk::write_new(&folder.join(PUBLIC), &key.public_pem)?;
            return Ok(key);
        }
        // another process was faster: its key is the one
        Self::open(&path)?.ok_or_else(|| CustodyError::damaged(&what(&path), "it appeared and vanished"))
    }

    /// Reads a key from an operator's own files, PKCS#1 or PKCS#8 PEM.
    ///
    /// # Errors
    /// When they are no key of at least 2048 bits, or do not belong together.
    pub fn read(public: Option<&Path>, private: &Path) -> Result<Self, CustodyError> {
        let missing = |path| CustodyError::file("read the RSA key", path)(std::io::ErrorKind::NotFound.into());
        let key = Self::open(private)?.ok_or_else(|| missing(private))?;
        if let Some(path) = public {
            let bytes = disk::read(path)?.ok_or_else(|| missing(path))?;
            let text = std::str::from_utf8(&bytes).unwrap_or_default();
            let public = RsaPublicKey::from_pkcs1_pem(text).or_else(|_| RsaPublicKey::from_public_key_pem(text));
            let public = public.map_err(|_| CustodyError::damaged(&what(path), "it is no RSA public key in PEM"))?;
            if public != key.key.to_public_key() {
                return Err(CustodyError::damaged(
                    &what(path),
                    "it is not the public half of the private key",
                ));
            }
        }
        Ok(key)
    }

    /// The public half, as PKCS#1 PEM.
    #[must_use]
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    /// Decrypts base64 of RSA-OAEP with SHA-1, Node's default.
    ///
    /// # Errors
    /// [`CustodyError::NotForThisKey`], whatever is wrong with it.
    pub fn decrypt(&self, base64: &str) -> Result<Zeroizing<Vec<u8>>, CustodyError> {
        let base64 = base64.trim();
        // one number of the key's size is what there can be
        if base64.len() > 4 * self.key.size().div_ceil(3) {
            return Err(CustodyError::NotForThisKey);
        }
        let sealed = STANDARD.decode(base64).map_err(|_| CustodyError::NotForThisKey)?;
        let mut chance = Chance::new()?;
        let opened = self.key.decrypt_blinded(&mut chance, Oaep::new::<Sha1>(), &sealed);
        opened.map(Zeroizing::new).map_err(|_| CustodyError::NotForThisKey)
    }

    /// Encrypts as a client does, for tests and for clients written with this library.
    ///
    /// # Errors
    /// When the text is longer than the key takes.
    pub fn encrypt(&self, text: &[u8]) -> Result<String, CustodyError> {
        let mut chance = Chance::new()?;
        let sealed = self.key.to_public_key().encrypt(&mut chance, Oaep::new::<Sha1>(), text);
        let sealed = sealed.map_err(|_| sealing("the text is too long"))?;
        Ok(STANDARD.encode(sealed))
    }

    /// The private half of a folder's key as text, for a backup; none if there is no key.
    pub(crate) fn stored(folder: &Path) -> Result<Option<Zeroizing<String>>, CustodyError> {
        Self::open(&folder.join(PRIVATE))?
            .map(|key| key.private_pem())
            .transpose()
    }

    /// Puts a private half from a backup into a folder. False if there is a key already.
    pub(crate) fn restore(folder: &Path, private_pem: &str) -> Result<bool, CustodyError> {
        let key = Self::parse("the transport key in the backup", private_pem)?;
        let is_new = disk::write_new(&folder.join(PRIVATE), &key.private_pem()?)?;
        if is_new {
            disk::write_new(&folder.join(PUBLIC), &key.public_pem)?;
        }
        Ok(is_new)
    }

    fn open(path: &Path) -> Result<Option<Self>, CustodyError> {
        let Some(bytes) = disk::read(path)? else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        Self::parse(&what(path), text).map(Some)
    }

    fn parse(what: &str, text: &str) -> Result<Self, CustodyError> {
        let key = RsaPrivateKey::from_pkcs1_pem(text).or_else(|_| RsaPrivateKey::from_pkcs8_pem(text));
        let key = key.map_err(|_| CustodyError::damaged(what, "it is no RSA private key in PEM"))?;
        if key.size() * 8 < LEAST_BITS {
            return Err(CustodyError::damaged(what, "it has less than 2048 bits"));
        }
        Self::of(key)
    }

    fn of(key: RsaPrivateKey) -> Result<Self, CustodyError> {
        let public_pem = key.to_public_key().to_pkcs1_pem(LineEnding::LF);
        let public_pem = public_pem.map_err(|_| sealing("it cannot be written as PEM"))?;
        Ok(Self { key, public_pem })
    }

    fn private_pem(&self) -> Result<Zeroizing<String>, CustodyError> {
        let pem = self.key.to_pkcs1_pem(LineEnding::LF);
        pem.map_err(|_| sealing("it cannot be written as PEM"))
    }
}

fn what(path: &Path) -> String {
    format!("the RSA key {}", path.display())
}

fn sealing(reason: &'static str) -> CustodyError {
    CustodyError::Sealing {
        what: "the RSA key".to_owned(),
        reason,
    }
}

impl fmt::Debug for TransportKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransportKey(redacted)")
    }
}
