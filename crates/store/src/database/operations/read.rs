use maci_protocol::ids::{BlockNumber, ChainId, EthAddress};
use maci_protocol::time::Timestamp;
use sqlx::AnyConnection;

use super::super::column::{parsed, unsigned};
use super::super::intents::Paid;
use super::{Executed, ListedOperation, OperationKey, OperationRow, OperationState, Operations};
use crate::error::StoreError;

/// A row as it is read.
#[derive(sqlx::FromRow)]
pub(super) struct Columns {
    id: String,
    chain: String,
    account: String,
    nonce: String,
    since_block: i64,
    state: String,
    mined: Option<Vec<u8>>,
    listed_as: String,
    created_at: i64,
    settled_at: Option<i64>,
    executed: Option<String>,
    block: Option<i64>,
    gas_used: Option<i64>,
    cost: Option<String>,
}

/// A query for rows.
macro_rules! operations {
    ($tail:literal) => {
        concat!(
            "SELECT id, chain, account, nonce, since_block, state, mined, listed_as, created_at, settled_at, executed, \
             block, gas_used, cost FROM operations ",
            $tail
        )
    };
}
pub(super) use operations;

impl Operations {
    /// The newest operation with this purpose, whatever became of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest(&self, chain: ChainId, purpose: &str) -> Result<Option<OperationRow>, StoreError> {
        let doing = "looking for an operation";
        let mut reading = self.db.reading(doing).await?;
        let row: Option<Columns> = sqlx::query_as(operations!(
            "WHERE id = (SELECT operation FROM operation_purposes WHERE chain = $1 AND purpose = $2 \
              ORDER BY generation DESC LIMIT 1)"
        ))
        .bind(chain.to_string())
        .bind(purpose)
        .fetch_optional(&mut *reading)
        .await
        .map_err(StoreError::database(doing))?;
        match row {
            Some(row) => Ok(Some(whole(&mut reading, row).await?.operation)),
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
        let rows: Vec<Columns> = sqlx::query_as(operations!(
            "WHERE chain = $1 AND account = $2 AND state = 'live' ORDER BY nonce"
        ))
        .bind(chain.to_string())
        .bind(account.to_lower_hex())
        .fetch_all(&mut *reading)
        .await
        .map_err(StoreError::database(doing))?;
        let mut live = Vec::with_capacity(rows.len());
        for row in rows {
            live.push(whole(&mut reading, row).await?.operation);
        }
        Ok(live)
    }
}

/// The operation of a row, with its purposes and attempts.
pub(super) async fn whole(database: &mut AnyConnection, row: Columns) -> Result<ListedOperation, StoreError> {
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
    let executed = match (row.executed, row.block, row.gas_used, &row.cost) {
        (Some(operation), Some(block), Some(gas), Some(cost)) => Some(Executed {
            operation,
            paid: Paid {
                block: BlockNumber(unsigned("an operation's block", block)?),
                gas_used: unsigned("an operation's gas", gas)?,
                wei: parsed("an operation's cost", cost)?,
            },
        }),
        _ => None,
    };
    Ok(ListedOperation {
        id: parsed("an operation's id", &row.listed_as)?,
        created_at: Timestamp(row.created_at),
        settled_at: row.settled_at.map(Timestamp),
        executed,
        operation: OperationRow {
            chain: parsed("an operation's chain", &row.chain)?,
            account: parsed("an operation's account", &row.account)?,
            since: BlockNumber(unsigned("an operation's block", row.since_block)?),
            state: OperationState::from_columns(&row.state, row.mined.as_deref())?,
            key: OperationKey(row.id),
            nonce: row.nonce,
            purposes,
            documents,
        },
    })
}
