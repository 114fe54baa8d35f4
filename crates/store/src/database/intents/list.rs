use maci_protocol::ids::{ChainId, EthAddress};
use uuid::Uuid;

use super::super::Page;
use super::super::column::parsed;
use super::read::{Row, intents, whole};
use super::{IntentFilter, IntentRow, Intents};
use crate::error::StoreError;

impl Intents {
    /// Intents, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, filter: &IntentFilter, page: Page<Uuid>) -> Result<Vec<IntentRow>, StoreError> {
        let doing = "listing intents";
        let mut reading = self.db.reading(doing).await?;
        let query = intents!(
            "WHERE ($1 IS NULL OR chain = $1) AND ($2 IS NULL OR sender = $2) AND ($3 IS NULL OR state = $3) \
             AND ($4 IS NULL OR id < $4) ORDER BY id DESC LIMIT $5"
        );
        let rows: Vec<Row> = sqlx::query_as(query)
            .bind(filter.chain.map(|chain| chain.to_string()))
            .bind(filter.sender.map(|sender| sender.to_lower_hex()))
            .bind(filter.state)
            .bind(page.after.map(|id| id.to_string()))
            .bind(page.rows())
            .fetch_all(&mut *reading)
            .await
            .map_err(StoreError::database(doing))?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            found.push(whole(&mut reading, row).await?);
        }
        Ok(found)
    }

    /// The intent of an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, id: Uuid) -> Result<Option<IntentRow>, StoreError> {
        let doing = "looking for an intent";
        let mut reading = self.db.reading(doing).await?;
        let row: Option<Row> = sqlx::query_as(intents!("WHERE id = $1"))
            .bind(id.to_string())
            .fetch_optional(&mut *reading)
            .await
            .map_err(StoreError::database(doing))?;
        match row {
            Some(row) => whole(&mut reading, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Everybody who has live intents, or had some in the last so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn senders(&self) -> Result<Vec<(ChainId, EthAddress)>, StoreError> {
        let doing = "listing senders of intents";
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT DISTINCT chain, sender FROM (SELECT chain, sender FROM intents WHERE state = 'live' \
             UNION SELECT chain, sender FROM (SELECT chain, sender FROM intents ORDER BY id DESC LIMIT 200) AS newest) \
             AS lately ORDER BY chain, sender",
        )
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database(doing))?;
        rows.into_iter()
            .map(|(chain, sender)| {
                Ok((
                    parsed("an intent's chain", &chain)?,
                    parsed("an intent's sender", &sender)?,
                ))
            })
            .collect()
    }
}
