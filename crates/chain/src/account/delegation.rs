use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;

use super::approval::{Approval, Consent};
use super::bindings::ICreateCall;
use super::enable::Enabling;
use super::execute::{Creation, Inner};
use super::known::CREATE_CALL;
use super::operation::UserOperation;
use super::permission::{Permission, PermissionId};
use super::policy::{AllowedCall, Policy, Rule};
use crate::words::{address, eth_address};

/// How far the account's nonce is searched for: owners raise it by one to revoke.
const NONCES: std::ops::RangeInclusive<u32> = 1..=16;

/// An approval that was checked: its account follows from its init code, and the account's owner signed it for this
/// session key on this chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Delegation {
    chain: ChainId,
    permission: Permission,
    approval: Arc<Approval>,
    /// The account's nonce that the owner signed; none when the permission was installed with the account.
    nonce: Option<u32>,
}

/// An approval that does not hold, found without asking a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It names another account than the one it would make.
    #[error("the approval says account {stated}, but {derived} follows from its init code")]
    OtherAddress {
        /// What it says.
        stated: EthAddress,
        /// What follows.
        derived: EthAddress,
    },
    /// The owner signed for another chain.
    #[error("the approval was signed for chain {signed}, not for chain {asked}")]
    OtherChain {
        /// The chain it was signed for.
        signed: ChainId,
        /// The chain it was to be used on.
        asked: ChainId,
    },
    /// The owner did not sign this.
    #[error(
        "the approval was not signed by the account's owner {owner} for session key {session} on chain {chain}: it is for another session key, or was changed after it was signed"
    )]
    NotByOwner {
        /// The owner, from the init code.
        owner: EthAddress,
        /// The session key.
        session: EthAddress,
        /// The chain.
        chain: ChainId,
    },
    /// Its time is over.
    #[error("the approval ended at {until} (Unix seconds); make a new one")]
    Expired {
        /// Its last second.
        until: u64,
    },
    /// It can be used for ever.
    #[error("the approval never ends: it has no timestamp policy with `validUntil`")]
    Endless,
    /// It can be used for longer than the operator allows.
    #[error("the approval can be used for {seconds} more seconds; {most} are the most this service keeps one for")]
    TooLong {
        /// For how long.
        seconds: u64,
        /// The most.
        most: u64,
    },
    /// It allows everything.
    #[error("the approval allows everything for as long as it is valid (no policy bounds calls or gas)")]
    Unbounded,
}

/// What an operator lets approvals be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The longest time an approval may still be used for, in seconds; none lets it be without an end.
    pub longest: Option<u64>,
    /// Whether it has to bound calls or gas.
    pub bounded: bool,
}

impl Delegation {
    /// Checks an approval without asking a chain. `chains` are others it may have been made for, to say so.
    ///
    /// # Errors
    /// [`Refused`]: the first reason.
    pub fn check(
        approval: Approval,
        session: EthAddress,
        chain: ChainId,
        now: Timestamp,
        chains: &[ChainId],
    ) -> Result<Self, Refused> {
        let derived = approval.birth.address();
        if derived != approval.account {
            return Err(Refused::OtherAddress {
                stated: eth_address(approval.account),
                derived: eth_address(derived),
            });
        }
        let permission = Permission {
            policies: approval.policies.clone(),
            session: address(session),
        };
        let delegation = Self {
            nonce: signed_nonce(&approval, &permission, chain, chains)?,
            chain,
            permission,
            approval: Arc::new(approval),
        };
        delegation.expect_unexpired(now)?;
        Ok(delegation)
    }

    /// Refuses what an operator does not want to keep.
    ///
    /// # Errors
    /// [`Refused`]: the first reason.
    pub fn expect(&self, terms: Terms, now: Timestamp) -> Result<(), Refused> {
        if let Some(most) = terms.longest {
            let until = self.until().ok_or(Refused::Endless)?;
            let seconds = until.saturating_sub(now.unix_seconds());
            if seconds > most {
                return Err(Refused::TooLong { seconds, most });
            }
        }
        if terms.bounded && !self.is_bounded() {
            return Err(Refused::Unbounded);
        }
        Ok(())
    }

    /// Refuses an approval whose time is over.
    ///
    /// # Errors
    /// [`Refused::Expired`].
    pub fn expect_unexpired(&self, now: Timestamp) -> Result<(), Refused> {
        match self.until() {
            Some(until) if until < now.unix_seconds() => Err(Refused::Expired { until }),
            Some(_) | None => Ok(()),
        }
    }

    /// The chain it is for.
    pub fn chain(&self) -> ChainId {
        self.chain
    }

    /// The account that acts.
    pub fn account(&self) -> EthAddress {
        eth_address(self.approval.account)
    }

    /// Who may do everything with the account, and approved this.
    pub fn owner(&self) -> EthAddress {
        eth_address(self.approval.birth.owner)
    }

    /// The session key's address.
    pub fn session(&self) -> EthAddress {
        eth_address(self.permission.session)
    }

    /// The permission's name in the account.
    pub fn permission(&self) -> PermissionId {
        self.permission.id()
    }

    /// The approval.
    pub fn approval(&self) -> &Approval {
        &self.approval
    }

