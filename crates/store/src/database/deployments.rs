//! Steps of deployments that were done, and the contracts they left.

use maci_protocol::ids::{ChainId, EthAddress, PollId, TxHash};
use maci_protocol::time::Timestamp;

use super::Db;
use super::column::{parsed, signed, unsigned, word};
use crate::error::StoreError;

/// Which step of which deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentStep {
    /// The chain.
    pub chain: ChainId,
    /// The deployment's name.
    pub deployment: String,
    /// The step's name.
    pub step: String,
    /// What tells its call from others by the same name.
    pub fingerprint: String,
}

/// What a step left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepLeft {
    /// The transaction; none if it chose something that was there.
    pub transaction: Option<TxHash>,
    /// What later steps ask for.
    pub address: Option<EthAddress>,
    /// The poll's number, if it made one.
    pub poll: Option<PollId>,
}

/// A contract that was deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployedContract {
    /// The chain.
    pub chain: ChainId,
    /// Where.
    pub address: EthAddress,
    /// Its id in `deployed-contracts.json`.
    pub contract: String,
    /// The deployment's name.
    pub deployment: String,
    /// The transaction.
    pub transaction: TxHash,
    /// The constructor's arguments, as JSON text.
    pub arguments: Option<String>,
    /// The libraries it was linked with, as JSON text.
    pub libraries: Option<String>,
    /// The poll it belongs to.
    pub poll: Option<PollId>,
}

#[derive(sqlx::FromRow)]
struct StepRow {
    tx_hash: Option<String>,
    address: Option<String>,
    poll: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct ContractRow {
    chain: i64,
    address: String,
    contract: String,
    deployment: String,
    tx_hash: String,
    arguments: Option<String>,
    libraries: Option<String>,
    poll: Option<i64>,
}

/// Deployments, step by step.
#[derive(Debug, Clone)]
pub struct DeploymentSteps {
    db: Db,
}

impl DeploymentSteps {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// What a step left, if it was done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, step: &DeploymentStep) -> Result<Option<StepLeft>, StoreError> {
        let row: Option<StepRow> = sqlx::query_as(
            "SELECT tx_hash, address, poll FROM deployment_steps \
             WHERE chain = $1 AND deployment = $2 AND step = $3 AND fingerprint = $4",
        )
        .bind(signed("a chain's id", step.chain.0)?)
        .bind(&step.deployment)
        .bind(&step.step)
        .bind(&step.fingerprint)
        .fetch_optional(self.db.pool())
        .await
        .map_err(StoreError::database("looking for a deployment's step"))?;
        row.map(StepLeft::try_from).transpose()
    }

    /// Whether any step of a deployment was done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_begun(&self, chain: ChainId, deployment: &str) -> Result<bool, StoreError> {
        let found = sqlx::query("SELECT step FROM deployment_steps WHERE chain = $1 AND deployment = $2 LIMIT 1")
            .bind(signed("a chain's id", chain.0)?)
            .bind(deployment.to_owned())
            .fetch_optional(self.db.pool())
            .await
            .map_err(StoreError::database("looking for a deployment"))?;
        Ok(found.is_some())
    }

    /// Keeps what a step left with all contracts it deployed, in one transaction. What was kept before is replaced.
    ///
    /// # Errors
    /// When the database fails; then nothing is kept.
    pub async fn keep(
        &self,
        step: &DeploymentStep,
        left: &StepLeft,
        contracts: &[DeployedContract],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "keeping a deployment's step";
        let poll = |poll: Option<PollId>| poll.map(|poll| signed("a poll's number", poll.0)).transpose();
        let mut work = self.db.writing("deployments", doing).await?;
        sqlx::query(
            "INSERT INTO deployment_steps (chain, deployment, step, fingerprint, tx_hash, address, poll, done_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (chain, deployment, step, fingerprint) \
             DO UPDATE SET tx_hash = excluded.tx_hash, address = excluded.address, poll = excluded.poll, \
             done_at = excluded.done_at",
        )
        .bind(signed("a chain's id", step.chain.0)?)
        .bind(word("a deployment's name", &step.deployment)?)
        .bind(word("a step's name", &step.step)?)
        .bind(word("a fingerprint", &step.fingerprint)?)
        .bind(left.transaction.map(|hash| hash.to_string()))
        .bind(left.address.map(|at| at.to_lower_hex()))
        .bind(poll(left.poll)?)
        .bind(now.0)
        .execute(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        for one in contracts {
            sqlx::query(
                "INSERT INTO deployed_contracts \
                 (chain, address, contract, deployment, tx_hash, arguments, libraries, poll, done_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (chain, address) DO UPDATE SET \
                 contract = excluded.contract, deployment = excluded.deployment, tx_hash = excluded.tx_hash, \
                 arguments = excluded.arguments, libraries = excluded.libraries, poll = excluded.poll, \
                 done_at = excluded.done_at",
            )
            .bind(signed("a chain's id", one.chain.0)?)
            .bind(one.address.to_lower_hex())
            .bind(word("a contract's id", &one.contract)?)
            .bind(word("a deployment's name", &one.deployment)?)
            .bind(one.transaction.to_string())
            .bind(one.arguments.clone())
            .bind(one.libraries.clone())
            .bind(poll(one.poll)?)
            .bind(now.0)
            .execute(&mut *work)
            .await
            .map_err(StoreError::database(doing))?;
        }
        work.commit().await.map_err(StoreError::database(doing))
    }

    /// Every contract that was deployed on a chain, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn contracts(&self, chain: ChainId) -> Result<Vec<DeployedContract>, StoreError> {
        let rows: Vec<ContractRow> = sqlx::query_as(
            "SELECT chain, address, contract, deployment, tx_hash, arguments, libraries, poll \
             FROM deployed_contracts WHERE chain = $1 ORDER BY done_at DESC, address",
        )
        .bind(signed("a chain's id", chain.0)?)
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("reading deployed contracts"))?;
        rows.into_iter().map(DeployedContract::try_from).collect()
    }
}

fn poll(number: Option<i64>) -> Result<Option<PollId>, StoreError> {
    number
        .map(|number| unsigned("a poll's number", number).map(PollId))
        .transpose()
}

impl TryFrom<StepRow> for StepLeft {
    type Error = StoreError;

    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        let hash = row.tx_hash.as_deref().map(|text| parsed("a transaction's hash", text));
        let address = row.address.as_deref().map(|text| parsed("a contract's address", text));
        Ok(Self {
            transaction: hash.transpose()?,
            address: address.transpose()?,
            poll: poll(row.poll)?,
        })
    }
}

impl TryFrom<ContractRow> for DeployedContract {
    type Error = StoreError;

    fn try_from(row: ContractRow) -> Result<Self, StoreError> {
        Ok(Self {
            chain: ChainId(unsigned("a chain's id", row.chain)?),
            address: parsed("a contract's address", &row.address)?,
            contract: row.contract,
            deployment: row.deployment,
            transaction: parsed("a transaction's hash", &row.tx_hash)?,
            arguments: row.arguments,
            libraries: row.libraries,
            poll: poll(row.poll)?,
        })
    }
}
