use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Cost;
use crate::error::CustodyError;

const FORMAT: &str = "maci-sealed-key";
const VERSION: u64 = 1;

/// A sealed key as its file holds it. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SealedFile {
    format: String,
    version: u64,
    /// What the key is for.
    pub(crate) kind: String,
    /// What it is called.
    pub(crate) name: String,
    /// Its public half, readable without the passphrase, vouched for by the seal.
    pub(crate) public: String,
    pub(super) kdf: Kdf,
    pub(super) cipher: Cipher,
    /// SHA-256 of everything above.
    checksum: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Kdf {
    name: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    #[serde(with = "as_hex")]
    pub(super) salt: [u8; 16],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Cipher {
    name: String,
    #[serde(with = "as_hex")]
    pub(super) nonce: [u8; 24],
    #[serde(with = "as_hex")]
    pub(super) ciphertext: Vec<u8>,
}

/// Enough of any version's file to tell which version it is.
#[derive(Deserialize)]
struct Heading {
    format: String,
    version: u64,
}

impl Kdf {
    pub(super) fn new(cost: Cost, salt: [u8; 16]) -> Self {
        let Cost {
            memory_kib,
            passes,
            lanes,
        } = cost;
        Self {
            name: "argon2id".to_owned(),
            memory_kib,
            passes,
            lanes,
            salt,
        }
    }

    pub(super) fn cost(&self) -> Cost {
        Cost {
            memory_kib: self.memory_kib,
            passes: self.passes,
            lanes: self.lanes,
        }
    }
}

impl Cipher {
    pub(super) fn new(nonce: [u8; 24]) -> Self {
        Self {
            name: "xchacha20-poly1305".to_owned(),
            nonce,
            ciphertext: Vec::new(),
        }
    }
}

impl SealedFile {
    pub(super) fn new(kind: &str, name: &str, public: &str, kdf: Kdf, cipher: Cipher) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            kind: kind.to_owned(),
            name: name.to_owned(),
            public: public.to_owned(),
            kdf,
            cipher,
            checksum: String::new(),
        }
    }

    /// Everything the seal binds beside the secret: each field with its length in front.
    pub(super) fn bound(&self) -> Vec<u8> {
        let numbers = [self.kdf.memory_kib, self.kdf.passes, self.kdf.lanes].map(u32::to_be_bytes);
        let fields: [&[u8]; 10] = [
            self.format.as_bytes(),
            &self.version.to_be_bytes(),
            self.kind.as_bytes(),
            self.name.as_bytes(),
            self.public.as_bytes(),
            self.kdf.name.as_bytes(),
            &numbers.concat(),
            &self.kdf.salt,
            self.cipher.name.as_bytes(),
            &self.cipher.nonce,
        ];
        let mut bound = Vec::new();
        for field in fields {
            bound.extend_from_slice(&(field.len() as u64).to_be_bytes());
            bound.extend_from_slice(field);
        }
        bound
    }

    fn right_checksum(&self) -> String {
        let hash = Sha256::new().chain_update(self.bound());
        hex::encode(hash.chain_update(&self.cipher.ciphertext).finalize())
    }

    /// The file's text, in the one spelling that is read back.
    pub(crate) fn to_text(&self) -> Result<String, CustodyError> {
        let whole = Self {
            checksum: self.right_checksum(),
            ..self.clone()
        };
        serde_json::to_string_pretty(&whole).map_err(|_| CustodyError::Sealing {
            what: self.name.clone(),
            reason: "it cannot be written as JSON",
        })
    }

    /// Reads a file's text; `what` names the file in errors. Only the spelling of
    /// [`Self::to_text`] is taken, so that no byte can differ unnoticed.
    pub(crate) fn parse(what: &str, bytes: &[u8]) -> Result<Self, CustodyError> {
        let bytes = bytes.trim_ascii_end();
        let heading: Heading = serde_json::from_slice(bytes).map_err(|e| CustodyError::damaged(what, e))?;
        if heading.format != FORMAT {
            return Err(CustodyError::damaged(what, "it is no sealed key"));
        }
        if heading.version > VERSION {
            return Err(CustodyError::NewerFormat {
                what: what.to_owned(),
                version: heading.version,
            });
        }
        let file: Self = serde_json::from_slice(bytes).map_err(|e| CustodyError::damaged(what, e))?;
        if file.to_text()?.as_bytes() != bytes {
            return Err(CustodyError::damaged(what, "its checksum or its spelling is wrong"));
        }
        let expected = Self::new("", "", "", Kdf::new(file.kdf.cost(), [0; 16]), Cipher::new([0; 24]));
        if file.version != VERSION || file.kdf.name != expected.kdf.name || file.cipher.name != expected.cipher.name {
            return Err(CustodyError::damaged(what, "it names another way of sealing"));
        }
        if !file.kdf.cost().is_bearable() {
            return Err(CustodyError::TooCostly {
                what: what.to_owned(),
                asked: format!(
                    "{} KiB, {} passes and {} lanes",
                    file.kdf.memory_kib, file.kdf.passes, file.kdf.lanes
                ),
                bound: Cost::BOUND,
            });
        }
        Ok(file)
    }
}

/// Bytes as hexadecimal text.
mod as_hex {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<Vec<u8>>>(deserializer: D) -> Result<T, D::Error> {
        let bytes = hex::decode(String::deserialize(deserializer)?).map_err(de::Error::custom)?;
        bytes
            .try_into()
            .map_err(|_| de::Error::custom("bytes of another number"))
    }
}
