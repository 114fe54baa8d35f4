use std::io;
use std::path::{Path, PathBuf};

use maci_crypto::keys::{KeyError, PublicKey};
use maci_protocol::Remedy;
use maci_protocol::ids::{ChainId, EthAddress};

use crate::name::KeyName;

/// A key could not be made, kept or used. No variant holds a secret or a piece of one.
#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    /// The passphrase is not the one a key was sealed under.
    #[error(
        "{what} does not open with this passphrase; try another one (if you are sure of it, somebody changed the file on purpose: restore a backup)"
    )]
    WrongPassphrase {
        /// Which key.
        what: String,
    },
    /// A key file is not what was written.
    #[error("{what} is damaged: {reason}; restore it from a backup")]
    Damaged {
        /// Which file.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A key file asks for more work than any of ours does.
    #[error("{what} asks for {asked} to be opened, beyond the bound of {bound}; it was not made by this program")]
    TooCostly {
        /// Which file.
        what: String,
        /// What it asks for.
        asked: String,
        /// The most allowed.
        bound: &'static str,
    },
    /// A key file was written by a newer version.
    #[error("{what} has format version {version}, which this version of the coordinator cannot read; update it")]
    NewerFormat {
        /// Which file.
        what: String,
        /// Its version.
        version: u64,
    },
    /// A cost nobody can or should pay.
    #[error("the passphrase's cost is out of range: {reason}")]
    Cost {
        /// Why.
        reason: &'static str,
    },
    /// A name that cannot be a key's.
    #[error("`{name}` cannot be a key's name: {reason}")]
    BadName {
        /// The name.
        name: String,
        /// Why not.
        reason: &'static str,
    },
    /// There is a key of that name.
    #[error("there is a key named `{name}` already, and keys are never overwritten; choose another name")]
    NameTaken {
        /// The name.
        name: KeyName,
    },
    /// There is no key of that name.
    #[error("there is no key named `{name}` in {}", folder.display())]
    NoSuchKey {
        /// The name.
        name: KeyName,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The text given as a MACI private key is none.
    #[error("what was given as a MACI private key is none: {0}")]
    NotAPrivateKey(#[source] KeyError),
    /// A coordinator's key that everybody knows.
    #[error(
        "the coordinator key {public_key} is a published sample: anybody could read the votes of chain {chain}; make a new one"
    )]
    PublishedKey {
        /// Its public half.
        public_key: PublicKey,
        /// The chain it was to be used on.
        chain: ChainId,
    },
    /// An account that everybody can sign for.
    #[error(
        "the key of {address} is published with development tools: anybody could empty it on chain {chain}; use another one"
    )]
    PublishedAccount {
        /// The account.
        address: EthAddress,
        /// The chain it was to be used on.
        chain: ChainId,
    },
    /// The text given as an Ethereum private key is none.
    #[error("what was given as an Ethereum private key is none: it takes 32 bytes in hexadecimal digits")]
    NotAnEthereumKey,
    /// The text given as a mnemonic is none.
    #[error("what was given as a mnemonic is none: it takes 12 to 24 English words with a right checksum")]
    NotAMnemonic,
    /// A text that is no account of a Ledger.
    #[error("`{given}` is no path of the Ethereum app; they look like m/44'/60'/0'/0/0")]
    NotAPath {
        /// What was given.
        given: String,
    },
    /// A text that is no address of a signer. It is not repeated: there may be a password in it.
    #[error("what was given as a remote signer's address is no http or https URL")]
    NotASignerUrl,
    /// A key that is kept elsewhere cannot be used.
    #[error("{what} cannot be used: {reason}")]
    Signer {
        /// Which one.
        what: &'static str,
        /// What it says.
        reason: String,
    },
    /// The program was built without it.
    #[error("this program was built without the feature `{feature}`; take one that has it")]
    NotBuilt {
        /// The feature.
        feature: &'static str,
    },
    /// A passphrase without a character.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// Keys were asked for before the passphrase was given.
    #[error("the keys are locked; give the passphrase: a passphrase file, MACI_PASSPHRASE or POST /v1/keys/unlock")]
    Locked,
    /// What was sent does not open with the transport key.
    #[error("what was sent is not base64 of RSA-OAEP (SHA-1) under this service's public key")]
    NotForThisKey,
    /// A file could not be used.
    #[error("cannot {doing} {}: {source}", path.display())]
    File {
        /// What was being done, as a verb.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// The system gave no randomness.
    #[error("the system gives no randomness: {reason}")]
    Entropy {
        /// The system's reason.
        reason: String,
    },
    /// A cryptographic function refused what it must accept.
    #[error("sealing {what} failed: {reason}")]
    Sealing {
        /// Which key.
        what: String,
        /// Why.
        reason: &'static str,
    },
}

impl CustodyError {
    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Entropy { .. } => Remedy::Retry,
            Self::Signer { .. } => Remedy::AskOperator,
            Self::WrongPassphrase { .. }
            | Self::Damaged { .. }
            | Self::TooCostly { .. }
            | Self::NewerFormat { .. }
            | Self::Cost { .. }
            | Self::BadName { .. }
            | Self::NameTaken { .. }
            | Self::NoSuchKey { .. }
            | Self::NotAPrivateKey(_)
            | Self::PublishedKey { .. }
            | Self::PublishedAccount { .. }
            | Self::NotAnEthereumKey
            | Self::NotAMnemonic
            | Self::NotAPath { .. }
            | Self::NotASignerUrl
            | Self::NotBuilt { .. }
            | Self::EmptyPassphrase
            | Self::Locked
            | Self::File { .. } => Remedy::AskOperator,
            Self::Sealing { .. } | Self::NotForThisKey => Remedy::Abandon,
        }
    }

    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    /// A key kept elsewhere that cannot be used, with everything the libraries below say about it.
    pub(crate) fn signer(what: &'static str, error: &dyn std::error::Error) -> Self {
        let mut reason = error.to_string();
        let mut below = error.source();
        while let Some(cause) = below {
            let words = cause.to_string();
            if !reason.contains(&words) {
                reason.push_str(": ");
                reason.push_str(&words);
            }
            below = cause.source();
        }
        Self::Signer {
            what,
            reason: reason.chars().take(500).collect(),
        }
    }

    pub(crate) fn damaged(what: &str, reason: impl ToString) -> Self {
        Self::Damaged {
            what: what.to_owned(),
            reason: reason.to_string(),
        }
    }
}
