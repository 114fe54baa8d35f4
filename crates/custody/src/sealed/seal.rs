use chacha20poly1305::aead::{AeadInPlace, KeyInit};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::format::{Cipher, Kdf};
use super::{Cost, SealedFile};
use crate::entropy::random;
use crate::error::CustodyError;
use crate::passphrase::Passphrase;

/// A key's secret is 32 bytes; only a backup is longer.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

/// Bytes of the seal behind the ciphertext.
const TAG: usize = 16;

/// Whose secret it is. All of it is bound by the seal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// What the key is for.
    pub(crate) kind: &'a str,
    /// What it is called.
    pub(crate) name: &'a str,
    /// Its public half.
    pub(crate) public: &'a str,
}

/// Seals a secret under a passphrase.
pub(crate) fn seal(
    subject: Subject<'_>,
    secret: &[u8],
    passphrase: &Passphrase,
    cost: Cost,
) -> Result<SealedFile, CustodyError> {
    let Subject { kind, name, public } = subject;
    let (salt, nonce) = (random::<16>()?, random::<24>()?);
    let mut file = SealedFile::new(kind, name, public, Kdf::new(cost, *salt), Cipher::new(*nonce));
    let cipher = derived(&file, passphrase, name)?;
    let mut buffer = Zeroizing::new(secret.to_vec());
    let tag = cipher
        .encrypt_in_place_detached(XNonce::from_slice(&nonce[..]), &file.bound(), &mut buffer[..])
        .map_err(|_| CustodyError::Sealing {
            what: name.to_owned(),
            reason: "the cipher refused it",
        })?;
    file.cipher.ciphertext = [&buffer[..], &tag[..]].concat();
    Ok(file)
}

/// Opens a key's sealed secret; `what` names it in errors.
pub(crate) fn open(what: &str, file: &SealedFile, passphrase: &Passphrase) -> Result<Secret, CustodyError> {
    if file.cipher.ciphertext.len() != 32 + TAG {
        return Err(wrong_size(what));
    }
    let opened = open_any(what, file, passphrase)?;
    let mut secret = Zeroizing::new([0; 32]);
    secret.iter_mut().zip(opened.iter()).for_each(|(to, from)| *to = *from);
    Ok(secret)
}

/// Opens a sealed secret of any length.
pub(crate) fn open_any(
    what: &str,
    file: &SealedFile,
    passphrase: &Passphrase,
) -> Result<Zeroizing<Vec<u8>>, CustodyError> {
    let (ciphertext, tag) = file
        .cipher
        .ciphertext
        .split_last_chunk::<TAG>()
        .ok_or_else(|| wrong_size(what))?;
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    derived(file, passphrase, what)?
        .decrypt_in_place_detached(
            XNonce::from_slice(&file.cipher.nonce),
            &file.bound(),
            &mut buffer[..],
            Tag::from_slice(tag),
        )
        .map_err(|_| CustodyError::WrongPassphrase { what: what.to_owned() })?;
    Ok(buffer)
}

fn wrong_size(what: &str) -> CustodyError {
    CustodyError::damaged(what, "its secret has another size")
}

fn derived(file: &SealedFile, passphrase: &Passphrase, what: &str) -> Result<XChaCha20Poly1305, CustodyError> {
    let mut key = Zeroizing::new([0; 32]);
    file.kdf
        .cost()
        .argon2()?
        .hash_password_into(passphrase.expose(), &file.kdf.salt, &mut key[..])
        .map_err(|_| CustodyError::Sealing {
            what: what.to_owned(),
            reason: "the passphrase is too long",
        })?;
    Ok(XChaCha20Poly1305::new(key.as_slice().into()))
}
