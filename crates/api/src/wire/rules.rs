//! What single values must be, in the words existing clients read.

use std::ops::RangeInclusive;

use maci_coordinator_core::{networks, senders::SenderChoice};
use maci_protocol::{ChainId, EthAddress, Mode, PollId};
use serde_json::Value;

use super::fields::Complaint;

/// The largest number that is exact in JavaScript, and so in JSON from it.
pub(crate) const LARGEST: u64 = 9_007_199_254_740_991;

/// Digits of a whole number given as text, so that each of them is at most [`LARGEST`].
pub(crate) const MOST_DIGITS: usize = 15;

/// `0x` and forty hexadecimal digits, in one case or with the right checksum.
pub(crate) fn address(value: &Value) -> Result<EthAddress, Complaint> {
    let refuse = || "must be an Ethereum address".to_owned();
    let text = value.as_str().ok_or_else(refuse)?;
    text.parse().map_err(|_| refuse())
}

/// A whole number, as a number or as decimal text.
pub(crate) fn whole(value: &Value) -> Result<u64, Complaint> {
    let below = value.as_f64().is_some_and(|number| number < 0.0);
    if below {
        return Err("must not be less than 0".to_owned());
    }
    exact(value).ok_or_else(|| "must be an integer number".to_owned())
}

fn exact(value: &Value) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.as_u64().or_else(|| {
            let number = number.as_f64()?;
            let whole = number.fract() == 0.0 && (0.0..=LARGEST as f64).contains(&number);
            // In range and whole, so nothing is lost.
            whole.then_some(number as u64)
        }),
        Value::String(digits) if digits.len() <= MOST_DIGITS => digits.parse::<PollId>().ok().map(|number| number.0),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number| *number <= LARGEST)
}

/// A whole number within bounds.
pub(crate) fn within(bounds: RangeInclusive<u64>) -> impl Fn(&Value) -> Result<u64, Complaint> {
    move |value| {
        let number = whole(value)?;
        if number < *bounds.start() {
            return Err(format!("must not be less than {}", bounds.start()));
        }
        if number > *bounds.end() {
            return Err(format!("must not be greater than {}", bounds.end()));
        }
        Ok(number)
    }
}

/// A whole number of eight bits, as depths of trees are.
pub(crate) fn depth(value: &Value) -> Result<u8, Complaint> {
    let number = within(0..=u64::from(u8::MAX))(value)?;
    u8::try_from(number).map_err(|_| "must be an integer number".to_owned())
}

/// A poll's number.
pub(crate) fn poll_id(value: &Value) -> Result<PollId, Complaint> {
    whole(value).map(PollId)
}

/// 0, 1 or 2.
pub(crate) fn mode(value: &Value) -> Result<Mode, Complaint> {
    let number = value.as_u64().and_then(|number| u8::try_from(number).ok());
    number
        .and_then(|number| Mode::try_from(number).ok())
        .ok_or_else(|| "must be one of the following values: 0, 1, 2".to_owned())
}

/// Who sends: `default`, a sender's name, or `session:` and an address.
pub(crate) fn sender(value: &Value) -> Result<SenderChoice, Complaint> {
    let text = value.as_str().ok_or_else(|| "must be a sender's name".to_owned())?;
    text.parse()
        .map_err(|error| format!("must be a sender's name: {error}"))
}

/// A chain's name, or its number.
pub(crate) fn chain(value: &Value) -> Result<ChainId, Complaint> {
    let found = match value {
        Value::String(name) => networks::chain_named(name),
        Value::Number(number) => number.as_u64().filter(|id| (1..=LARGEST).contains(id)).map(ChainId),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    found.ok_or_else(|| {
        let names: Vec<&str> = networks::names().map(|(_, name)| name).collect();
        format!("must be one of the following values: {}", names.join(", "))
    })
}

/// A text.
pub(crate) fn text(value: &Value) -> Result<String, Complaint> {
    let text = value.as_str().ok_or("must be a string")?;
    Ok(text.to_owned())
}

/// A text of so many characters.
pub(crate) fn text_of(length: RangeInclusive<usize>) -> impl Fn(&Value) -> Result<String, Complaint> {
    move |value| {
        let text = text(value)?;
        let count = text.chars().count();
        if count < *length.start() {
            return Err(format!("must be longer than or equal to {} characters", length.start()));
        }
        if count > *length.end() {
            return Err(format!("must be shorter than or equal to {} characters", length.end()));
        }
        Ok(text)
    }
}

/// True or false.
pub(crate) fn flag(value: &Value) -> Result<bool, Complaint> {
    value.as_bool().ok_or_else(|| "must be a boolean value".to_owned())
}

/// A list whose entries keep a rule.
pub(crate) fn list<T>(rule: impl Fn(&Value) -> Result<T, Complaint>) -> impl Fn(&Value) -> Result<Vec<T>, Complaint> {
    move |value| {
        let entries = value.as_array().ok_or("must be an array")?;
        let read = entries
            .iter()
            .enumerate()
            .map(|(place, entry)| rule(entry).map_err(|complaint| format!("at place {place} {complaint}")));
        read.collect()
    }
}

/// An object, whatever is in it.
pub(crate) fn object(value: &Value) -> Result<Value, Complaint> {
    if value.is_object() {
        Ok(value.clone())
    } else {
        Err("must be an object".to_owned())
    }
}

/// `v` and three numbers with dots between.
pub(crate) fn version(value: &Value) -> Result<String, Complaint> {
    let refuse = || r"must match /^v\d+\.\d+\.\d+$/ regular expression".to_owned();
    let tag = value.as_str().ok_or_else(refuse)?;
    let numbers: Vec<&str> = tag.strip_prefix('v').ok_or_else(refuse)?.split('.').collect();
    let all_digits = |number: &&str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if numbers.len() == 3 && tag.len() <= 64 && numbers.iter().all(all_digits) {
        Ok(tag.to_owned())
    } else {
        Err(refuse())
    }
}
