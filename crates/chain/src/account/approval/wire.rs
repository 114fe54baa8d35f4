//! The JSON inside an approval, as the operator's wallet writes it.

use alloy::primitives::aliases::U48;
use alloy::primitives::{Address, B256, Bytes, FixedBytes, U256};
use serde::{Deserialize, Serialize};

use super::ApprovalError;
use crate::account::known;
use crate::account::policy::{AllowedCall, ArgumentRule, Policy, Rule};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApprovalJson {
    pub(super) permission_params: PermissionParams,
    pub(super) action: ActionJson,
    #[serde(default)]
    pub(super) validity_data: Validity,
    pub(super) account_params: AccountParams,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) enable_signature: Option<Bytes>,
    /// Only looked for; never read into memory as a key.
    #[serde(default, skip_serializing)]
    pub(super) private_key: Present,
    #[serde(default, skip_serializing)]
    pub(super) eip7702_auth: Present,
    #[serde(default)]
    pub(super) is_pre_installed: bool,
}

/// Whether a field is there with a value. The value itself is passed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Present(pub(super) bool);

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<serde::de::IgnoredAny>::deserialize(deserializer)?;
        Ok(Self(value.is_some()))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PermissionParams {
    pub(super) policies: Vec<PolicyJson>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyJson {
    pub(super) policy_params: PolicyParams,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ActionJson {
    pub(super) selector: FixedBytes<4>,
    pub(super) address: Address,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Validity {
    #[serde(default)]
    pub(super) valid_after: u64,
    #[serde(default)]
    pub(super) valid_until: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountParams {
    pub(super) init_code: Bytes,
    pub(super) account_address: Address,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(super) enum PolicyParams {
    Sudo {
        #[serde(default)]
        policy_address: Option<Address>,
        #[serde(default)]
        policy_flag: FixedBytes<2>,
    },
    Timestamp {
        #[serde(default)]
        policy_address: Option<Address>,
        #[serde(default)]
        policy_flag: FixedBytes<2>,
        #[serde(default)]
        valid_after: Number,
        #[serde(default)]
        valid_until: Number,
    },
    Gas {
        #[serde(default)]
        policy_address: Option<Address>,
        #[serde(default)]
        policy_flag: FixedBytes<2>,
        #[serde(default)]
        allowed: Number,
        #[serde(default)]
        enforce_paymaster: bool,
        #[serde(default)]
        allowed_paymaster: Address,
    },
    RateLimit {
        #[serde(default)]
        policy_address: Option<Address>,
        #[serde(default)]
        policy_flag: FixedBytes<2>,
        #[serde(default)]
        interval: Number,
        count: Number,
        #[serde(default)]
        start_at: Number,
    },
    Call {
        policy_version: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy_address: Option<Address>,
        #[serde(default)]
        policy_flag: FixedBytes<2>,
        #[serde(default)]
        permissions: Vec<CallJson>,
    },
    SignatureCaller {
        #[serde(default)]
        policy_address: Option<Address>,
        #[serde(default)]
        policy_flag: FixedBytes<2>,
        #[serde(default)]
        allowed_callers: Vec<Address>,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallJson {
    pub(super) target: Address,
    #[serde(default)]
    pub(super) call_type: FixedBytes<1>,
    #[serde(default)]
    pub(super) selector: FixedBytes<4>,
    #[serde(default)]
    pub(super) value_limit: Number,
    #[serde(default)]
    pub(super) rules: Vec<RuleJson>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RuleJson {
    condition: u8,
    offset: Number,
    params: OneOrMore,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(B256),
    More(Vec<B256>),
}

/// A whole number, written as one or, because it was too large for JavaScript, as decimal digits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Number(pub(super) U256);

impl Number {
    fn seconds(self, field: &'static str) -> Result<U48, ApprovalError> {
        let small = u64::try_from(self.0).ok().filter(|number| *number < 1 << 48);
        small.map(U48::from).ok_or(ApprovalError::TooLarge { field })
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u64),
            Digits(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(number) => Ok(Self(U256::from(number))),
            Written::Digits(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                let number = U256::from_str_radix(&digits, 10);
                number.map(Self).map_err(serde::de::Error::custom)
            }
            Written::Digits(_) => Err(serde::de::Error::custom(
                "a whole number is expected, in decimal digits",
            )),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // what JavaScript keeps as a number is one; it writes its big integers as digits
        match u64::try_from(self.0) {
            Ok(small) if small < 1 << 53 => serializer.serialize_u64(small),
            Ok(_) | Err(_) => serializer.collect_str(&self.0),
        }
    }
}

impl TryFrom<&PolicyParams> for Policy {
    type Error = ApprovalError;

    fn try_from(params: &PolicyParams) -> Result<Self, ApprovalError> {
        let (contract, flag, rule) = match params {
            PolicyParams::Sudo {
                policy_address,
                policy_flag,
            } => (policy_address.unwrap_or(known::SUDO_POLICY), policy_flag, Rule::Sudo),
            PolicyParams::Timestamp {
                policy_address,
                policy_flag,
                valid_after,
                valid_until,
            } => {
                let (after, until) = (valid_after.seconds("validAfter")?, valid_until.seconds("validUntil")?);
                let contract = policy_address.unwrap_or(known::TIMESTAMP_POLICY);
                (contract, policy_flag, Rule::Timestamp { after, until })
            }
            PolicyParams::Gas {
                policy_address,
                policy_flag,
                allowed,
                enforce_paymaster,
                allowed_paymaster,
            } => {
                let too_large = |_| ApprovalError::TooLarge { field: "allowed" };
                let rule = Rule::Gas {
                    allowed: u128::try_from(allowed.0).map_err(too_large)?,
                    sponsored: *enforce_paymaster,
                    paymaster: *allowed_paymaster,
                };
                (policy_address.unwrap_or(known::GAS_POLICY), policy_flag, rule)
            }
            PolicyParams::RateLimit {
                policy_address,
                policy_flag,
                interval,
                count,
                start_at,
            } => {
                let contract = policy_address.unwrap_or(known::RATE_LIMIT_POLICY);
                let with_reset = contract == known::RATE_LIMIT_WITH_RESET_POLICY;
                let start = start_at.seconds("startAt")?;
                let rule = Rule::RateLimit {
                    interval: interval.seconds("interval")?,
                    count: count.seconds("count")?,
                    start: (!with_reset).then_some(start),
                };
                (contract, policy_flag, rule)
            }
            PolicyParams::Call {
                policy_version,
                policy_address,
                policy_flag,
                permissions,
            } => {
                let calls = permissions.iter().map(AllowedCall::from).collect();
                let contract = policy_address.map_or_else(|| call_policy(policy_version), Ok)?;
                (contract, policy_flag, Rule::Calls(calls))
            }
            PolicyParams::SignatureCaller {
                policy_address,
                policy_flag,
                allowed_callers,
            } => {
                let contract = policy_address.unwrap_or(known::SIGNATURE_CALLER_POLICY);
                (contract, policy_flag, Rule::SignatureCallers(allowed_callers.clone()))
            }
        };
        let policy = Self {
            contract,
            flag: *policy_flag_of(flag)?,
            rule,
        };
        policy.expect_known_contract()?;
        Ok(policy)
    }
}

fn policy_flag_of(flag: &FixedBytes<2>) -> Result<&FixedBytes<2>, ApprovalError> {
    match flag.0 {
        [0, 0..=2] => Ok(flag),
        [_, _] => Err(ApprovalError::Flag(*flag)),
    }
}

fn call_policy(version: &str) -> Result<Address, ApprovalError> {
    let [first, second, third, fourth] = known::CALL_POLICIES;
    match version {
        "0.0.1" => Ok(first),
        "0.0.2" => Ok(second),
        "0.0.3" => Ok(third),
        "0.0.4" => Ok(fourth),
        other => Err(ApprovalError::CallPolicyVersion(other.chars().take(20).collect())),
    }
}

impl From<&CallJson> for AllowedCall {
    fn from(json: &CallJson) -> Self {
        let rule = |rule: &RuleJson| ArgumentRule {
            condition: rule.condition,
            offset: u64::try_from(rule.offset.0).unwrap_or(u64::MAX),
            words: match &rule.params {
                OneOrMore::One(word) => vec![*word],
                OneOrMore::More(words) => words.clone(),
            },
        };
        Self {
            call_type: json.call_type,
            target: json.target,
            selector: json.selector,
            value_limit: json.value_limit.0,
            arguments: json.rules.iter().map(rule).collect(),
        }
    }
}

impl From<&Policy> for PolicyParams {
    fn from(policy: &Policy) -> Self {
        let (policy_address, policy_flag) = (Some(policy.contract), policy.flag);
        let number = |number: &U48| Number(U256::from(number.to::<u64>()));
        match &policy.rule {
            Rule::Sudo => Self::Sudo {
                policy_address,
                policy_flag,
            },
            Rule::Timestamp { after, until } => Self::Timestamp {
                policy_address,
                policy_flag,
                valid_after: number(after),
                valid_until: number(until),
            },
            Rule::Gas {
                allowed,
                sponsored,
                paymaster,
            } => Self::Gas {
                policy_address,
                policy_flag,
                allowed: Number(U256::from(*allowed)),
                enforce_paymaster: *sponsored,
                allowed_paymaster: *paymaster,
            },
            Rule::RateLimit { interval, count, start } => Self::RateLimit {
                policy_address,
                policy_flag,
                interval: number(interval),
                count: number(count),
                start_at: start.as_ref().map(number).unwrap_or_default(),
            },
            Rule::Calls(calls) => Self::Call {
                policy_version: (1..)
                    .zip(known::CALL_POLICIES)
                    .find(|(_, contract)| *contract == policy.contract)
                    .map_or_else(|| "0.0.4".to_owned(), |(number, _)| format!("0.0.{number}")),
                policy_address,
                policy_flag,
                permissions: calls.iter().map(CallJson::from).collect(),
            },
            Rule::SignatureCallers(callers) => Self::SignatureCaller {
                policy_address,
                policy_flag,
                allowed_callers: callers.clone(),
            },
        }
    }
}

impl From<&AllowedCall> for CallJson {
    fn from(call: &AllowedCall) -> Self {
        let rule = |rule: &ArgumentRule| RuleJson {
            condition: rule.condition,
            offset: Number(U256::from(rule.offset)),
            params: OneOrMore::More(rule.words.clone()),
        };
        Self {
            target: call.target,
            call_type: call.call_type,
            selector: call.selector,
            value_limit: Number(call.value_limit),
            rules: call.arguments.iter().map(rule).collect(),
        }
    }
}
