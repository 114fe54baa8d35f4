use std::path::PathBuf;

use maci_coordinator_core::networks::chain_named;
use maci_protocol::ids::{ChainId, EthAddress};
use serde::{Deserialize, Deserializer, de};

use super::units::parsed;

/// `[senders.<name>]`: one that sends transactions. Every kind has settings of its own; one that belongs to another
/// kind is refused.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum SenderSettings {
    /// The key that the service makes for itself.
    Gas {
        #[serde(default)]
        chains: Vec<ChainText>,
    },
    /// A key in an Ethereum keystore file.
    Keystore {
        path: PathBuf,
        passphrase_file: PathBuf,
        #[serde(default)]
        chains: Vec<ChainText>,
    },
    /// A smart account, through a delegated key of this service.
    Session {
        #[serde(deserialize_with = "parsed")]
        key: EthAddress,
        #[serde(default)]
        chains: Vec<ChainText>,
    },
    /// Somebody's own wallet.
    Export {
        #[serde(deserialize_with = "parsed")]
        account: EthAddress,
        #[serde(default)]
        chains: Vec<ChainText>,
    },
}

/// A chain, by its name or its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainText(pub ChainId);

impl<'de> Deserialize<'de> for ChainText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Id(u64),
            Name(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Id(id) => Ok(Self(ChainId(id))),
            Written::Name(name) => chain_named(&name)
                .map(Self)
                .ok_or_else(|| de::Error::custom(format!("no chain is called `{name}`; give its id"))),
        }
    }
}
