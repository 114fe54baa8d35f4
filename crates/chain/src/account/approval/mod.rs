//! The text by which an account's owner lets a session key act: base64 of JSON.
//!
//! - `wire`   the JSON, field by field

mod wire;

use alloy::primitives::{Address, FixedBytes, Signature};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::birth::{Birth, NoBirth};
use super::known;
use super::policy::{Policy, Rule};
use wire::{AccountParams, ActionJson, ApprovalJson, PermissionParams, PolicyJson, PolicyParams, Present, Validity};

/// The longest approval that is read, in characters of base64: some hundred rules of a call policy.
const LONGEST: usize = 256 * 1024;

/// What an owner's wallet made for one session key: read, and not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// The conditions.
    pub policies: Vec<Policy>,
    /// The account, as the approval says.
    pub account: Address,
    /// How the account comes to be.
    pub birth: Birth,
    /// By what the permission comes into force.
    pub consent: Consent,
}

/// By what a permission comes into force.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Consent {
    /// The owner signed that it may install itself with its first operation.
    Signed(Signature),
    /// It was installed when the account was made.
    Installed,
}

/// A text that is no approval, or one that must not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    /// Beyond any approval's length.
    #[error("the approval is {length} characters long; {LONGEST} are the most")]
    TooLong {
        /// How long it is.
        length: usize,
    },
    /// Not base64.
    #[error("the approval is not standard base64 with padding: {0}")]
    NotBase64(String),
    /// Not the JSON of an approval.
    #[error("the approval does not hold what a wallet writes: {0}")]
    NotJson(String),
    /// It has a secret in it.
    #[error(
        "the approval carries the session key's private key, which has travelled in a request and is no secret any more; make the approval for the address that this service's session-keys/generate gave"
    )]
    CarriesKey,
    /// It is for an account of another kind.
    #[error("the approval carries an EIP-7702 authorization, which Kernel v3.1 does not take")]
    Delegating,
    /// It is about another function than `execute`.
    #[error("the approval is about function {selector} of {address}; session keys may only `execute` (0xe9ae5c53)")]
    OtherAction {
        /// The function.
        selector: FixedBytes<4>,
        /// The contract.
        address: Address,
    },
    /// It sets bounds where EntryPoint v0.7 does not look.
    #[error("the approval bounds its time by `validityData`, which has no effect; use the timestamp policy")]
    Validity,
    /// A permission without conditions.
    #[error("the approval has no policies")]
    NoPolicies,
    /// A number beyond what the policy's contract takes.
    #[error("`{field}` of a policy is too large")]
    TooLarge {
        /// The field.
        field: &'static str,
    },
    /// A flag that has no meaning.
    #[error("a policy has flag {0}; 0x0000, 0x0001 and 0x0002 have a meaning")]
    Flag(FixedBytes<2>),
    /// A call policy of a version that is not known.
    #[error("a call policy has version `{0}`; 0.0.1 to 0.0.4 are known")]
    CallPolicyVersion(String),
    /// A policy by a contract that may do anything.
    #[error("the {kind} policy is at {found}, which is not the published contract; what it would allow is not known")]
    OtherPolicy {
        /// The kind.
        kind: &'static str,
        /// The contract.
        found: Address,
    },
    /// The account does not follow from its init code.
    #[error("the approval's init code is not of a Kernel v3.1 account: {0}")]
    Birth(#[from] NoBirth),
    /// It neither is installed nor can be.
    #[error("the approval has no `enableSignature`, and does not say that it is installed already")]
    NoSignature,
    /// A signature that is none.
    #[error("the approval's `enableSignature` is {length} bytes and no signature; 65 are one")]
    NotASignature {
        /// How long it is.
        length: usize,
    },
}

