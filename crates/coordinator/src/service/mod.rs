//! The service behind every interface: one facade, parsed requests in, views and jobs out.
//!
//! It is *not* an interface: it knows no HTTP, no sockets and no wire formats. Whoever calls has checked who is asking.
//!
//! Start reading at [`Service`].
//!
//! - `parts`        what a service is built of
//! - `running`      starting and stopping
//! - `sweep`        forgetting what was kept for long enough
//! - `health`       how everything is
//! - `polls`        watching and looking
//! - `publishing`   a poll's whole result under one root, and relayed batches that others have kept
//! - `acting`       what becomes a job
//! - `deploying`    deployments: what they would do, and doing it
//! - `scheduling`   what happens later
//! - `sending`      who sends transactions, and what somebody's own wallet is to send
//! - `transactions` what they signed
//! - `delegated`    session keys, and what owners of accounts allow them
//! - `keys`         coordinator keys, and what was deployed
//! - `requests`     what can be asked for
//! - `views`        what is told
//! - `error`        what can go wrong, and who acts then
//! - `legacy`       the existing service's numbers for that

mod acting;
mod delegated;
mod deploying;
mod error;
mod health;
mod keys;
mod legacy;
mod parts;
mod polls;
mod publishing;
mod requests;
mod running;
mod scheduling;
mod sending;
mod sweep;
mod transactions;
mod views;

pub use error::{ServiceError, StatusClass};
pub use legacy::LegacyCode;
pub use maci_custody::{CoordinatorKey, KeyName, Passphrase, Restored, Vault};
pub use parts::{Parts, RoundSettings};
pub use requests::{
    DeployMaciRequest, DeployPollRequest, FinalisationRequest, GenerateRequest, Grace, JobQuery, MergeRequest, Source,
    SubmitRequest, WatchRequest,
};
pub use running::Service;
pub use sending::{SenderOnChain, SenderView};
pub use transactions::{AttemptView, SignedKind, TransactionQuery, TransactionView};
pub use views::{
    BatchCounts, ChainHealth, CircuitHealth, Counts, HealthReport, JobHandle, JobView, KeyView, PollSummary, PollView,
    ProofView, PublicationView, TallyView, Timeline, WatchView,
};
