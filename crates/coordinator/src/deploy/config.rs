use std::borrow::Cow;
use std::fmt;

use alloy::primitives::U256;
use maci_chain::deploy::{
    Complaint, Design, KeySet, MaciDesign, NewMaci, Policy, PolicyDesign, PolicyName, PollDesign, VerifierKind,
    VoiceCredits,
};
use maci_chain::reader::Period;
use maci_crypto::keys::PublicKey;
use maci_protocol::ids::EthAddress;
use maci_protocol::poll::{Mode, TreeDepths};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use super::PoseidonDescription;
use crate::service::ServiceError;

const CONSTANT_CREDITS: &str = "ConstantInitialVoiceCreditProxy";
const VOTES_CREDITS: &str = "ERC20VotesInitialVoiceCreditProxy";

/// A whole number that clients write as a number or as a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub u64);

/// What `deploy/maci` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MaciConfig {
    /// Who may sign up.
    pub policy: PolicyConfig,
    /// MACI itself.
    #[serde(rename = "MACI")]
    pub maci: MaciPart,
    /// Which verifying keys are registered.
    #[serde(rename = "VerifyingKeysRegistry")]
    pub registry: RegistryPart,
    /// Poseidon libraries that are there.
    #[serde(rename = "Poseidon", default, skip_serializing_if = "Option::is_none")]
    pub poseidon: Option<PoseidonDescription>,
}

/// The part of [`MaciConfig`] about MACI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MaciPart {
    /// Levels of the tree of sign-ups.
    pub state_tree_depth: Number,
    /// Modes whose keys are registered, by number.
    #[schemars(with = "Vec<u8>")]
    pub modes: Vec<Mode>,
}

/// The part of [`MaciConfig`] about verifying keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegistryPart {
    /// The circuits' sizes.
    pub args: RegistryArgs,
}

/// The sizes of the circuits whose keys are registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistryArgs {
    /// Levels of the tree of sign-ups.
    pub state_tree_depth: Number,
    /// Levels of a poll's state tree.
    pub poll_state_tree_depth: Number,
    /// Levels of a tally batch.
    pub tally_processing_state_tree_depth: Number,
    /// Levels of the tree of vote options.
    pub vote_option_tree_depth: Number,
    /// Messages in a batch.
    pub message_batch_size: Number,
}

/// Who may sign up or join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyConfig {
    /// The policy's id, such as `@excubiae/…/FreeForAllPolicy.sol:FreeForAllPolicy`.
    pub policy_type: String,
    /// The checker's id.
    pub checker_type: String,
    /// What the checker is made with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Value>,
}

/// What `deploy/poll` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PollConfig {
    /// The first moment of voting, in Unix seconds.
    pub start_date: Number,
    /// The last moment of voting, in Unix seconds.
    pub end_date: Number,
    /// Everything but the dates.
    #[serde(flatten)]
    pub shape: PollShape,
}

/// What kind of poll it is, without its dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PollShape {
    /// How votes are paid for: 0 is QV, 1 is NON_QV, 2 is FULL.
    #[schemars(with = "u8")]
    pub mode: Mode,
    /// Levels of a tally batch.
    pub tally_processing_state_tree_depth: Number,
    /// Messages in a batch.
    pub message_batch_size: Number,
    /// Levels of the state tree; MACI's.
    pub poll_state_tree_depth: Number,
    /// Levels of the tree of vote options.
    pub vote_option_tree_depth: Number,
    /// Who may join.
    pub policy: PolicyConfig,
    /// How many credits a voter gets.
    pub initial_voice_credits_proxy: CreditsConfig,
    /// Who may relay messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub relayers: Vec<EthAddress>,
    /// Options voters choose between.
    pub vote_options: Number,
}

/// How many credits a voter gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreditsConfig {
    /// The id of the source's factory.
    pub factory_type: String,
    /// The id of the source.
    pub r#type: String,
    /// What it is made with.
    pub args: CreditsArgs,
    /// A source that is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub address: Option<EthAddress>,
}

/// What a source of credits is made with: `amount` for a constant one, the others for one by token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreditsArgs {
    /// Credits of every voter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Number>,
    /// The block whose balances count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot_block: Option<Number>,
    /// The token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub token: Option<EthAddress>,
    /// What balances are divided by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<Number>,
}

