use std::borrow::Cow;

use alloy::primitives::U256;
use maci_chain::deploy::{ArgumentKind, Complaint, Policy, PolicyDesign, PolicyName, VoiceCredits};
use maci_protocol::ids::EthAddress;
use maci_protocol::poll::Mode;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value, json};

use crate::schedule::Moment;

/// How votes are paid for, by name or number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModeName(pub Mode);

/// A moment in whole seconds: RFC 3339 with a zone, or Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct When(pub u64);

/// A policy: its `type` with what that takes, or the `address` of one that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PolicyDescription(pub Map<String, Value>);

/// A source of voice credits: its `type` with what that takes, or the `address` of one that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CreditsDescription(pub Map<String, Value>);

impl PolicyDescription {
    /// The policy.
    ///
    /// # Errors
    /// Every complaint; the description stands at `pointer`.
    pub fn design(&self, pointer: &str) -> Result<PolicyDesign, Vec<Complaint>> {
        if let Some(there) = there(&self.0, pointer) {
            return there.map(PolicyDesign::There);
        }
        let known: Vec<&str> = PolicyName::ALL.iter().map(|name| name.word()).collect();
        let at = format!("{pointer}/type");
        let Some(given) = self.0.get("type").and_then(Value::as_str) else {
            let rule = format!("must be one of {}, or `address` given in its place", known.join(", "));
            return Err(vec![Complaint::new(at, rule)]);
        };
        let Some(name) = PolicyName::named(given) else {
            let given: String = given.chars().take(80).collect();
            let rule = format!("is `{given}`, which is no policy; known are {}", known.join(", "));
            return Err(vec![Complaint::new(at, rule)]);
        };
        Policy::read(name, &self.0, pointer, &["type"]).map(PolicyDesign::New)
    }
}

impl CreditsDescription {
    /// The source of credits.
    ///
    /// # Errors
    /// Every complaint; the description stands at `pointer`.
    pub fn design(&self, pointer: &str) -> Result<VoiceCredits, Vec<Complaint>> {
        if let Some(there) = there(&self.0, pointer) {
            return there.map(VoiceCredits::Proxy);
        }
        let complain = |field: &str, rule: &str| vec![Complaint::new(format!("{pointer}/{field}"), rule)];
        let number = |field: &str| {
            let read = self.0.get(field).and_then(whole);
            read.ok_or_else(|| complain(field, "must be a whole number, as a number or as text"))
        };
        let small = |field: &str| {
            number(field)?
                .try_into()
                .map_err(|_| complain(field, "must be below 2^64"))
        };
        let only = |fields: &[&str]| match self.0.keys().find(|key| !fields.contains(&key.as_str())) {
            Some(other) => Err(complain(
                other,
                &format!("is not known; it takes {}", fields.join(", ")),
            )),
            None => Ok(()),
        };
        match self.0.get("type").and_then(Value::as_str) {
            Some("constant") => {
                only(&["type", "amount"])?;
                Ok(VoiceCredits::Constant(small("amount")?))
            }
            Some("erc20Votes") => {
                only(&["type", "token", "snapshotBlock", "factor"])?;
                let token = self.0.get("token").and_then(address);
                Ok(VoiceCredits::Erc20Votes {
                    snapshot_block: small("snapshotBlock")?,
                    token: token.ok_or_else(|| complain("token", "must be an address"))?,
                    factor: number("factor")?,
                })
            }
            _ => Err(complain(
                "type",
                "must be `constant` or `erc20Votes`, or `address` given in its place",
            )),
        }
    }
}

/// What is named by its address alone, if it is.
fn there(given: &Map<String, Value>, pointer: &str) -> Option<Result<EthAddress, Vec<Complaint>>> {
    let value = given.get("address")?;
    if given.len() > 1 {
        let at = format!("{pointer}/address");
        return Some(Err(vec![Complaint::new(
            at,
            "is given beside other fields; it stands alone",
        )]));
    }
    let refuse = || vec![Complaint::new(format!("{pointer}/address"), "must be an address")];
    Some(address(value).ok_or_else(refuse))
}

fn address(value: &Value) -> Option<EthAddress> {
    let at: EthAddress = value.as_str()?.parse().ok()?;
    (!at.is_zero()).then_some(at)
}

