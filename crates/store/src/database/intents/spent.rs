use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;

use super::super::column::parsed;
use super::Intents;
use crate::error::StoreError;

impl Intents {
    /// What the sender's transactions on the chain have cost that were found mined since then, in wei.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spent(&self, chain: ChainId, sender: EthAddress, since: Timestamp) -> Result<u128, StoreError> {
        let doing = "adding up what was spent";
        let costs: Vec<(String,)> = sqlx::query_as(
            "SELECT cost FROM intents WHERE chain = $1 AND sender = $2 AND settled_at >= $3 AND cost IS NOT NULL",
        )
        .bind(chain.to_string())
        .bind(sender.to_lower_hex())
        .bind(since.0)
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database(doing))?;
        costs.into_iter().try_fold(0u128, |sum, (cost,)| {
            let cost: u128 = parsed("an intent's cost", &cost)?;
            Ok(sum.saturating_add(cost))
        })
    }
}