impl PolicyConfig {
    /// The policy. Fields that it does not take are passed over, as clients send them.
    ///
    /// # Errors
    /// [`ServiceError::UnsupportedPolicy`] for one that is not known, [`ServiceError::Refused`] for what it is made with.
    pub fn kind(&self) -> Result<Policy, ServiceError> {
        let unsupported = |given: &str| ServiceError::UnsupportedPolicy { given: short(given) };
        let policy = contract_name(&self.policy_type);
        let policy = policy.strip_suffix("Policy").and_then(PolicyName::named);
        let policy = policy.ok_or_else(|| unsupported(&self.policy_type))?;
        let checker = contract_name(&self.checker_type);
        let checker = checker.strip_suffix("Checker").and_then(PolicyName::named);
        if checker != Some(policy) {
            return Err(unsupported(&self.checker_type));
        }
        let mut given = self
            .args
            .as_ref()
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        given.retain(|field, _| {
            let mut takes = policy.arguments().iter();
            takes.any(|argument| argument.name == field || argument.alias == Some(field))
        });
        let read = Policy::read(policy, &given, "/config/policy/args", &[]);
        read.map_err(|complaints| ServiceError::Refused { complaints })
    }
}

impl CreditsConfig {
    /// The source of credits.
    ///
    /// # Errors
    /// [`ServiceError::UnsupportedCreditFactory`], [`ServiceError::UnsupportedCredits`] for ones that are not known,
    /// [`ServiceError::Refused`] for what it is made with.
    pub fn credits(&self) -> Result<VoiceCredits, ServiceError> {
        let kind = contract_name(&self.factory_type).strip_suffix("Factory");
        let kind = kind.filter(|kind| [CONSTANT_CREDITS, VOTES_CREDITS].contains(kind));
        let kind = kind.ok_or_else(|| ServiceError::UnsupportedCreditFactory {
            given: short(&self.factory_type),
        })?;
        if contract_name(&self.r#type) != kind {
            return Err(ServiceError::UnsupportedCredits {
                given: short(&self.r#type),
            });
        }
        if let Some(address) = self.address {
            return Ok(VoiceCredits::Proxy(address));
        }
        let missing = |field: &str| ServiceError::Refused {
            complaints: vec![Complaint::new(
                format!("/config/initialVoiceCreditsProxy/args/{field}"),
                format!("is missing: {kind} needs it"),
            )],
        };
        let need = |field, number: Option<Number>| number.ok_or_else(|| missing(field));
        let args = &self.args;
        if kind == CONSTANT_CREDITS {
            return Ok(VoiceCredits::Constant(need("amount", args.amount)?.0));
        }
        Ok(VoiceCredits::Erc20Votes {
            snapshot_block: need("snapshotBlock", args.snapshot_block)?.0,
            token: args.token.ok_or_else(|| missing("token"))?,
            factor: U256::from(need("factor", args.factor)?.0),
        })
    }
}

impl MaciConfig {
    /// The sizes of the circuits whose keys are registered.
    ///
    /// # Errors
    /// When no circuit has them, or a poll's tree would not be as deep as MACI's.
    pub fn depths(&self) -> Result<TreeDepths, ServiceError> {
        let RegistryArgs {
            state_tree_depth,
            poll_state_tree_depth,
            tally_processing_state_tree_depth,
            vote_option_tree_depth,
            message_batch_size: _,
        } = &self.registry.args;
        let given = self.maci.state_tree_depth;
        if given != *state_tree_depth || given != *poll_state_tree_depth {
            return Err(ServiceError::invalid(
                "stateTreeDepth and pollStateTreeDepth must be the same everywhere: a poll with another depth than MACI's cannot be finalised",
            ));
        }
        depths(*tally_processing_state_tree_depth, *vote_option_tree_depth, given)
    }

    /// The deployment of this MACI, under a name that tells it from others.
    ///
    /// # Errors
    /// When its policy or depth cannot be.
    pub fn design(&self, name: String, keys: KeySet) -> Result<Design, ServiceError> {
        let poseidon = self.poseidon.unwrap_or_default();
        let maci = NewMaci {
            state_tree_depth: self.maci.state_tree_depth.byte("stateTreeDepth")?,
            sign_up_policy: PolicyDesign::New(self.policy.kind()?),
            verifier: VerifierKind::Groth16,
            registry: None,
            keys: vec![keys],
            poseidon: [
                poseidon.poseidon_t3,
                poseidon.poseidon_t4,
                poseidon.poseidon_t5,
                poseidon.poseidon_t6,
            ],
        };
        Ok(Design {
            name,
            maci: MaciDesign::New(Box::new(maci)),
            polls: Vec::new(),
        })
    }
}

impl PollConfig {
    /// Refuses what would be refused later anyway, before anything is written down.
    ///
    /// # Errors
    /// See [`ServiceError`].
    pub fn check(&self) -> Result<(), ServiceError> {
        if self.end_date <= self.start_date {
            return Err(ServiceError::invalid("endDate must be after startDate"));
        }
        self.shape.check()
    }

