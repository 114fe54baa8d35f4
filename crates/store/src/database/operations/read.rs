use maci_protocol::ids::{BlockNumber, ChainId, EthAddress};
use sqlx::AnyConnection;

use super::super::column::{parsed, unsigned};
use super::{OperationKey, OperationRow, OperationState, Operations};
use crate::error::StoreError;

#[derive(sqlx::FromRow)]
struct Columns {
    id: String,
    account: String,
    nonce: String,
    since_block: i64,
    state: String,
    mined: Option<Vec<u8>>,
}

impl Operations {
    /// The newest operation with this purpose, whatever became of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest(&self, chain: ChainId, purpose: &str) -> Result<Option<OperationRow>, StoreError> {
        let doing = "looking for an operation";
        let mut reading = self.db.reading(doing).await?;
        let row: Option<Columns> = sqlx::query_as(
            "SELECT id, account, nonce, since_block, state, mined FROM operations WHERE id = \
             (SELECT operation FROM operation_purposes WHERE chain = $1 AND purpose = $2 \
              ORDER BY generation DESC LIMIT 1)",
        )
        .bind(chain.to_string())
        .bind(purpose)
        .fetch_optional(&mut *reading)
        .await
        .map_err(StoreError::database(doing))?;
        match row {
            Some(row) => whole(&mut reading, chain, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The account's live operations, ascending by nonce.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn live(&self, chain: ChainId, account: EthAddress) -> Result<Vec<OperationRow>, StoreError> {
        let doing = "looking for live operations";
        let mut reading = self.db.reading(doing).await?;
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT id, account, nonce, since_block, state, mined FROM operations \
             WHERE chain = $1 AND account = $2 AND state = 'live' ORDER BY nonce",
        )
        .bind(chain.to_string())
        .bind(account.to_lower_hex())
        .fetch_all(&mut *reading)
        .await
        .map_err(StoreError::database(doing))?;
        let mut live = Vec::with_capacity(rows.len());
        for row in rows {
            live.push(whole(&mut reading, chain, row).await?);
        }
        Ok(live)
    }
}

/// The operation of a row, with its purposes and attempts.
async fn whole(database: &mut AnyConnection, chain: ChainId, row: Columns) -> Result<OperationRow, StoreError> {
    let purposes = sqlx::query_scalar("SELECT purpose FROM operation_purposes WHERE operation = $1 ORDER BY place")
        .bind(&row.id)
        .fetch_all(&mut *database)
        .await
        .map_err(StoreError::database("reading an operation's purposes"))?;
    let documents = sqlx::query_scalar("SELECT document FROM operation_attempts WHERE operation = $1 ORDER BY attempt")
        .bind(&row.id)
        .fetch_all(&mut *database)
        .await
        .map_err(StoreError::database("reading an operation's attempts"))?;
    Ok(OperationRow {
        chain,
        account: parsed("an operation's account", &row.account)?,
        since: BlockNumber(unsigned("an operation's block", row.since_block)?),
        state: OperationState::from_columns(&row.state, row.mined.as_deref())?,
        key: OperationKey(row.id),
        nonce: row.nonce,
        purposes,
        documents,
    })
}
