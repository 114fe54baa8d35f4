use alloy::eips::BlockNumberOrTag;
use alloy::providers::Provider;

use super::fees::Fees;
use crate::rpc::{Rpc, RpcError};

/// How many of the newest blocks show what is usual.
const BLOCKS: u64 = 10;
/// Twice the base fee: what it can become within six full blocks.
const ROOM: u16 = 200;

/// How an operator wants gas to be priced on a chain. Whatever it is, what waits too long is outbid, and nothing goes
/// beyond the cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeStrategy {
    /// By the newest blocks; a gas price where the chain has no base fee.
    Market {
        /// The tip is that of this part of the gas in the newest blocks, in percent: 20 offers more than the cheapest fifth.
        tip_percentile: u8,
        /// So much of the base fee may be paid, in percent: 200 lets it double while the transaction waits.
        base_fee_percent: u16,
    },
    /// The operator's own tip.
    Fixed {
        /// Wei per unit of gas for whoever makes the block.
        tip: u128,
        /// The most per unit of gas, in wei; twice the base fee and the tip if not given.
        max: Option<u128>,
    },
    /// A gas price, as before EIP-1559.
    GasPrice {
        /// Wei per unit of gas; the node's own if not given.
        price: Option<u128>,
        /// So much of the node's price is offered, in percent.
        percent: u16,
    },
}

impl Default for FeeStrategy {
    fn default() -> Self {
        Self::Market {
            tip_percentile: 20,
            base_fee_percent: ROOM,
        }
    }
}

impl FeeStrategy {
    /// What to offer now.
    pub(crate) async fn offer(self, rpc: &Rpc) -> Result<Fees, RpcError> {
        match self {
            Self::Market {
                tip_percentile,
                base_fee_percent,
            } => match market(rpc, tip_percentile).await {
                Some((base, tip)) => Ok(Fees::Dynamic {
                    max: share(base, base_fee_percent).saturating_add(tip),
                    tip,
                }),
                // no base fee, or no history of fees: the price is what there is
                None => flat(rpc, 100).await,
            },
            Self::Fixed { tip, max } => {
                let max = match max {
                    Some(max) => max,
                    None => share(base_fee(rpc).await?.unwrap_or_default(), ROOM).saturating_add(tip),
                };
                Ok(Fees::Dynamic { max, tip: tip.min(max) })
            }
            Self::GasPrice { price: Some(price), .. } => Ok(Fees::Flat { price }),
            Self::GasPrice { price: None, percent } => flat(rpc, percent).await,
        }
    }
}

/// The newest base fee, and the middle of the tips that were paid; none if the chain has no base fee or keeps no history.
async fn market(rpc: &Rpc, percentile: u8) -> Option<(u128, u128)> {
    let asked = [f64::from(percentile)];
    let history = rpc
        .provider()
        .get_fee_history(BLOCKS, BlockNumberOrTag::Latest, &asked)
        .await;
    let history = history.ok()?;
    let base = match history.latest_block_base_fee() {
        Some(base) if base != 0 => base,
        Some(_) | None => base_fee(rpc).await.ok()??,
    };
    let tips = history.reward.unwrap_or_default();
    let tips = tips.iter().filter_map(|block| block.first().copied());
    Some((base, middle(tips.filter(|tip| *tip > 0).collect())))
}

/// The middle one of these; 1 if there is none, because some nodes refuse nothing at all.
fn middle(mut tips: Vec<u128>) -> u128 {
    tips.sort_unstable();
    let half = tips.len() / 2;
    let upper = tips.get(half).copied().unwrap_or(1);
    match (tips.len() % 2, half.checked_sub(1).and_then(|lower| tips.get(lower))) {
        (0, Some(lower)) => lower.midpoint(upper),
        _ => upper,
    }
}

/// The newest block's base fee; none on chains without.
pub(super) async fn base_fee(rpc: &Rpc) -> Result<Option<u128>, RpcError> {
    let block = rpc.provider().get_block_by_number(BlockNumberOrTag::Latest).await;
    let block = block.map_err(RpcError::doing("reading the base fee"))?;
    Ok(block.and_then(|block| block.header.base_fee_per_gas).map(u128::from))
}

async fn flat(rpc: &Rpc, percent: u16) -> Result<Fees, RpcError> {
    let price = rpc.provider().get_gas_price().await;
    let price = price.map_err(RpcError::doing("asking for the gas price"))?;
    Ok(Fees::Flat {
        price: share(price, percent),
    })
}

fn share(wei: u128, percent: u16) -> u128 {
    wei.saturating_mul(u128::from(percent)).div_ceil(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_tips_is_taken_and_never_nothing() {
        assert_eq!(middle(vec![5, 1, 9]), 5);
        assert_eq!(middle(vec![4, 8, 2, 6]), 5);
        assert_eq!(middle(vec![7]), 7);
        assert_eq!(middle(Vec::new()), 1);
    }

    #[test]
    fn shares_are_rounded_up_and_never_overflow() {
        assert_eq!(share(1, 150), 2);
        assert_eq!(share(1_000, 200), 2_000);
        assert_eq!(share(u128::MAX, 200), u128::MAX.div_ceil(100));
    }
}
