use bytes::Bytes;
use futures::{TryStreamExt, stream};
use maci_protocol::cid::ContentDigest;
use maci_protocol::time::Timestamp;

use crate::database::column::{signed, word};
use crate::database::engine::{Db, Work};
use crate::error::StoreError;
use crate::objects::{ArtifactKey, Artifacts, Found};

/// Objects written at the same time.
const WRITES: usize = 8;

/// What kind of artifact a block is.
const KIND: &str = "ipfs block";

/// Something to publish and pin as a whole.
#[derive(Debug, Clone, Copy)]
pub struct NewRoot<'a> {
    /// Its content identifier.
    pub cid: &'a str,
    /// What it is, in a word or two, for people.
    pub why: &'a str,
    /// Names of the targets that are to pin it.
    pub targets: &'a [String],
}

/// Blocks this service has published. Nothing is ever taken back.
#[derive(Debug, Clone)]
pub struct Blocks {
    db: Db,
    artifacts: Artifacts,
}

impl Blocks {
    pub(crate) fn new(db: Db, artifacts: Artifacts) -> Self {
        Self { db, artifacts }
    }

    /// Keeps blocks and the root they hang from; its pins wait from then on. Durable when this returns, and no root is
    /// known whose blocks are not there. Doing it again changes nothing, and mends blocks that were damaged. False if
    /// the root was published before.
    ///
    /// # Errors
    /// When the disk, the bucket or the database fails.
    pub async fn publish(
        &self,
        root: &NewRoot<'_>,
        blocks: &[(ContentDigest, Bytes)],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        stream::iter(blocks.iter().map(Ok))
            .try_for_each_concurrent(WRITES, |(digest, bytes)| async move {
                let key = key(digest);
                match self.artifacts.get(&key).await? {
                    Found::Whole(_) => Ok(()),
                    Found::Missing | Found::Damaged { .. } => self.artifacts.put(&key, bytes).await,
                }
            })
            .await?;
        let mut work = self.db.writing("published content", "publishing content").await?;
        for (digest, bytes) in blocks {
            insert_block(&mut work, digest, bytes.len(), now).await?;
        }
        let is_new = insert_root(&mut work, root, now).await?;
        work.commit()
            .await
            .map_err(StoreError::database("publishing content"))?;
        Ok(is_new)
    }

    /// The block with this digest, if it was published here.
    ///
    /// # Errors
    /// When the disk, the bucket or the database fails; a damaged object is no error.
    pub async fn get(&self, digest: &ContentDigest) -> Result<Found, StoreError> {
        if self.has(digest).await? {
            self.artifacts.get(&key(digest)).await
        } else {
            Ok(Found::Missing)
        }
    }

    /// Whether the block with this digest was published here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has(&self, digest: &ContentDigest) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = sqlx::query_as("SELECT size FROM published_blocks WHERE digest = $1")
            .bind(&digest.0[..])
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("looking for a block"))?;
        Ok(row.is_some())
    }

    /// When a root was published, and as what, if it was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn root(&self, cid: &str) -> Result<Option<(String, Timestamp)>, StoreError> {
        let row: Option<(String, i64)> = sqlx::query_as("SELECT why, published_at FROM published_roots WHERE cid = $1")
            .bind(cid)
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("looking for published content"))?;
        Ok(row.map(|(why, at)| (why, Timestamp(at))))
    }

    /// All roots, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn roots(&self, limit: u32) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT cid, why, published_at FROM published_roots ORDER BY published_at DESC, cid LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("listing published content"))?;
        let row = |(cid, why, at)| (cid, why, Timestamp(at));
        Ok(rows.into_iter().map(row).collect())
    }
}

fn key(digest: &ContentDigest) -> ArtifactKey {
    ArtifactKey::of(KIND, &[&digest.0])
}

async fn insert_block(work: &mut Work, digest: &ContentDigest, size: usize, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO published_blocks (digest, size, stored_at) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING",
    )
    .bind(digest.0.to_vec())
    .bind(signed("block's size", size as u64)?)
    .bind(now.0)
    .execute(&mut **work)
    .await
    .map_err(StoreError::database("storing a block"))?;
    Ok(())
}

async fn insert_root(work: &mut Work, root: &NewRoot<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO published_roots (cid, why, published_at) VALUES ($1, $2, $3) ON CONFLICT (cid) DO NOTHING",
    )
    .bind(word("a content identifier", root.cid)?.to_owned())
    .bind(word("what content is", root.why)?.to_owned())
    .bind(now.0)
    .execute(&mut **work)
    .await
    .map_err(StoreError::database("publishing content"))?;
    for target in root.targets {
        sqlx::query(
            "INSERT INTO pins (cid, target, state, attempts, due, changed_at) \
             VALUES ($1, $2, 'waiting', 0, $3, $4) ON CONFLICT (cid, target) DO NOTHING",
        )
        .bind(root.cid.to_owned())
        .bind(word("a target's name", target)?.to_owned())
        .bind(now.0)
        .bind(now.0)
        .execute(&mut **work)
        .await
        .map_err(StoreError::database("asking for a pin"))?;
    }
    Ok(done.rows_affected() > 0)
}
