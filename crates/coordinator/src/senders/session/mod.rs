//! Smart accounts that act by session keys of this service, each with what the account's owner allowed it.
//!
//! - `settings`   bundlers, sponsors, and what approvals may be
//! - `keep`       session keys made, approvals checked and kept
//! - `accounts`   from a session key to something that puts calls on a chain
//! - `error`      why an approval is not kept or not used

mod accounts;
mod error;
mod keep;
mod settings;

pub(crate) use accounts::Accounts;
pub use error::ApprovalRefused;
pub(crate) use keep::Keeper;
pub use keep::{KeptApproval, SessionKey};
pub use settings::{RouteSettings, SessionSettings, SponsorSettings};
