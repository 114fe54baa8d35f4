//! What survives a crash: one folder with a database and files.
//!
//! No SQL is written anywhere else. It is *not* a judge of what it keeps: logs and transactions go
//! in and come out word for word. Everything that belongs together is written in one transaction,
//! and none is held open while somebody waits for a network. The SQL keeps to what SQLite and
//! PostgreSQL both understand.
//!
//! Start reading at [`Store`].
//!
//! - `store`      the folder, opened
//! - `database`   the ledger, which can be fetched again, and signed transactions, which cannot
//! - `disk`       artifacts, polls' files, locks, the record of deployments
//! - `error`      what can fail, and who acts then

mod database;
mod disk;
mod error;
mod store;

pub use database::{Appended, Begun, Intent, IntentKey, IntentState, Intents, Ledger, LedgerState, SignedBytes};
pub use disk::{ArtifactKey, Artifacts, Deployments, Found, PollFolder, PollLock};
pub use error::StoreError;
pub use store::Store;
