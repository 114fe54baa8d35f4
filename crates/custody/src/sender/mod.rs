//! Keys of accounts that send transactions. MACI's finalising calls check no caller, so the
//! default is a key that holds nothing but gas.
//!
//! - `key`       a key ready to sign, from an environment's text if need be
//! - `gas`       the gas key, born here
//! - `keystore`  a key in an Ethereum keystore file
//! - `samples`   accounts that everybody can sign for

mod gas;
mod key;
mod keystore;
mod samples;

pub use gas::GasKey;
pub use key::SenderKey;
