use alloy::primitives::{Address, B256, Bytes, FixedBytes, U256, aliases::U48};
use alloy::sol_types::SolValue;

use super::bindings::{CallEntry, CallRule, FirstCallEntry, FirstCallRule};
use super::known;

/// A condition of a permission: a contract, when it is asked, and what it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The policy's contract.
    pub contract: Address,
    /// When it is asked: `0000` always, `0001` not for operations, `0002` not for signatures.
    pub flag: FixedBytes<2>,
    /// What it allows.
    pub rule: Rule,
}

/// What a policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Everything.
    Sudo,
    /// From one moment to another, in Unix seconds; 0 is no bound.
    Timestamp {
        /// Not before.
        after: U48,
        /// Not later than.
        until: U48,
    },
    /// Operations that cost, together, no more than so much wei.
    Gas {
        /// Wei.
        allowed: u128,
        /// Whether somebody else has to pay.
        sponsored: bool,
        /// Who; zero for anybody.
        paymaster: Address,
    },
    /// So many operations in an interval.
    RateLimit {
        /// Seconds.
        interval: U48,
        /// Operations.
        count: U48,
        /// When the first interval begins; the policy with reset has none.
        start: Option<U48>,
    },
    /// Some calls and no others.
    Calls(Vec<AllowedCall>),
    /// Signatures that some contracts ask for.
    SignatureCallers(Vec<Address>),
}

/// A call that a call policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedCall {
    /// 0 a call, 1 a batch, 255 a delegate call.
    pub call_type: FixedBytes<1>,
    /// The contract; zero for any.
    pub target: Address,
    /// The function.
    pub selector: FixedBytes<4>,
    /// The most wei that may go with it.
    pub value_limit: U256,
    /// What arguments have to be.
    pub arguments: Vec<ArgumentRule>,
}

/// A condition of a word of a call's arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentRule {
    /// 0 equal, 1 greater, 2 less, 3 at least, 4 at most, 5 not equal, 6 one of.
    pub condition: u8,
    /// Where the word begins.
    pub offset: u64,
    /// What it is compared with.
    pub words: Vec<B256>,
}

impl Policy {
    /// Flag and contract, 22 bytes.
    pub(super) fn info(&self) -> [u8; 22] {
        let mut info = [0; 22];
        let parts = self.flag.iter().chain(self.contract.iter());
        info.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
        info
    }

    /// What the contract is told when the permission is installed.
    pub(super) fn data(&self) -> Vec<u8> {
        match &self.rule {
            Rule::Sudo => Vec::new(),
            Rule::Timestamp { after, until } => (*after, *until).abi_encode_params(),
            Rule::Gas {
                allowed,
                sponsored,
                paymaster,
            } => (U256::from(*allowed), *sponsored, *paymaster).abi_encode_params(),
            Rule::RateLimit { interval, count, start } => [Some(interval), Some(count), start.as_ref()]
                .into_iter()
                .flatten()
                .flat_map(|number| number.to_be_bytes::<6>())
                .collect(),
            Rule::Calls(calls) if self.contract == known::CALL_POLICIES[0] => {
                calls.iter().map(AllowedCall::first).collect::<Vec<_>>().abi_encode()
            }
            Rule::Calls(calls) => calls.iter().map(AllowedCall::entry).collect::<Vec<_>>().abi_encode(),
            Rule::SignatureCallers(callers) => callers.abi_encode(),
        }
    }

    /// Whether it is asked about operations at all.
    pub(super) fn guards_operations(&self) -> bool {
        self.flag != FixedBytes([0, 1])
    }

    /// Contract, flag and what it was told, as installed.
    pub(super) fn whole(&self) -> Bytes {
        [&self.info()[..], &self.data()].concat().into()
    }
}

impl AllowedCall {
    fn entry(&self) -> CallEntry {
        let rule = |rule: &ArgumentRule| CallRule {
            condition: rule.condition,
            offset: rule.offset,
            params: rule.words.clone(),
        };
        CallEntry {
            callType: self.call_type,
            target: self.target,
            selector: self.selector,
            valueLimit: self.value_limit,
            rules: self.arguments.iter().map(rule).collect(),
        }
    }

    fn first(&self) -> FirstCallEntry {
        let rule = |rule: &ArgumentRule| FirstCallRule {
            condition: rule.condition,
            offset: rule.offset,
            params: rule.words.first().copied().unwrap_or_default(),
        };
        FirstCallEntry {
            callType: self.call_type,
            target: self.target,
            selector: self.selector,
            valueLimit: self.value_limit,
            rules: self.arguments.iter().map(rule).collect(),
        }
    }

    /// Whether it is about this function of this contract, called as given; arguments are not looked at.
    pub(super) fn is_of(&self, call_type: u8, target: Address, selector: FixedBytes<4>) -> bool {
        let any = self.target.is_zero();
        self.call_type == FixedBytes([call_type]) && (any || self.target == target) && self.selector == selector
    }
}
