//! Every key: coordinators' keys, which open votes, and senders' keys, which pay for transactions.
//!
//! Keys are born here, rest here sealed under a passphrase, and are erased from memory when they
//! are dropped. It is *not* a place that asks anybody anything: passphrases are arguments, and so
//! is everything that comes from the environment.
//!
//! Start reading at [`Vault`], [`CoordinatorKeys`] and [`GasKey`].
//!
//! - `passphrase`   what seals keys
//! - `sealed`       the format of a sealed key, the cost of guessing its passphrase
//! - `coordinator`  coordinators' keys, a file each
//! - `sender`       keys of accounts that send transactions
//! - `vault`        what a running process has opened, and one backup of everything
//! - `transport`    the RSA key that clients encrypt to
//! - `peer`         the identity of our own IPFS node
//! - `name`         what keys are called
//! - `disk`         files for their owner alone
//! - `entropy`      the system's randomness
//! - `error`        what can fail, without a secret in it

mod coordinator;
mod disk;
mod entropy;
mod error;
mod name;
mod passphrase;
mod peer;
mod sealed;
mod sender;
mod transport;
mod vault;

pub use coordinator::{CoordinatorKey, CoordinatorKeys, KeyList, KnownKey};
pub use error::CustodyError;
pub use name::KeyName;
pub use passphrase::{OpenToOthers, Passphrase, PassphraseFile};
pub use peer::PeerKey;
pub use sealed::Cost;
pub use sender::{AwsKms, GasKey, GcpKms, LedgerPath, Opening, RemoteUrl, SenderKey, SignerSource, address_of};
pub use transport::TransportKey;
pub use vault::{Restored, Vault};

use maci_protocol::ids::ChainId;

/// Chains of development, on which published sample keys do no harm: those of anvil and ganache.
pub const DEVELOPMENT_CHAINS: [ChainId; 2] = [ChainId(31_337), ChainId(1_337)];
