//! Keys of accounts that send transactions. MACI's finalising calls check no caller, so the
//! default is a key that holds nothing but gas.
//!
//! - `key`       a key ready to sign, from an environment's text if need be
//! - `gas`       the gas key, born here
//! - `session`   keys that owners of smart accounts allow something
//! - `keystore`  a key in an Ethereum keystore file
//! - `aws`, `gcp`   a key in a cloud's KMS
//! - `claims`    how service accounts of Google's prove who they are
//! - `ledger`    a key in a Ledger
//! - `remote`    a key that another program signs with
//! - `source`    where a sender's key is kept, and a wallet that signs with it
//! - `samples`   accounts that everybody can sign for

mod aws;
#[cfg(feature = "gcp-kms")]
mod claims;
mod gas;
mod gcp;
mod key;
mod keystore;
mod ledger;
mod remote;
mod samples;
mod session;
mod source;

pub use aws::AwsKms;
pub use gas::GasKey;
pub use gcp::GcpKms;
pub use key::SenderKey;
pub use ledger::LedgerPath;
pub use remote::RemoteUrl;
pub(crate) use session::SessionKeys;
pub use source::{Opening, SignerSource, address_of};
