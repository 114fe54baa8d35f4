use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;
use uuid::Uuid;

use super::super::Page;
use super::super::column::parsed;
use super::read::{Columns, operations, whole};
use super::{ListedOperation, OperationFilter, Operations};
use crate::error::StoreError;

impl Operations {
    /// Operations, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, filter: &OperationFilter, page: Page<Uuid>) -> Result<Vec<ListedOperation>, StoreError> {
        let doing = "listing operations";
        let mut reading = self.db.reading(doing).await?;
        let rows: Vec<Columns> = sqlx::query_as(operations!(
            "WHERE ($1 IS NULL OR chain = $1) AND ($2 IS NULL OR account = $2) AND ($3 IS NULL OR state = $3) \
             AND ($4 IS NULL OR listed_as < $4) ORDER BY listed_as DESC LIMIT $5"
        ))
        .bind(filter.chain.map(|chain| chain.to_string()))
        .bind(filter.account.map(|account| account.to_lower_hex()))
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

    /// The operation of an id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, id: Uuid) -> Result<Option<ListedOperation>, StoreError> {
        let doing = "looking for an operation";
        let mut reading = self.db.reading(doing).await?;
        let row: Option<Columns> = sqlx::query_as(operations!("WHERE listed_as = $1"))
            .bind(id.to_string())
            .fetch_optional(&mut *reading)
            .await
            .map_err(StoreError::database(doing))?;
        match row {
            Some(row) => whole(&mut reading, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Every account that has live operations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts(&self) -> Result<Vec<(ChainId, EthAddress)>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT DISTINCT chain, account FROM operations WHERE state = 'live' ORDER BY chain, account",
        )
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("listing accounts with operations"))?;
        rows.into_iter()
            .map(|(chain, account)| {
                Ok((
                    parsed("an operation's chain", &chain)?,
                    parsed("an operation's account", &account)?,
                ))
            })
            .collect()
    }

    /// What the account's operations on the chain have cost it that were found executed since then, in wei.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spent(&self, chain: ChainId, account: EthAddress, since: Timestamp) -> Result<u128, StoreError> {
        let costs: Vec<(String,)> = sqlx::query_as(
            "SELECT cost FROM operations WHERE chain = $1 AND account = $2 AND settled_at >= $3 AND cost IS NOT NULL",
        )
        .bind(chain.to_string())
        .bind(account.to_lower_hex())
        .bind(since.0)
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("adding up what operations cost"))?;
        costs.into_iter().try_fold(0u128, |sum, (cost,)| {
            let cost: u128 = parsed("an operation's cost", &cost)?;
            Ok(sum.saturating_add(cost))
        })
    }
}
