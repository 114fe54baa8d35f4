use std::fmt;

use sha2::{Digest, Sha256};

use crate::columns::{read_bytes, read_hash};
use crate::{Store, StoreError};

/// The name of something that took long to make, built from all that went into it: the same
/// ingredients give the same name, and others another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ArtifactKey(String);

impl ArtifactKey {
    /// What kind of thing it is, and its ingredients.
    pub fn of(kind: &str, ingredients: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for ingredient in ingredients {
            // lengths go in as well, so that moving a boundary gives another name
            hash.update((ingredient.len() as u64).to_be_bytes());
            hash.update(ingredient);
        }
        let digest = hash.finalize();
        let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("{kind}/{digits}"))
    }
}

impl fmt::Display for ArtifactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Store {
    /// Stores the bytes under the key, in place of any that were there.
    pub async fn artifact_put(&self, key: &ArtifactKey, bytes: &[u8]) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO artifacts (name, digest, bytes) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, bytes = excluded.bytes",
        )
        .bind(&key.0)
        .bind(Sha256::digest(bytes).to_vec())
        .bind(bytes)
        .execute(&self.pool)
        .await
        .map_err(StoreError::doing("storing an artifact"))?;
        Ok(())
    }

    /// The bytes under the key; none if there are none, or if they are damaged, since what is kept
    /// here can be made again.
    pub async fn artifact_get(&self, key: &ArtifactKey) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT digest, bytes FROM artifacts WHERE name = $1")
            .bind(&key.0)
            .fetch_optional(&self.pool)
            .await
            .map_err(StoreError::doing("reading an artifact"))?;
        let Some(row) = row else { return Ok(None) };
        let (digest, bytes) = (read_hash(&row, "digest")?, read_bytes(&row, "bytes")?);
        let whole = <[u8; 32]>::from(Sha256::digest(&bytes)) == digest;
        Ok(whole.then_some(bytes))
    }
}
