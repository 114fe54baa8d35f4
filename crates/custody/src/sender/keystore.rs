use std::path::Path;

use alloy::signers::local::PrivateKeySigner;
use serde::Deserialize;

use super::SenderKey;
use crate::disk;
use crate::error::CustodyError;
use crate::passphrase::Passphrase;

/// The most a keystore may ask for; the strongest in use fills 256 MiB.
const BOUND: &str = "1 GiB for scrypt or 10 million rounds for PBKDF2";

/// What of an Ethereum keystore (Web3 Secret Storage, version 3) is checked before it is opened:
/// the library that opens it trusts these numbers.
#[derive(Deserialize)]
struct Outline {
    version: u64,
    #[serde(alias = "Crypto")]
    crypto: Crypto,
}

#[derive(Deserialize)]
struct Crypto {
    cipher: String,
    ciphertext: String,
    cipherparams: CipherParameters,
    kdf: String,
    kdfparams: KdfParameters,
    mac: String,
}

#[derive(Deserialize)]
struct CipherParameters {
    iv: String,
}

#[derive(Deserialize)]
struct KdfParameters {
    dklen: u64,
    n: Option<u64>,
    r: Option<u64>,
    p: Option<u64>,
    c: Option<u64>,
}

impl SenderKey {
    /// Opens an Ethereum keystore file (version 3, as geth, foundry and others write).
    ///
    /// # Errors
    /// When it is no such file, asks for more work than any tool does, or does not open.
    pub fn from_keystore(path: &Path, passphrase: &Passphrase) -> Result<Self, CustodyError> {
        let what = format!("the keystore {}", path.display());
        let bytes = disk::read(path)?
            .ok_or_else(|| CustodyError::file("read the keystore", path)(std::io::ErrorKind::NotFound.into()))?;
        let outline: Outline = serde_json::from_slice(&bytes).map_err(|e| CustodyError::damaged(&what, e))?;
        outline.check(&what)?;
        // the rest of the text was checked, so what fails now is the passphrase
        PrivateKeySigner::decrypt_keystore(path, passphrase.expose())
            .map(Self::from)
            .map_err(|_| CustodyError::WrongPassphrase { what })
    }
}

impl Outline {
    fn check(&self, what: &str) -> Result<(), CustodyError> {
        let crypto = &self.crypto;
        let is_hex = |text: &str, bytes: usize| text.len() == 2 * bytes && hex::decode(text).is_ok();
        let refuse = |reason: &str| Err(CustodyError::damaged(what, reason));
        if self.version != 3 {
            return refuse("its version is not 3");
        }
        if crypto.cipher != "aes-128-ctr" || !is_hex(&crypto.cipherparams.iv, 16) {
            return refuse("its cipher is not aes-128-ctr with a vector of 16 bytes");
        }
        if !is_hex(&crypto.ciphertext, 32) || !is_hex(&crypto.mac, 32) {
            return refuse("its ciphertext or its code is not 32 bytes");
        }
        if crypto.kdfparams.dklen != 32 {
            return refuse("its derived key is not 32 bytes");
        }
        crypto.kdfparams.check(what, &crypto.kdf)
    }
}

impl KdfParameters {
    fn check(&self, what: &str, kdf: &str) -> Result<(), CustodyError> {
        let refuse = |reason: &str| Err(CustodyError::damaged(what, reason));
        let asked = match (kdf, self) {
            (
                "scrypt",
                Self {
                    n: Some(n),
                    r: Some(r),
                    p: Some(p),
                    c: None,
                    ..
                },
            ) => {
                if !n.is_power_of_two() || *n < 2 || *r == 0 || *p == 0 {
                    return refuse("its scrypt parameters are out of range");
                }
                let memory = n.saturating_mul(*r).saturating_mul(128);
                let is_bearable = memory <= 1 << 30 && *p <= 16;
                (!is_bearable).then(|| format!("scrypt with n = {n}, r = {r}, p = {p}"))
            }
            (
                "pbkdf2",
                Self {
                    c: Some(c),
                    n: None,
                    r: None,
                    p: None,
                    ..
                },
            ) => {
                if *c == 0 {
                    return refuse("its PBKDF2 rounds are none");
                }
                (*c > 10_000_000).then(|| format!("PBKDF2 with {c} rounds"))
            }
            _ => return refuse("its key derivation is neither scrypt nor PBKDF2"),
        };
        match asked {
            None => Ok(()),
            Some(asked) => Err(CustodyError::TooCostly {
                what: what.to_owned(),
                asked,
                bound: BOUND,
            }),
        }
    }
}
