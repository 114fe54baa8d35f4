use maci_chain::send::FeeStrategy;
use serde::Deserialize;

use super::senders::Amount;

/// `fees` of a chain: how gas is priced there. Whatever waits too long is outbid, up to the chain's cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum FeeSettings {
    /// By the newest blocks.
    Market {
        /// The tip is that of this part of the gas in the newest blocks.
        #[serde(default = "Percentile::usual")]
        tip_percentile: Percentile,
        /// So much of the base fee may be paid, in percent.
        #[serde(default = "Percent::twice")]
        base_fee_percent: Percent,
    },
    /// The operator's own tip.
    Fixed {
        /// What whoever makes the block gets, per unit of gas.
        tip: Amount,
        /// The most per unit of gas; twice the base fee and the tip if not given.
        max: Option<Amount>,
    },
    /// A gas price, as before EIP-1559.
    GasPrice {
        /// Per unit of gas; the node's own if not given.
        price: Option<Amount>,
        /// So much of the node's price is offered, in percent.
        #[serde(default = "Percent::same")]
        percent: Percent,
    },
}

/// A percentile: 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub(crate) struct Percentile(u8);

/// A share in percent: 100 to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u16")]
pub(crate) struct Percent(u16);

impl Percentile {
    const fn usual() -> Self {
        Self(20)
    }
}

impl Percent {
    const fn same() -> Self {
        Self(100)
    }

    const fn twice() -> Self {
        Self(200)
    }
}

impl TryFrom<u8> for Percentile {
    type Error = String;

    fn try_from(percent: u8) -> Result<Self, String> {
        let refused = || format!("{percent} is no percentile: it is from 0 to 100");
        (percent <= 100).then_some(Self(percent)).ok_or_else(refused)
    }
}

impl TryFrom<u16> for Percent {
    type Error = String;

    fn try_from(percent: u16) -> Result<Self, String> {
        let refused = || format!("{percent} percent is too little or too much: it is from 100 to 1000");
        (100..=1_000)
            .contains(&percent)
            .then_some(Self(percent))
            .ok_or_else(refused)
    }
}

impl From<FeeSettings> for FeeStrategy {
    fn from(settings: FeeSettings) -> Self {
        match settings {
            FeeSettings::Market {
                tip_percentile: Percentile(tip_percentile),
                base_fee_percent: Percent(base_fee_percent),
            } => Self::Market {
                tip_percentile,
                base_fee_percent,
            },
            FeeSettings::Fixed { tip: Amount(tip), max } => Self::Fixed {
                tip,
                max: max.map(|Amount(max)| max),
            },
            FeeSettings::GasPrice {
                price,
                percent: Percent(percent),
            } => Self::GasPrice {
                price: price.map(|Amount(price)| price),
                percent,
            },
        }
    }
}
