use alloy::consensus::{Transaction, TxEnvelope};
use alloy::network::TransactionBuilder;
use alloy::rpc::types::TransactionRequest;

/// The most the operator pays per unit of gas, in wei.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeCap(pub u128);

impl Default for FeeCap {
    /// 500 gwei.
    fn default() -> Self {
        Self(500_000_000_000)
    }
}

/// What is offered per unit of gas, in wei.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fees {
    /// For chains with a base fee.
    Dynamic { max: u128, tip: u128 },
    /// For chains without.
    Flat { price: u128 },
}

impl Fees {
    /// What a signed transaction offers.
    pub(super) fn of(transaction: &TxEnvelope) -> Self {
        match transaction.max_priority_fee_per_gas() {
            Some(tip) => Self::Dynamic {
                max: transaction.max_fee_per_gas(),
                tip,
            },
            None => Self::Flat {
                price: transaction.max_fee_per_gas(),
            },
        }
    }

    /// The most this can cost per unit of gas.
    pub(crate) fn most(self) -> u128 {
        match self {
            Self::Dynamic { max, .. } => max,
            Self::Flat { price } => price,
        }
    }

    /// These fees, but never more than the cap.
    pub(crate) fn under(self, cap: FeeCap) -> Self {
        match self {
            Self::Dynamic { max, tip } => Self::Dynamic {
                max: max.min(cap.0),
                tip: tip.min(cap.0),
            },
            Self::Flat { price } => Self::Flat {
                price: price.min(cap.0),
            },
        }
    }

    /// An offer that nodes accept in place of this one (an eighth more, they ask for a tenth) and
    /// that is no less than the market's. None if the cap leaves no room.
    pub(crate) fn outbid(self, market: Self, cap: FeeCap) -> Option<Self> {
        let raised = |old: u128| old.saturating_add(old.div_ceil(8)).saturating_add(1);
        let next = match (self, market) {
            (Self::Dynamic { max, tip }, Self::Dynamic { max: m, tip: t }) => Self::Dynamic {
                max: raised(max).max(m),
                tip: raised(tip).max(t),
            },
            (Self::Dynamic { max, tip }, Self::Flat { price }) => Self::Dynamic {
                max: raised(max).max(price),
                tip: raised(tip),
            },
            (Self::Flat { price }, market) => Self::Flat {
                price: raised(price).max(market.most()),
            },
        };
        let capped = next.under(cap);
        let enough = capped.most() >= raised(self.most()) && capped.tip() >= raised(self.tip());
        enough.then_some(capped)
    }

    fn tip(self) -> u128 {
        match self {
            Self::Dynamic { tip, .. } => tip,
            Self::Flat { price } => price,
        }
    }

    /// Writes the offer into a request.
    pub(super) fn apply(self, request: &mut TransactionRequest) {
        match self {
            Self::Dynamic { max, tip } => {
                request.set_max_fee_per_gas(max);
                request.set_max_priority_fee_per_gas(tip.min(max));
            }
            Self::Flat { price } => request.set_gas_price(price),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outbidding_offer_raises_both_fees_by_an_eighth() {
        let old = Fees::Dynamic { max: 800, tip: 80 };
        let market = Fees::Dynamic { max: 10, tip: 1 };
        assert_eq!(
            old.outbid(market, FeeCap(10_000)),
            Some(Fees::Dynamic { max: 901, tip: 91 })
        );
    }

    #[test]
    fn an_outbidding_offer_follows_a_market_that_has_risen_further() {
        let old = Fees::Dynamic { max: 800, tip: 80 };
        let market = Fees::Dynamic { max: 5_000, tip: 100 };
        assert_eq!(
            old.outbid(market, FeeCap(10_000)),
            Some(Fees::Dynamic { max: 5_000, tip: 100 })
        );
    }

    #[test]
    fn a_cap_that_leaves_no_room_forbids_outbidding() {
        let old = Fees::Dynamic { max: 800, tip: 80 };
        assert_eq!(old.outbid(old, FeeCap(850)), None);
        assert_eq!(
            Fees::Flat { price: 100 }.outbid(Fees::Flat { price: 1 }, FeeCap(105)),
            None
        );
    }

    #[test]
    fn an_offer_never_exceeds_the_cap() {
        let old = Fees::Dynamic { max: 800, tip: 80 };
        let market = Fees::Dynamic { max: 5_000, tip: 100 };
        let next = old.outbid(market, FeeCap(1_000)).unwrap();
        assert_eq!(next.most(), 1_000);
    }
}
