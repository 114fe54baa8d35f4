//! Named input signals of a circuit, flat, in the circuit's order of indices.

use std::fmt;

use ark_bn254::Fr;
use ark_ff::PrimeField;
use maci_protocol::statement::CircuitInputs;
use num_bigint::{BigInt, BigUint, Sign};
use serde_json::Value;
use zeroize::Zeroize;

/// What is wrong with a circuit's inputs. Names signals, never values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The circuit has no such input.
    #[error("the circuit has no input signal `{signal}`")]
    Unknown {
        /// The signal.
        signal: String,
    },
    /// An input array has the wrong number of elements.
    #[error(
        "input signal `{signal}` has {found} values, the circuit takes {expected}; are the circuit's sizes those of the poll?"
    )]
    Size {
        /// The signal.
        signal: String,
        /// What the circuit declares.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// A signal was given twice.
    #[error("input signal `{signal}` is given twice")]
    Twice {
        /// The signal.
        signal: String,
    },
    /// Some inputs were not given.
    #[error("{given} of the circuit's {expected} input values were given")]
    Missing {
        /// Values given.
        given: usize,
        /// Values the circuit takes.
        expected: usize,
    },
    /// A JSON value that is no number.
    #[error("input signal `{signal}` holds something that is neither a whole number nor a decimal string")]
    NotANumber {
        /// The signal.
        signal: String,
    },
    /// The JSON text is no object of signals.
    #[error("circuit inputs must be a JSON object from signal names to numbers or arrays of them")]
    NotAnObject,
}

/// A circuit's input signals, each flattened to a list of field elements.
///
/// They hold secrets: wiped when dropped, never printed.
#[derive(Clone, Default)]
pub struct Inputs {
    signals: Vec<(String, Vec<Fr>)>,
}

impl Inputs {
    /// No signals yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a signal.
    pub fn push(&mut self, signal: impl Into<String>, values: Vec<Fr>) {
        self.signals.push((signal.into(), values));
    }

    /// The signals in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Fr])> {
        self.signals
            .iter()
            .map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Reads the JSON that circom's own calculators take: an object from names to decimal strings,
    /// numbers, or nested arrays of them. Numbers are reduced modulo the field's order, as there.
    pub fn from_json(json: &Value) -> Result<Self, InputError> {
        let object = json.as_object().ok_or(InputError::NotAnObject)?;
        let mut inputs = Self::new();
        for (signal, value) in object {
            let mut values = Vec::new();
            flatten(value, &mut values).ok_or_else(|| InputError::NotANumber { signal: signal.clone() })?;
            inputs.push(signal, values);
        }
        Ok(inputs)
    }

    /// Writes the JSON that [`from_json`](Self::from_json) reads, with flat arrays.
    pub fn to_json(&self) -> Value {
        let decimal = |value: &Fr| Value::from(value.into_bigint().to_string());
        let signal = |(name, values): &(String, Vec<Fr>)| {
            let value = match values.as_slice() {
                [single] => decimal(single),
                many => many.iter().map(decimal).collect(),
            };
            (name.clone(), value)
        };
        Value::Object(self.signals.iter().map(signal).collect())
    }
}

impl<N: Into<String>> FromIterator<(N, Vec<Fr>)> for Inputs {
    fn from_iter<I: IntoIterator<Item = (N, Vec<Fr>)>>(signals: I) -> Self {
        Self {
            signals: signals
                .into_iter()
                .map(|(name, values)| (name.into(), values))
                .collect(),
        }
    }
}

impl From<&CircuitInputs> for Inputs {
    fn from(inputs: &CircuitInputs) -> Self {
        Self { signals: inputs.flat() }
    }
}

impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shapes = self.iter().map(|(name, values)| (name, values.len()));
        f.debug_map().entries(shapes).finish()
    }
}

impl Drop for Inputs {
    fn drop(&mut self) {
        for (_, values) in &mut self.signals {
            values.zeroize();
        }
    }
}

fn flatten(value: &Value, into: &mut Vec<Fr>) -> Option<()> {
    match value {
        Value::Array(elements) => elements.iter().try_for_each(|each| flatten(each, into)),
        Value::String(text) => push_number(text, into),
        Value::Number(number) => push_number(&number.to_string(), into),
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

fn push_number(text: &str, into: &mut Vec<Fr>) -> Option<()> {
    /// Longer than any sensible number: 2^4096 has 1234 digits.
    const MOST_DIGITS: usize = 1300;
    if text.len() > MOST_DIGITS {
        return None;
    }
    let number: BigInt = match text.strip_prefix("0x") {
        Some(hex) => BigInt::from(BigUint::parse_bytes(hex.as_bytes(), 16)?),
        None => text.parse().ok()?,
    };
    let (sign, magnitude) = number.into_parts();
    let value = Fr::from(magnitude);
    into.push(if sign == Sign::Minus { -value } else { value });
    Some(())
}
