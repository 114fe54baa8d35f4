use maci_crypto::keys::PrivateKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{FileError, indented};

const FILE: &str = "key pair";

/// `{"privateKey": "macisk.…", "publicKey": "macipk.…"}`, as upstream's tools keep a key pair.
pub struct KeypairFile(pub PrivateKey);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Texts {
    private_key: Zeroizing<String>,
    public_key: String,
}

impl KeypairFile {
    /// The file's text; it holds the secret.
    pub fn to_text(&self) -> Result<Zeroizing<String>, FileError> {
        let texts = Texts {
            private_key: self.0.serialize(),
            public_key: self.0.public_key().serialize(),
        };
        indented(FILE, &texts).map(Zeroizing::new)
    }

    /// Reads a file's text and checks that the two keys belong together.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        // The parser's own message could repeat a piece of the text, so only its place is told.
        let texts: Texts = serde_json::from_str(text).map_err(|e| {
            FileError::new(FILE, format!("not a key pair's JSON, line {}", e.line()))
        })?;
        let private_key = PrivateKey::parse(&texts.private_key).map_err(|e| FileError::new(FILE, e))?;
        if private_key.public_key().serialize() != texts.public_key {
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
