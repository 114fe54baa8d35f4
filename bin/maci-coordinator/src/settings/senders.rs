use std::path::PathBuf;
use std::str::FromStr;

use alloy::primitives::utils::{ParseUnits, parse_units};
use figment::value::{Dict, Value};
use maci_coordinator_core::networks::chain_named;
use maci_custody::{LedgerPath, RemoteUrl};
use maci_protocol::ids::{ChainId, EthAddress};
use serde::{Deserialize, Deserializer, de};

use super::units::{parsed, parsed_option};

/// `[senders.<name>]`: one that sends transactions.
#[derive(Debug, Clone)]
pub(crate) struct SenderSettings {
    /// What every kind of sender has.
    pub common: Common,
    /// What signs. Every kind has settings of its own; one that belongs to another kind is refused.
    pub kind: Kind,
}

/// What every kind of sender has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Common {
    /// The chains it may send on; all if none is named.
    pub chains: Vec<ChainText>,
    /// The address it must have; another key is refused.
    #[serde(deserialize_with = "parsed_option")]
    pub address: Option<EthAddress>,
    /// What it may spend on each chain in 24 hours.
    pub daily_cap: Option<Amount>,
    /// What it keeps on each chain, whatever is asked of it.
    pub min_balance: Option<Amount>,
    /// Somebody is told when it has less.
    pub warn_below: Option<Amount>,
}

/// The settings in [`Common`].
const COMMON: [&str; 5] = ["chains", "address", "daily_cap", "min_balance", "warn_below"];

/// What signs.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Kind {
    /// The key that the service makes for itself.
    Gas,
    /// A key in an Ethereum keystore file.
    Keystore { path: PathBuf, passphrase_file: PathBuf },
    /// A key in AWS KMS.
    AwsKms {
        key_id: String,
        region: Option<String>,
        endpoint: Option<String>,
        credentials_file: Option<PathBuf>,
    },
    /// A key in Google Cloud KMS.
    GcpKms {
        project: String,
        location: String,
        key_ring: String,
        key: String,
        #[serde(default = "first")]
        version: u64,
        endpoint: Option<String>,
        credentials_file: Option<PathBuf>,
    },
    /// A Ledger at this machine's USB.
    Ledger {
        #[serde(default, deserialize_with = "parsed_option")]
        path: Option<LedgerPath>,
    },
    /// A signer that is asked over JSON-RPC.
    Remote {
        #[serde(deserialize_with = "parsed")]
        url: RemoteUrl,
        #[serde(deserialize_with = "parsed")]
        account: EthAddress,
    },
    /// A smart account, through a delegated key of this service.
    Session {
        #[serde(deserialize_with = "parsed")]
        key: EthAddress,
    },
    /// Somebody's own wallet.
    Export {
        #[serde(deserialize_with = "parsed")]
        account: EthAddress,
    },
}

const fn first() -> u64 {
    1
}

impl<'de> Deserialize<'de> for SenderSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Dict::deserialize(deserializer)?;
        let (common, own): (Dict, Dict) = all.into_iter().partition(|(name, _)| COMMON.contains(&name.as_str()));
        Ok(Self {
            common: Value::from(common).deserialize().map_err(de::Error::custom)?,
            kind: Value::from(own).deserialize().map_err(de::Error::custom)?,
        })
    }
}

/// An amount of a chain's coin, written with its unit: `0.5 ether`, `30 gwei`, `7 wei`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount(pub u128);

/// A text that is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an amount such as `0.5 ether`, `30 gwei` or `7 wei`")]
pub(crate) struct NoAmount(String);

impl FromStr for Amount {
    type Err = NoAmount;

    fn from_str(text: &str) -> Result<Self, NoAmount> {
        let read = || {
            let (number, unit) = text.trim().split_once(' ')?;
            let unit = unit.trim();
            if !matches!(unit, "ether" | "gwei" | "wei") || number.starts_with('-') {
                return None;
            }
            match parse_units(number, unit).ok()? {
                ParseUnits::U256(wei) => u128::try_from(wei).ok().map(Self),
                ParseUnits::I256(_) => None,
            }
        };
        read().ok_or_else(|| NoAmount(text.chars().take(40).collect()))
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_with_its_unit_and_nothing_else_is() {
        assert_eq!("0.5 ether".parse(), Ok(Amount(500_000_000_000_000_000)));
        assert_eq!("30 gwei".parse(), Ok(Amount(30_000_000_000)));
        assert_eq!("7 wei".parse(), Ok(Amount(7)));
        for wrong in ["", "5", "5ether", "-1 wei", "1 dollar", "x ether", "1e5 ether"] {
            assert!(wrong.parse::<Amount>().is_err(), "{wrong}");
        }
    }
}