    /// The last second it may be used in, in Unix seconds; none without an end.
    pub fn until(&self) -> Option<u64> {
        let ends = self.timestamps().map(|(_, until)| until).filter(|until| *until > 0);
        ends.min()
    }

    /// The first second it may be used in, in Unix seconds; none from the beginning.
    pub fn from(&self) -> Option<u64> {
        let begins = self.timestamps().map(|(after, _)| after).filter(|after| *after > 0);
        begins.max()
    }

    /// Why a gas or rate-limit policy would refuse an operation whatever happened before it. How much of an allowance is
    /// used up, only the chain knows.
    pub(super) fn would_refuse(&self, operation: &UserOperation) -> Option<String> {
        self.guarding().find_map(|policy| match &policy.rule {
            Rule::Gas {
                allowed,
                sponsored,
                paymaster,
            } => {
                let (cost, payer) = (operation.highest_cost(), operation.paymaster.as_ref());
                if cost > U256::from(*allowed) {
                    return Some(format!(
                        "its gas policy allows {allowed} wei for all operations together, and this one may cost {cost}"
                    ));
                }
                let is_theirs = payer.is_some_and(|payer| payer.paymaster == *paymaster);
                let other = *sponsored && !paymaster.is_zero() && !is_theirs;
                other.then(|| format!("its gas policy wants sponsor {paymaster} to pay"))
            }
            Rule::RateLimit { count, .. } if count.is_zero() => {
                Some("its rate-limit policy allows no operation at all".to_owned())
            }
            Rule::Sudo
            | Rule::Timestamp { .. }
            | Rule::RateLimit { .. }
            | Rule::Calls(_)
            | Rule::SignatureCallers(_) => None,
        })
    }

    pub(super) fn granted(&self) -> &Permission {
        &self.permission
    }

    pub(super) fn consent(&self) -> &Consent {
        &self.approval.consent
    }

    pub(super) fn nonce(&self) -> Option<u32> {
        self.nonce
    }

    pub(super) fn address(&self) -> Address {
        self.approval.account
    }

    /// How the account makes contracts: at an address known before, where its policies do not forbid that.
    pub(super) fn creation(&self) -> Creation {
        let allows = |selector: [u8; 4]| {
            self.call_policies()
                .all(|calls| calls.iter().any(|call| call.is_of(0, CREATE_CALL, selector.into())))
        };
        if !allows(ICreateCall::performCreate2Call::SELECTOR) && allows(ICreateCall::performCreateCall::SELECTOR) {
            Creation::Create
        } else {
            Creation::Create2
        }
    }

    /// Whether the call policies know the call's contract and function. Arguments are the contract's to judge.
    pub(super) fn knows(&self, call: &Inner) -> bool {
        // the policy's contract looks at each call of a batch as at a single one
        let single = |allowed: &AllowedCall| allowed.is_of(0, call.to, call.selector());
        self.call_policies().all(|calls| calls.iter().any(single))
    }

    fn call_policies(&self) -> impl Iterator<Item = &[AllowedCall]> {
        self.guarding().filter_map(|policy| match &policy.rule {
            Rule::Calls(calls) => Some(calls.as_slice()),
            Rule::Sudo
            | Rule::Timestamp { .. }
            | Rule::Gas { .. }
            | Rule::RateLimit { .. }
            | Rule::SignatureCallers(_) => None,
        })
    }

    fn timestamps(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.guarding().filter_map(|policy| match &policy.rule {
            Rule::Timestamp { after, until } => Some((after.to(), until.to())),
            Rule::Sudo | Rule::Gas { .. } | Rule::RateLimit { .. } | Rule::Calls(_) | Rule::SignatureCallers(_) => None,
        })
    }

    fn guarding(&self) -> impl Iterator<Item = &Policy> {
        self.permission
            .policies
            .iter()
            .filter(|policy| policy.guards_operations())
    }

    fn is_bounded(&self) -> bool {
        self.guarding().any(|policy| match &policy.rule {
            Rule::Gas { .. } | Rule::Calls(_) => true,
            Rule::Sudo | Rule::Timestamp { .. } | Rule::RateLimit { .. } | Rule::SignatureCallers(_) => false,
        })
    }
}

/// The account's nonce for which the owner signed. Only the chain knows which is the current one.
fn signed_nonce(
    approval: &Approval,
    permission: &Permission,
    chain: ChainId,
    chains: &[ChainId],
) -> Result<Option<u32>, Refused> {
    let Consent::Signed(signature) = &approval.consent else {
        return Ok(None);
    };
    let signed = |chain: ChainId| {
        NONCES.into_iter().find(|nonce| {
            let digest = Enabling {
                permission,
                account: approval.account,
                chain: chain.0,
                nonce: *nonce,
            }
            .digest();
            let signer = signature.recover_address_from_prehash(&digest);
            signer.is_ok_and(|signer| signer == approval.birth.owner)
        })
    };
    if let Some(nonce) = signed(chain) {
        return Ok(Some(nonce));
    }
    let elsewhere = chains.iter().copied().filter(|other| *other != chain);
    if let Some(other) = elsewhere.into_iter().find(|other| signed(*other).is_some()) {
        return Err(Refused::OtherChain {
            signed: other,
            asked: chain,
        });
    }
    Err(Refused::NotByOwner {
        owner: eth_address(approval.birth.owner),
        session: eth_address(permission.session),
        chain,
    })
}
