use alloy::consensus::{Transaction, TxEnvelope};
use alloy::eips::eip2718::Decodable2718;

use super::SignedTransaction;
use super::fees::Fees;

/// What a signed transaction offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Gas it may use.
    pub gas: u64,
    /// The most per unit of gas, in wei.
    pub max_fee: u128,
    /// What of that goes to whoever mines it, in wei; none on chains without a base fee.
    pub tip: Option<u128>,
}

impl Offer {
    /// The most it can cost, in wei.
    #[must_use]
    pub fn most(&self) -> u128 {
        u128::from(self.gas).saturating_mul(self.max_fee)
    }
}

impl SignedTransaction {
    /// What it offers; none if its bytes are damaged.
    #[must_use]
    pub fn offer(&self) -> Option<Offer> {
        let envelope = TxEnvelope::decode_2718_exact(&self.raw).ok()?;
        Some(Offer {
            gas: envelope.gas_limit(),
            max_fee: Fees::of(&envelope).most(),
            tip: envelope.max_priority_fee_per_gas(),
        })
    }
}
