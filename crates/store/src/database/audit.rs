//! Who did what: each entry is sealed by the next.

use maci_protocol::time::Timestamp;
use sha2::{Digest, Sha256};

use super::column::exactly;
use super::{Db, Page};
use crate::error::StoreError;

/// The hash before the first entry.
const BEGINNING: [u8; 32] = [0; 32];

/// Entries read at a time while the chain is checked.
const STRETCH: i64 = 1_000;

/// Something that was done, or tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who: a name, an address and a role, or `nobody`.
    pub who: String,
    /// What.
    pub what: String,
    /// To what.
    pub target: String,
    /// How it ended.
    pub outcome: String,
    /// The id of the request, as logs have it.
    pub request: Option<String>,
}

/// An entry in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place, from 1 on, without gaps.
    pub number: i64,
    /// What was done.
    pub entry: AuditEntry,
    /// The hash of the entry before it.
    pub previous: [u8; 32],
    /// The hash of all this.
    pub hash: [u8; 32],
}

/// Whether the entries still follow from one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditChain {
    /// They do. Whoever keeps number and hash elsewhere will notice later if the end was cut off.
    Whole {
        /// How many there are.
        entries: i64,
        /// The hash of the newest.
        hash: [u8; 32],
    },
    /// From this one on they do not: it, or what was before it, was changed or removed.
    Broken {
        /// Its number.
        number: i64,
    },
}

#[derive(sqlx::FromRow)]
struct Columns {
    entry_number: i64,
    happened_at: i64,
    who: String,
    what: String,
    target: String,
    outcome: String,
    request: Option<String>,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl TryFrom<Columns> for AuditRow {
    type Error = StoreError;

    fn try_from(row: Columns) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.entry_number,
            entry: AuditEntry {
                at: Timestamp(row.happened_at),
                who: row.who,
                what: row.what,
                target: row.target,
                outcome: row.outcome,
                request: row.request,
            },
            previous: exactly("an audit entry's previous hash", &row.previous)?,
            hash: exactly("an audit entry's hash", &row.hash)?,
        })
    }
}

impl AuditRow {
    fn follow(previous: Option<(i64, [u8; 32])>, entry: &AuditEntry) -> Self {
        let (last, previous) = previous.unwrap_or((0, BEGINNING));
        let number = last.saturating_add(1);
        Self {
            number,
            hash: seal(&previous, number, entry),
            entry: entry.clone(),
            previous,
        }
    }
}

/// The hash of an entry in its place.
fn seal(previous: &[u8; 32], number: i64, entry: &AuditEntry) -> [u8; 32] {
    let AuditEntry {
        at,
        who,
        what,
        target,
        outcome,
        request,
    } = entry;
    let mut hash = Sha256::new()
        .chain_update(previous)
        .chain_update(number.to_be_bytes())
        .chain_update(at.0.to_be_bytes())
        .chain_update([u8::from(request.is_some())]);
    for text in [who, what, target, outcome, request.as_ref().unwrap_or(&String::new())] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().into()
}

/// The audit log. Entries are added, and never changed or removed.
#[derive(Debug, Clone)]
pub struct Audit {
    db: Db,
}

impl Audit {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Adds an entry and seals the one before. Zero bytes, which a database's texts cannot have, are shown as `␀`.
    ///
    /// # Errors
    /// When the database fails; then what was to be recorded should not be done.
    pub async fn append(&self, entry: &AuditEntry) -> Result<AuditRow, StoreError> {
        let doing = "adding to the audit log";
        let mut work = self.db.writing("audit", doing).await?;
        let newest: Option<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT entry_number, hash FROM audit ORDER BY entry_number DESC LIMIT 1")
                .fetch_optional(&mut *work)
                .await
                .map_err(StoreError::database(doing))?;
        let newest = newest
            .map(|(number, hash)| exactly("an audit entry's hash", &hash).map(|hash| (number, hash)))
            .transpose()?;
        let row = AuditRow::follow(newest, &storable(entry));
        sqlx::query(
            "INSERT INTO audit (entry_number, happened_at, who, what, target, outcome, request, previous, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(row.number)
        .bind(row.entry.at.0)
        .bind(&row.entry.who)
        .bind(&row.entry.what)
        .bind(&row.entry.target)
        .bind(&row.entry.outcome)
        .bind(row.entry.request.as_deref())
        .bind(&row.previous[..])
        .bind(&row.hash[..])
        .execute(&mut *work)
        .await
        .map_err(StoreError::database(doing))?;
        work.commit().await.map_err(StoreError::database(doing))?;
        Ok(row)
    }

    /// Entries, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(&self, page: Page<i64>) -> Result<Vec<AuditRow>, StoreError> {
        let found: Vec<Columns> = sqlx::query_as(
            "SELECT entry_number, happened_at, who, what, target, outcome, request, previous, hash FROM audit \
             WHERE entry_number < $1 ORDER BY entry_number DESC LIMIT $2",
        )
        .bind(page.after.unwrap_or(i64::MAX))
        .bind(page.rows())
        .fetch_all(self.db.pool())
        .await
        .map_err(StoreError::database("reading the audit log"))?;
        found.into_iter().map(AuditRow::try_from).collect()
    }

    /// Checks that every entry seals the one before it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check(&self) -> Result<AuditChain, StoreError> {
        let mut last: Option<(i64, [u8; 32])> = None;
        loop {
            let found: Vec<Columns> = sqlx::query_as(
                "SELECT entry_number, happened_at, who, what, target, outcome, request, previous, hash FROM audit \
                 WHERE entry_number > $1 ORDER BY entry_number LIMIT $2",
            )
            .bind(last.map_or(0, |(number, _)| number))
            .bind(STRETCH)
            .fetch_all(self.db.pool())
            .await
            .map_err(StoreError::database("checking the audit log"))?;
            if found.is_empty() {
                let (entries, hash) = last.unwrap_or((0, BEGINNING));
                return Ok(AuditChain::Whole { entries, hash });
            }
            for columns in found {
                let row = AuditRow::try_from(columns)?;
                if row != AuditRow::follow(last, &row.entry) {
                    return Ok(AuditChain::Broken { number: row.number });
                }
                last = Some((row.number, row.hash));
            }
        }
    }
}

/// The entry as both engines can hold it.
fn storable(entry: &AuditEntry) -> AuditEntry {
    let clean = |text: &String| text.replace('\0', "␀");
    AuditEntry {
        at: entry.at,
        who: clean(&entry.who),
        what: clean(&entry.what),
        target: clean(&entry.target),
        outcome: clean(&entry.outcome),
        request: entry.request.as_ref().map(clean),
    }
}
