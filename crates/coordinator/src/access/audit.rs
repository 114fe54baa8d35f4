use maci_store::{AuditChain, AuditEntry, AuditRow, Page};

use super::{Access, AccessError};
use crate::actor::Actor;

/// Something somebody did, or tried to do.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// What: a method and a route, or an event.
    pub action: &'a str,
    /// To what: a path, a poll, a key.
    pub target: &'a str,
    /// How it ended: a status, a refusal.
    pub outcome: &'a str,
    /// The request's id, as logs have it.
    pub request: Option<&'a str>,
}

impl Access {
    /// Writes down what somebody did.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn record(&self, actor: &Actor, deed: Deed<'_>) -> Result<(), AccessError> {
        let entry = AuditEntry {
            at: self.clock.now(),
            who: format!("{} ({})", actor.name, actor.role),
            what: deed.action.to_owned(),
            target: deed.target.to_owned(),
            outcome: deed.outcome.to_owned(),
            request: deed.request.map(str::to_owned),
        };
        self.store.audit().append(&entry).await?;
        Ok(())
    }

    /// Entries of the record, the newest first, from before an entry's number on if one is given.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn recorded(&self, before: Option<i64>, most: u32) -> Result<Vec<AuditRow>, AccessError> {
        let page = Page {
            after: before,
            limit: most,
        };
        Ok(self.store.audit().page(page).await?)
    }

    /// Whether the record still is what was written.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn check_record(&self) -> Result<AuditChain, AccessError> {
        Ok(self.store.audit().check().await?)
    }
}
