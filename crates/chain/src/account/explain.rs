use alloy::primitives::{Address, U256};
use maci_protocol::ids::{ChainId, EthAddress};

use super::delegation::Delegation;
use super::known::CREATE_CALL;
use super::permission::PermissionId;
use super::policy::{AllowedCall, Policy, Rule};

/// What an approval allows, in words for the person who is asked whether to keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The chain.
    pub chain: ChainId,
    /// The account that acts.
    pub account: EthAddress,
    /// Who approved it, and may do everything with the account.
    pub owner: EthAddress,
    /// The session key that signs.
    pub session: EthAddress,
    /// The permission's name in the account.
    pub permission: PermissionId,
    /// The first second it may be used in, in Unix seconds; none from the beginning.
    pub from: Option<u64>,
    /// The last second; none without an end.
    pub until: Option<u64>,
    /// Each policy in a sentence.
    pub policies: Vec<String>,
    /// What somebody should think about before keeping it.
    pub warnings: Vec<String>,
}

impl Delegation {
    /// What it allows, in words.
    pub fn explain(&self) -> Explanation {
        let policies = &self.granted().policies;
        let mut warnings = Vec::new();
        if self.until().is_none() {
            warnings.push("it never ends: only the account's owner can take it back, on the chain".to_owned());
        }
        let bounded = policies.iter().any(|policy| matches!(policy.rule, Rule::Calls(_)));
        if !bounded {
            warnings.push(
                "whoever has the session key may call any contract for the account, and send away what it owns"
                    .to_owned(),
            );
        }
        if policies.iter().any(|policy| !policy.guards_operations()) {
            warnings.push("a policy is not asked about operations and bounds signatures only".to_owned());
        }
        Explanation {
            chain: self.chain(),
            account: self.account(),
            owner: self.owner(),
            session: self.session(),
            permission: self.permission(),
            from: self.from(),
            until: self.until(),
            policies: policies.iter().map(sentence).collect(),
            warnings,
        }
    }
}

fn sentence(policy: &Policy) -> String {
    match &policy.rule {
        Rule::Sudo => "everything is allowed".to_owned(),
        Rule::Timestamp { after, until } => {
            let bound = |word: &str, seconds: u64| match seconds {
                0 => String::new(),
                seconds => format!(" {word} {seconds}"),
            };
            let bounds = [bound("from", after.to()), bound("until", until.to())].concat();
            if bounds.is_empty() {
                "at any time".to_owned()
            } else {
                format!("only{bounds} (Unix seconds)")
            }
        }
        Rule::Gas {
            allowed,
            sponsored,
            paymaster,
        } => {
            let by_whom = match (sponsored, paymaster.is_zero()) {
                (false, _) => String::new(),
                (true, true) => ", all of it paid by a sponsor".to_owned(),
                (true, false) => format!(", all of it paid by sponsor {paymaster}"),
            };
            format!("gas for {} together{by_whom}", ether(*allowed))
        }
        Rule::RateLimit { interval, count, start } => {
            let (interval, count) = (interval.to::<u64>(), count.to::<u64>());
            let begins = start.map(|start| start.to::<u64>()).filter(|start| *start > 0);
            let from = begins
                .map(|start| format!(", from {start} (Unix seconds)"))
                .unwrap_or_default();
            match (interval, start) {
                (0, _) => format!("{count} operations together{from}"),
                (_, Some(_)) => format!("{count} operations, {interval} seconds between two{from}"),
                (_, None) => format!("{count} operations in {interval} seconds"),
            }
        }
        Rule::Calls(calls) => {
            let calls: Vec<String> = calls.iter().map(call_in_words).collect();
            format!("only these calls: {}", calls.join("; "))
        }
        Rule::SignatureCallers(callers) => {
            let callers: Vec<String> = callers.iter().map(Address::to_string).collect();
            format!("signatures only for {}", callers.join(", "))
        }
    }
}

fn call_in_words(call: &AllowedCall) -> String {
    let kind = match call.call_type.0 {
        [0] => "call",
        [1] => "batch",
        [0xff] => "code of (as the account itself)",
        [_] => "unknown kind of call",
    };
    let target = match call.target {
        Address::ZERO => "any contract".to_owned(),
        CREATE_CALL => "the contract that makes contracts".to_owned(),
        other => other.to_string(),
    };
    let value = match call.value_limit {
        U256::ZERO => String::new(),
        limit => format!(" with at most {limit} wei"),
    };
    let arguments = match call.arguments.len() {
        0 => String::new(),
        count => format!(", {count} conditions on its arguments"),
    };
    format!("{kind} {target} function {}{value}{arguments}", call.selector)
}

fn ether(wei: u128) -> String {
    const ONE: u128 = 1_000_000_000_000_000_000;
    let digits = format!("{:018}", wei % ONE);
    match digits.trim_end_matches('0') {
        "" => format!("{} ether", wei / ONE),
        rest => format!("{}.{rest} ether", wei / ONE),
    }
}
