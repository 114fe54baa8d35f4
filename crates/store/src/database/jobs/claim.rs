use maci_protocol::time::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::super::column::parsed;
use super::row::{Columns, job_columns};
use super::{JobRow, Jobs, TURN};
use crate::error::StoreError;

impl Jobs {
    /// Takes the job that has been due longest. No two runners, of this or another machine, get the same one.
    ///
    /// # Errors
    /// When the database fails, or this runner cannot prove to others that it lives.
    pub async fn claim_due(&self, now: Timestamp) -> Result<Option<JobRow>, StoreError> {
        let doing = "claiming a job";
        let runner = self.runner.alive().await?;
        let mut work = self.db.writing(TURN, doing).await?;
        let row: Option<Columns> = sqlx::query_as(job_columns!(
            "UPDATE jobs SET state = 'running', attempts = attempts + 1, runner = $1, started_at = $2 WHERE id = \
             (SELECT id FROM jobs WHERE state = 'pending' AND not_before <= $2 ORDER BY not_before, id LIMIT 1) \
             RETURNING",
            ""
        ))
        .bind(runner.to_string())
        .bind(now.0)
        .fetch_optional(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        work.commit().await.map_err(StoreError::database(doing))?;
        row.map(JobRow::try_from).transpose()
    }

    /// When the next waiting job may be claimed; none if none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let earliest: Option<i64> = sqlx::query_scalar("SELECT MIN(not_before) FROM jobs WHERE state = 'pending'")
            .fetch_one(self.db.pool())
            .await
            .map_err(StoreError::database("looking for due jobs"))?;
        Ok(earliest.map(Timestamp))
    }

    /// Ends a claimed job with its result. False if the claim no longer counts, because the job was called off or given
    /// to another runner: then nothing is changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish(&self, claimed: &JobRow, result: &Value, now: Timestamp) -> Result<bool, StoreError> {
        self.end_claim(
            claimed,
            "UPDATE jobs SET state = 'done', result = $3, error = NULL, ended_at = $4 \
             WHERE id = $1 AND attempts = $2 AND state = 'running'",
            (result, now),
        )
        .await
    }

    /// Ends a claimed job with an error, for good. False if the claim no longer counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fail(&self, claimed: &JobRow, error: &Value, now: Timestamp) -> Result<bool, StoreError> {
        self.end_claim(
            claimed,
            "UPDATE jobs SET state = 'failed', error = $3, ended_at = $4 \
             WHERE id = $1 AND attempts = $2 AND state = 'running'",
            (error, now),
        )
        .await
    }

    /// Gives a claimed job back, to be claimed again at that time. False if the claim no longer counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retry_at(&self, claimed: &JobRow, error: &Value, not_before: Timestamp) -> Result<bool, StoreError> {
        self.end_claim(
            claimed,
            "UPDATE jobs SET state = 'pending', error = $3, not_before = $4 \
             WHERE id = $1 AND attempts = $2 AND state = 'running'",
            (error, not_before),
        )
        .await
    }

    async fn end_claim(
        &self,
        claimed: &JobRow,
        statement: &'static str,
        (outcome, time): (&Value, Timestamp),
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(statement)
            .bind(claimed.id.to_string())
            .bind(i64::from(claimed.attempts))
            .bind(outcome.to_string())
            .bind(time.0)
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("ending a job"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives back the jobs of runners that died, to be claimed again at once, and answers them. Their attempts count.
    ///
    /// To be called at start; also now and then where several machines share the work.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn orphans(&self) -> Result<Vec<JobRow>, StoreError> {
        let doing = "looking for orphaned jobs";
        let runners: Vec<String> =
            sqlx::query_scalar("SELECT DISTINCT runner FROM jobs WHERE state = 'running' AND runner <> $1")
                .bind(self.runner.id().to_string())
                .fetch_all(self.db.pool())
                .await
                .map_err(StoreError::database(doing))?;
        let mut orphans = Vec::new();
        for runner in runners {
            let runner: Uuid = parsed("a job's runner", &runner)?;
            let Some(proof) = self.runner.proof_of_death(runner).await? else {
                continue;
            };
            let rows: Vec<Columns> = sqlx::query_as(job_columns!(
                "UPDATE jobs SET state = 'pending' WHERE state = 'running' AND runner = $1 RETURNING",
                ""
            ))
            .bind(runner.to_string())
            .fetch_all(self.db.pool())
            .await
            .map_err(StoreError::database(doing))?;
            for row in rows {
                orphans.push(row.try_into()?);
            }
            proof.bury().await;
        }
        Ok(orphans)
    }
}
