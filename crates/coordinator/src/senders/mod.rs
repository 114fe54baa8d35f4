//! Who sends transactions: chosen per chain and per request, and never another one in the chosen one's place.
//!
//! - `name`       what senders are called
//! - `choice`     which one a request, a poll or a schedule names
//! - `settings`   the senders an operator describes
//! - `rules`      what an operator lets a sender spend
//! - `export`     somebody's own wallet as a sender
//! - `watch`      what was signed and nobody follows any more
//! - `directory`  from a choice to something that puts calls on a chain
//! - `session`    smart accounts, through session keys of this service
//! - `error`      why a sender cannot be had

mod choice;
mod directory;
mod error;
mod export;
mod name;
mod rules;
mod session;
mod settings;
mod watch;

pub use choice::{BadChoice, SenderChoice};
pub use directory::{Senders, SendersMeans};
pub use error::SendersError;
pub use export::ExportView;
pub use maci_chain::account::Explanation;
pub use name::{BadSenderName, SenderName};
pub use session::{ApprovalRefused, KeptApproval, RouteSettings, SessionKey, SessionSettings, SponsorSettings};
pub use settings::{Limits, SenderKind, SenderSettings, SendersSettings};
pub(crate) use watch::watch;
