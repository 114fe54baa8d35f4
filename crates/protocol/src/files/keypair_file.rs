use maci_crypto::keys::PrivateKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{FileError, indented};

const FILE: &str = "key pair";

/// `{"privateKey": "macisk.…", "publicKey": "macipk.…"}`, as upstream's tools keep a key pair.
pub struct KeypairFile(pub PrivateKey);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    private_key: &'a str,
    public_key: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    private_key: String,
    public_key: String,
}

impl KeypairFile {
    /// The file's text; it holds the secret.
    pub fn to_text(&self) -> Result<Zeroizing<String>, FileError> {
        let (private_key, public_key) = (self.0.serialize(), self.0.public_key().serialize());
        let written = Written {
            private_key: &private_key,
            public_key: &public_key,
        };
        indented(FILE, &written).map(Zeroizing::new)
    }

    /// Reads a file's text and checks that the two keys belong together.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        // The parser's own message could repeat a piece of the text, so only its place is told.
        let read: Read = serde_json::from_str(text)
            .map_err(|e| FileError::new(FILE, format!("not a key pair's JSON, line {}", e.line())))?;
        let private_key = PrivateKey::parse(&Zeroizing::new(read.private_key)).map_err(|e| FileError::new(FILE, e))?;
        if private_key.public_key().serialize() != read.public_key {
            return Err(FileError::new(
                FILE,
                "its public key does not belong to its private key",
            ));
        }
        Ok(Self(private_key))
    }
}

impl std::fmt::Debug for KeypairFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeypairFile(…)")
    }
}
