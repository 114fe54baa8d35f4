//! The keys of a running process: locked until somebody gives the passphrase, then opened as they are needed, each
//! once, and erased with the process.
//!
//! - `locked`   the door: locked, or open under a passphrase
//! - `opened`   keys that were opened, so that the cost of a passphrase is paid once per key
//! - `delegated` keys that owners of smart accounts allow something
//! - `backup`   every key in one file, under a passphrase of its own

mod backup;
mod delegated;
mod locked;
mod opened;

pub use backup::Restored;
pub use locked::Vault;