    /// The deployment of this poll of a MACI that is there, under a name that tells it from others.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn design(
        &self,
        name: String,
        [maci, verifier, registry]: [EthAddress; 3],
        coordinator: PublicKey,
    ) -> Result<Design, ServiceError> {
        let shape = &self.shape;
        let poll = PollDesign {
            name: "0".to_owned(),
            mode: shape.mode,
            depths: shape.depths()?,
            message_batch_size: shape.message_batch_size.byte("messageBatchSize")?,
            vote_options: shape.vote_options.0,
            period: Period {
                start: self.start_date.0,
                end: self.end_date.0,
            },
            coordinator,
            policy: PolicyDesign::New(shape.policy.kind()?),
            credits: shape.initial_voice_credits_proxy.credits()?,
            relayers: shape.relayers.clone(),
        };
        Ok(Design {
            name,
            maci: MaciDesign::There {
                maci,
                verifier_and_registry: Some((verifier, registry)),
                keys: Vec::new(),
            },
            polls: vec![poll],
        })
    }
}

impl PollShape {
    /// The poll with these dates, in Unix seconds.
    #[must_use]
    pub fn on(&self, start: u64, end: u64) -> PollConfig {
        PollConfig {
            start_date: Number(start),
            end_date: Number(end),
            shape: self.clone(),
        }
    }

    /// How large the poll's trees are.
    ///
    /// # Errors
    /// When no circuit has them.
    pub fn depths(&self) -> Result<TreeDepths, ServiceError> {
        depths(
            self.tally_processing_state_tree_depth,
            self.vote_option_tree_depth,
            self.poll_state_tree_depth,
        )
    }

    fn check(&self) -> Result<(), ServiceError> {
        self.policy.kind()?;
        self.initial_voice_credits_proxy.credits()?;
        let depths = self.depths()?;
        self.message_batch_size.byte("messageBatchSize")?;
        let room = depths.vote_option_capacity() as u64;
        if self.vote_options.0 == 0 || self.vote_options.0 > room {
            return Err(ServiceError::invalid(format!(
                "voteOptions must be 1 to {room} with voteOptionTreeDepth {}, not {}",
                self.vote_option_tree_depth, self.vote_options
            )));
        }
        Ok(())
    }
}

impl Number {
    /// The number, if it fits a byte.
    ///
    /// # Errors
    /// When it does not.
    pub fn byte(self, name: &str) -> Result<u8, ServiceError> {
        u8::try_from(self.0).map_err(|_| ServiceError::invalid(format!("{name} must be below 256, not {}", self.0)))
    }
}

fn depths(tally: Number, vote_option: Number, state: Number) -> Result<TreeDepths, ServiceError> {
    TreeDepths::new(
        tally.byte("tallyProcessingStateTreeDepth")?,
        vote_option.byte("voteOptionTreeDepth")?,
        state.byte("stateTreeDepth")?,
    )
    .map_err(ServiceError::invalid)
}

/// A place in a description as the place in the bodies of `deploy/maci` and `deploy/poll` that says the same.
pub(crate) fn body_pointer(pointer: &str) -> String {
    const PLACES: [(&str, &str); 10] = [
        ("/polls/0/stateTreeDepth", "/config/pollStateTreeDepth"),
        ("/polls/0/policy/", "/config/policy/args/"),
        (
            "/polls/0/voiceCredits/address",
            "/config/initialVoiceCreditsProxy/address",
        ),
        ("/polls/0/voiceCredits/", "/config/initialVoiceCreditsProxy/args/"),
        ("/polls/0", "/config"),
        ("/maci/policy/", "/config/policy/args/"),
        ("/maci/verifyingKeys/0", "/config/VerifyingKeysRegistry/args"),
        ("/maci/poseidon", "/config/Poseidon"),
        ("/maci/verifyingKeys", "/config/VerifyingKeysRegistry"),
        ("/maci", "/config/MACI"),
    ];
    let place = PLACES.iter().find_map(|(ours, theirs)| {
        let rest = pointer.strip_prefix(ours)?;
        Some(format!("{theirs}{rest}"))
    });
    place.unwrap_or_else(|| pointer.to_owned())
}

/// The contract in an id, which may have its source file in front.
fn contract_name(id: &str) -> &str {
    id.rsplit([':', '/']).next().unwrap_or(id)
}

fn short(text: &str) -> String {
    text.chars().take(120).collect()
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Number {
    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A whole number, as a number or as decimal digits in a text.",
            "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": "^[0-9]+$" }],
        })
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(u64),
            Text(String),
        }
        let refuse = || de::Error::custom("expected a whole number that is not negative");
        match Either::deserialize(deserializer).map_err(|_| refuse())? {
            Either::Number(number) => Ok(Self(number)),
            Either::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().map(Self).map_err(|_| refuse())
            }
            Either::Text(_) => Err(refuse()),
        }
    }
}

#[cfg(test)]
mod tests;