impl Approval {
    /// Reads an approval.
    ///
    /// # Errors
    /// [`ApprovalError`]; no error repeats the text.
    pub fn parse(text: &str) -> Result<Self, ApprovalError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(ApprovalError::TooLong { length: text.len() });
        }
        let bytes = STANDARD
            .decode(text)
            .map_err(|error| ApprovalError::NotBase64(error.to_string()))?;
        let json: ApprovalJson =
            serde_json::from_slice(&bytes).map_err(|error| ApprovalError::NotJson(place(&error)))?;
        Self::try_from(json)
    }

    /// The text again.
    pub fn to_text(&self) -> String {
        let json = ApprovalJson {
            permission_params: PermissionParams {
                policies: self
                    .policies
                    .iter()
                    .map(|policy| PolicyJson {
                        policy_params: PolicyParams::from(policy),
                    })
                    .collect(),
            },
            action: ActionJson {
                selector: known::EXECUTE,
                address: Address::ZERO,
            },
            validity_data: Validity::default(),
            account_params: AccountParams {
                init_code: self.birth.factory_data(),
                account_address: self.account,
            },
            enable_signature: match &self.consent {
                Consent::Signed(signature) => Some(signature.as_bytes().into()),
                Consent::Installed => None,
            },
            private_key: Present(false),
            eip7702_auth: Present(false),
            is_pre_installed: self.consent == Consent::Installed,
        };
        STANDARD.encode(serde_json::to_vec(&json).unwrap_or_default())
    }
}

/// Where and what, without the text that was found there: it may hold a secret.
fn place(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Data => {
            let text = error.to_string();
            let known = ["missing field", "unknown variant"]
                .iter()
                .any(|words| text.starts_with(words));
            if known {
                text
            } else {
                "a field has another form".to_owned()
            }
        }
        serde_json::error::Category::Syntax => "it is not JSON".to_owned(),
        serde_json::error::Category::Eof => "it ends too early".to_owned(),
        serde_json::error::Category::Io => "it cannot be read".to_owned(),
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

impl TryFrom<ApprovalJson> for Approval {
    type Error = ApprovalError;

    fn try_from(json: ApprovalJson) -> Result<Self, ApprovalError> {
        if json.private_key.0 {
            return Err(ApprovalError::CarriesKey);
        }
        if json.eip7702_auth.0 {
            return Err(ApprovalError::Delegating);
        }
        if json.action.selector != known::EXECUTE || !json.action.address.is_zero() {
            return Err(ApprovalError::OtherAction {
                selector: json.action.selector,
                address: json.action.address,
            });
        }
        if json.validity_data.valid_after != 0 || json.validity_data.valid_until != 0 {
            return Err(ApprovalError::Validity);
        }
        let policies = json.permission_params.policies.iter();
        let policies: Vec<Policy> = policies
            .map(|policy| Policy::try_from(&policy.policy_params))
            .collect::<Result<_, _>>()?;
        if policies.is_empty() {
            return Err(ApprovalError::NoPolicies);
        }
        let consent = match json.enable_signature {
            _ if json.is_pre_installed => Consent::Installed,
            Some(bytes) => {
                let length = bytes.len();
                let signature = Signature::try_from(&bytes[..]).map_err(|_| ApprovalError::NotASignature { length })?;
                Consent::Signed(signature)
            }
            None => return Err(ApprovalError::NoSignature),
        };
        Ok(Self {
            policies,
            account: json.account_params.account_address,
            birth: Birth::decode(&json.account_params.init_code)?,
            consent,
        })
    }
}

impl Policy {
    /// Refuses contracts other than the published ones: their names say nothing about what they allow.
    fn expect_known_contract(&self) -> Result<(), ApprovalError> {
        let (kind, known): (_, &[Address]) = match self.rule {
            Rule::Sudo => ("sudo", &[known::SUDO_POLICY]),
            Rule::Timestamp { .. } => ("timestamp", &[known::TIMESTAMP_POLICY]),
            Rule::Gas { .. } => ("gas", &[known::GAS_POLICY]),
            Rule::RateLimit { .. } => (
                "rate-limit",
                &[known::RATE_LIMIT_POLICY, known::RATE_LIMIT_WITH_RESET_POLICY],
            ),
            Rule::Calls(_) => ("call", &known::CALL_POLICIES),
            Rule::SignatureCallers(_) => ("signature-caller", &[known::SIGNATURE_CALLER_POLICY]),
        };
        if known.contains(&self.contract) {
            return Ok(());
        }
        Err(ApprovalError::OtherPolicy {
            kind,
            found: self.contract,
        })
    }
}
