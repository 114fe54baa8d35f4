//! Answers that a repeated request gets again.

use maci_protocol::time::Timestamp;
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use uuid::Uuid;

use super::Db;
use super::column::{exactly, id_if_any, word};
use crate::error::StoreError;

/// What a request was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// What is known of a request's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing: it is this caller's now, and the request is to be done.
    New,
    /// The same request was answered: answer it so again.
    Answered {
        /// The answer.
        answer: Answer,
        /// The job it began, if it began one.
        job: Option<Uuid>,
    },
    /// The same request has no answer yet: it is being done, or whoever did it died.
    Unanswered {
        /// Since when.
        since: Timestamp,
        /// The job it began, if it got that far.
        job: Option<Uuid>,
    },
    /// Another request had this key: refuse.
    OtherRequest,
}

#[derive(sqlx::FromRow)]
struct Columns {
    request_hash: Vec<u8>,
    began_at: i64,
    job: Option<String>,
    status: Option<i64>,
    body: Option<Vec<u8>>,
}

impl Columns {
    fn judge(self, request: &[u8; 32]) -> Result<Earlier, StoreError> {
        if exactly::<32>("a request's hash", &self.request_hash)? != *request {
            return Ok(Earlier::OtherRequest);
        }
        let job = id_if_any("a request's job", self.job.as_deref())?;
        let (Some(status), Some(body)) = (self.status, self.body) else {
            let since = Timestamp(self.began_at);
            return Ok(Earlier::Unanswered { since, job });
        };
        let status = u16::try_from(status).map_err(|_| StoreError::DamagedRow {
            what: format!("an answer's status is {status}"),
        })?;
        let answer = Answer { status, body };
        Ok(Earlier::Answered { answer, job })
    }
}

/// Keys of requests, each with what it was answered.
#[derive(Debug, Clone)]
pub struct Idempotency {
    db: Db,
}

impl Idempotency {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Takes a key for a request, named by the hash of everything that makes it what it is, or says what is known of
    /// the key. Of several that come at once, one finds it [`Earlier::New`].
    ///
    /// # Errors
    /// When the database fails; then the request must not be done.
    pub async fn begin(
        &self,
        caller: &str,
        key: &str,
        request: &[u8; 32],
        now: Timestamp,
    ) -> Result<Earlier, StoreError> {
        let doing = "looking for an earlier request";
        let mut work = self.db.writing("idempotency", doing).await?;
        let earlier: Option<Columns> = sqlx::query_as(
            "SELECT request_hash, began_at, job, status, body FROM idempotency \
             WHERE caller = $1 AND idempotency_key = $2",
        )
        .bind(word("a caller", caller)?)
        .bind(word("an idempotency key", key)?)
        .fetch_optional(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        if let Some(earlier) = earlier {
            return earlier.judge(request);
        }
        sqlx::query(
            "INSERT INTO idempotency (caller, idempotency_key, request_hash, began_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(caller)
        .bind(key)
        .bind(&request[..])
        .bind(now.0)
        .execute(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        work.commit().await.map_err(StoreError::database(doing))?;
        Ok(Earlier::New)
    }

    /// Notes the job that a request began.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_job(&self, caller: &str, key: &str, job: Uuid) -> Result<(), StoreError> {
        self.change(
            sqlx::query("UPDATE idempotency SET job = $3 WHERE caller = $1 AND idempotency_key = $2")
                .bind(caller.to_owned())
                .bind(key.to_owned())
                .bind(job.to_string()),
        )
        .await
        .map(|_| ())
    }

    /// Stores the answer of a request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answer(&self, caller: &str, key: &str, answer: &Answer) -> Result<(), StoreError> {
        self.change(
            sqlx::query("UPDATE idempotency SET status = $3, body = $4 WHERE caller = $1 AND idempotency_key = $2")
                .bind(caller.to_owned())
                .bind(key.to_owned())
                .bind(i64::from(answer.status))
                .bind(answer.body.clone()),
        )
        .await
        .map(|_| ())
    }

    /// Takes over a request that stayed unanswered since then. False if somebody else did, or it was answered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_over(
        &self,
        caller: &str,
        key: &str,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.change(
            sqlx::query(
                "UPDATE idempotency SET began_at = $4 \
                 WHERE caller = $1 AND idempotency_key = $2 AND began_at = $3 AND status IS NULL",
            )
            .bind(caller.to_owned())
            .bind(key.to_owned())
            .bind(since.0)
            .bind(now.0),
        )
        .await
    }

    /// Gives a key back whose request did nothing, so that it can be tried again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_back(&self, caller: &str, key: &str) -> Result<(), StoreError> {
        self.change(
            sqlx::query("DELETE FROM idempotency WHERE caller = $1 AND idempotency_key = $2 AND status IS NULL")
                .bind(caller.to_owned())
                .bind(key.to_owned()),
        )
        .await
        .map(|_| ())
    }

    /// Forgets requests from before a moment, and answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM idempotency WHERE began_at < $1")
            .bind(before.0)
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("pruning earlier requests"))?;
        Ok(done.rows_affected())
    }

    async fn change(&self, query: Query<'static, sqlx::Any, AnyArguments>) -> Result<bool, StoreError> {
        let done = query
            .execute(self.db.pool())
            .await
            .map_err(StoreError::database("storing an answer"))?;
        Ok(done.rows_affected() > 0)
    }
}