fn whole(value: &Value) -> Option<U256> {
    match value {
        Value::Number(number) => number.as_u64().map(U256::from),
        Value::String(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            U256::from_str_radix(text, 10).ok()
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Serialize for ModeName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ModeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Value::deserialize(deserializer)?;
        let text = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
        text.parse().map(Self).map_err(de::Error::custom)
    }
}

impl JsonSchema for ModeName {
    fn schema_name() -> Cow<'static, str> {
        "Mode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "How votes are paid for: quadratic (QV), by weight (NON_QV), or all credits on one option (FULL).",
            "enum": ["QV", "NON_QV", "FULL", 0, 1, 2],
        })
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Value::deserialize(deserializer)?;
        if let Some(seconds) = whole(&given).and_then(|seconds| u64::try_from(seconds).ok()) {
            return Ok(Self(seconds));
        }
        let text = given.as_str().ok_or_else(|| {
            de::Error::custom("expected a moment such as 2026-11-22T21:00:00Z, or whole Unix seconds")
        })?;
        let moment: Moment = text.parse().map_err(de::Error::custom)?;
        Ok(Self(moment.unix_seconds()))
    }
}

impl JsonSchema for When {
    fn schema_name() -> Cow<'static, str> {
        "When".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A moment in whole seconds: RFC 3339 with a zone, or Unix seconds.",
            "anyOf": [
                { "type": "string", "format": "date-time" },
                { "type": "string", "pattern": "^[0-9]+$" },
                { "type": "integer", "minimum": 0 },
            ],
        })
    }
}

impl JsonSchema for PolicyDescription {
    fn schema_name() -> Cow<'static, str> {
        "Policy".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut kinds: Vec<Value> = PolicyName::ALL.iter().map(|name| kind(*name)).collect();
        kinds.push(address_alone(
            "A policy that is there and guards nothing yet; the sender must own it.",
        ));
        json_schema!({ "description": "Who may pass.", "oneOf": kinds })
    }
}

impl JsonSchema for CreditsDescription {
    fn schema_name() -> Cow<'static, str> {
        "VoiceCredits".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let constant = json!({
            "description": "Everybody the same number.",
            "type": "object", "additionalProperties": false, "required": ["type", "amount"],
            "properties": { "type": { "const": "constant" }, "amount": number() },
        });
        let votes = json!({
            "description": "The balance of an ERC20Votes token at a block, divided by a factor.",
            "type": "object", "additionalProperties": false,
            "required": ["type", "token", "snapshotBlock", "factor"],
            "properties": {
                "type": { "const": "erc20Votes" }, "token": hexadecimal(40),
                "snapshotBlock": number(), "factor": number(),
            },
        });
        let there = address_alone("A source that is there.");
        json_schema!({ "description": "How many credits a voter gets.", "oneOf": [constant, votes, there] })
    }
}

/// The schema of a policy of one kind.
fn kind(name: PolicyName) -> Value {
    let mut properties = Map::new();
    properties.insert("type".to_owned(), json!({ "const": name.word() }));
    let mut required = vec![json!("type")];
    let mut either = Vec::new();
    for argument in name.arguments() {
        let mut schema = match argument.kind {
            ArgumentKind::Contract | ArgumentKind::Account => hexadecimal(40),
            ArgumentKind::Hash => hexadecimal(64),
            ArgumentKind::Number => number(),
            ArgumentKind::Numbers => json!({ "type": "array", "minItems": 1, "items": number() }),
            ArgumentKind::EventId => json!({ "anyOf": [number(), { "type": "string", "format": "uuid" }] }),
        };
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("description".to_owned(), json!(argument.meaning));
        }
        if let Some(alias) = argument.alias {
            properties.insert(alias.to_owned(), schema.clone());
            either = vec![json!({ "required": [argument.name] }), json!({ "required": [alias] })];
        } else {
            required.push(json!(argument.name));
        }
        properties.insert(argument.name.to_owned(), schema);
    }
    let mut schema = json!({
        "type": "object", "additionalProperties": false, "required": required, "properties": properties,
    });
    if let (false, Some(fields)) = (either.is_empty(), schema.as_object_mut()) {
        fields.insert("anyOf".to_owned(), json!(either));
    }
    schema
}

fn address_alone(meaning: &str) -> Value {
    json!({
        "description": meaning, "type": "object", "additionalProperties": false, "required": ["address"],
        "properties": { "address": hexadecimal(40) },
    })
}

fn hexadecimal(digits: u8) -> Value {
    json!({ "type": "string", "pattern": format!("^0x[0-9a-fA-F]{{{digits}}}$") })
}

fn number() -> Value {
    json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": "^(0x[0-9a-fA-F]+|[0-9]+)$" }] })
}
