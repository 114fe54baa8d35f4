use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256, Signature, U256};
use maci_protocol::ids::{ChainId, EthAddress};

use super::approval::{Approval, Consent};
use super::birth::Birth;
use super::enable::Enabling;
use super::known;
use super::permission::Permission;
use super::policy::{AllowedCall, Policy, Rule};
use crate::words::{address, eth_address};

/// Makes an approval as an owner's wallet does: the digest that has to be signed, and the approval with the signature.
#[derive(Debug, Clone)]
pub struct Draft {
    permission: Permission,
    birth: Birth,
    chain: ChainId,
    nonce: u32,
}

impl Draft {
    /// A permission for a session key of an owner's account.
    pub fn new(owner: EthAddress, session: EthAddress, chain: ChainId, policies: Vec<Policy>) -> Self {
        Self {
            permission: Permission {
                policies,
                session: address(session),
            },
            birth: Birth::of(address(owner), U256::ZERO),
            chain,
            nonce: 1,
        }
    }

    /// For another account of the owner.
    #[must_use]
    pub fn index(mut self, index: u64) -> Self {
        self.birth = Birth::of(self.birth.owner, U256::from(index));
        self
    }

    /// For another nonce of the account.
    #[must_use]
    pub fn nonce(mut self, nonce: u32) -> Self {
        self.nonce = nonce;
        self
    }

    /// The account.
    pub fn account(&self) -> EthAddress {
        eth_address(self.birth.address())
    }

    /// What the owner signs.
    pub fn digest(&self) -> B256 {
        Enabling {
            permission: &self.permission,
            account: self.birth.address(),
            chain: self.chain.0,
            nonce: self.nonce,
        }
        .digest()
    }

    /// The approval with the owner's signature.
    pub fn signed(self, signature: Signature) -> Approval {
        Approval {
            account: self.birth.address(),
            policies: self.permission.policies,
            birth: self.birth,
            consent: Consent::Signed(signature),
        }
    }
}

impl Policy {
    /// Allows everything.
    pub fn sudo() -> Self {
        Self::always(known::SUDO_POLICY, Rule::Sudo)
    }

    /// Allows from one moment to another, in Unix seconds; 0 is no bound.
    pub fn timestamp(after: u64, until: u64) -> Self {
        let seconds = U48::saturating_from::<u64>;
        let rule = Rule::Timestamp {
            after: seconds(after),
            until: seconds(until),
        };
        Self::always(known::TIMESTAMP_POLICY, rule)
    }

    /// Allows operations that cost so much wei together.
    pub fn gas(allowed: u128) -> Self {
        let rule = Rule::Gas {
            allowed,
            sponsored: false,
            paymaster: Address::ZERO,
        };
        Self::always(known::GAS_POLICY, rule)
    }

    /// Allows some calls, by the newest of the call policies.
    pub fn calls(calls: Vec<AllowedCall>) -> Self {
        let [_, _, _, newest] = known::CALL_POLICIES;
        Self::always(newest, Rule::Calls(calls))
    }

    fn always(contract: Address, rule: Rule) -> Self {
        let flag = Default::default();
        Self { contract, flag, rule }
    }
}
