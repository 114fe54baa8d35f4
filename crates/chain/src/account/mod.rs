//! Acting for an operator's smart account by a session key: Kernel v3.1 over ERC-4337, EntryPoint v0.7.
//!
//! An owner's wallet makes an approval for a session key; what it allows, the account's contracts enforce. Start
//! reading at [`Approval`], [`Delegation`] and [`SmartAccount`].
//!
//! - `approval`     the text an owner's wallet makes, read
//! - `delegation`   an approval that was checked without asking a chain
//! - `draft`        making approvals, as a wallet does
//! - `explain`      what an approval allows, in words
//! - `policy`, `permission`, `birth`, `enable`   what is derived from it: conditions, names, addresses, what is signed
//! - `execute`, `operation`, `nonce`, `signature`   a user operation, byte by byte
//! - `standing`     how account and permission stand on the chain
//! - `bundler`, `sponsor`   who puts operations on the chain, and who pays
//! - `memory`       the memory of operations, kept by somebody else
//! - `sender`, `prepare`, `follow`, `outcome`   a smart account that does calls: once, whatever fails in between
//! - `found`        what became of operations, and those that nobody follows any more
//! - `bindings`, `known`   contracts, and where they are
//! - `error`        what can fail, and who acts then

mod approval;
pub mod bindings;
mod birth;
mod bundler;
mod delegation;
mod draft;
mod enable;
mod error;
mod execute;
mod explain;
mod follow;
mod found;
pub mod known;
mod memory;
mod nonce;
mod operation;
mod outcome;
mod permission;
mod policy;
mod prepare;
mod sender;
mod signature;
mod sponsor;
mod standing;
#[cfg(test)]
mod vectors;

pub use approval::{Approval, ApprovalError, Consent};
pub use birth::{Birth, NoBirth};
pub use bundler::Bundler;
pub use delegation::{Delegation, Refused, Terms};
pub use draft::Draft;
pub use error::{AccountError, Revocation};
pub use execute::Creation;
pub use explain::Explanation;
pub use found::{LookedAfter, look_after};
pub use memory::{Executed, MemoryOperationLog, OperationBegun, OperationLog, OperationState, StoredOperation};
pub use nonce::Mode;
pub use operation::{FactoryCall, Paymaster, UserOperation};
pub use permission::{Permission, PermissionId};
pub use policy::{AllowedCall, ArgumentRule, Policy, Rule};
pub use sender::{Route, SessionSigner, SmartAccount, balance_of_account};
pub use sponsor::Sponsor;
pub use standing::AccountStanding;
