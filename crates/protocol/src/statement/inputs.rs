use maci_crypto::Fr;
use maci_crypto::field::{fr_from_decimal, fr_to_decimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

/// The values of one input signal: an element, or a list of signals of one shape.
#[derive(Clone, PartialEq, Eq)]
pub enum Values {
    /// A single field element.
    One(Fr),
    /// A list, nested as deep as the signal has dimensions.
    Many(Vec<Values>),
}

/// All input signals of a circuit, by name, in the order in which upstream writes them.
///
/// The inputs of a message processor contain the coordinator's secret scalar, so `Debug` shows
/// names only.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CircuitInputs(Vec<(String, Values)>);

/// JSON that is not a circuit's inputs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputsError {
    /// Not an object.
    #[error("circuit inputs are not a JSON object of signals")]
    NotAnObject,
    /// A value that is neither a decimal string nor a list.
    #[error("signal `{signal}` holds something that is not a decimal string below the field's order")]
    NotAnElement {
        /// The signal.
        signal: String,
    },
}

impl CircuitInputs {
    /// Appends a signal.
    pub(crate) fn with(mut self, name: &str, values: impl Into<Values>) -> Self {
        self.0.push((name.to_owned(), values.into()));
        self
    }

    /// A signal's values.
    pub fn get(&self, name: &str) -> Option<&Values> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, values)| values)
    }

    /// A signal that is a single element.
    pub fn element(&self, name: &str) -> Option<Fr> {
        match self.get(name)? {
            Values::One(element) => Some(*element),
            Values::Many(_) => None,
        }
    }

    /// All signals with their values in the order in which witness calculators take them: the
    /// last index runs fastest.
    pub fn flat(&self) -> Vec<(String, Vec<Fr>)> {
        let flatten = |(name, values): &(String, Values)| {
            let mut list = Vec::new();
            values.flatten_into(&mut list);
            (name.clone(), list)
        };
        self.0.iter().map(flatten).collect()
    }

    /// The object snarkjs takes: decimal strings in nested lists.
    pub fn to_json(&self) -> Value {
        let members = self.0.iter();
        Value::Object(members.map(|(name, values)| (name.clone(), values.to_json())).collect())
    }

    /// Reads what [`Self::to_json`] writes.
    pub fn from_json(json: &Value) -> Result<Self, InputsError> {
        let members = json.as_object().ok_or(InputsError::NotAnObject)?;
        let read = |(name, value): (&String, &Value)| match Values::from_json(value) {
            Some(values) => Ok((name.clone(), values)),
            None => Err(InputsError::NotAnElement {
                signal: name.chars().take(80).collect(),
            }),
        };
        members.iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}

impl Values {
    fn flatten_into(&self, list: &mut Vec<Fr>) {
        match self {
            Self::One(element) => list.push(*element),
            Self::Many(inner) => inner.iter().for_each(|values| values.flatten_into(list)),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::One(element) => Value::String(fr_to_decimal(element)),
            Self::Many(inner) => Value::Array(inner.iter().map(Self::to_json).collect()),
        }
    }

    fn from_json(value: &Value) -> Option<Self> {
        if let Some(list) = value.as_array() {
            let inner: Option<Vec<_>> = list.iter().map(Self::from_json).collect();
            return inner.map(Self::Many);
        }
        fr_from_decimal(value.as_str()?).ok().map(Self::One)
    }
}

impl std::fmt::Debug for CircuitInputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(_) => f.write_str("One(…)"),
            Self::Many(inner) => write!(f, "Many({} …)", inner.len()),
        }
    }
}

impl From<Fr> for Values {
    fn from(element: Fr) -> Self {
        Self::One(element)
    }
}

impl From<u64> for Values {
    fn from(number: u64) -> Self {
        Self::One(Fr::from(number))
    }
}

impl<T: Into<Values>> From<Vec<T>> for Values {
    fn from(list: Vec<T>) -> Self {
        Self::Many(list.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Values>, const N: usize> From<[T; N]> for Values {
    fn from(list: [T; N]) -> Self {
        Self::Many(list.into_iter().map(Into::into).collect())
    }
}

impl Serialize for CircuitInputs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for CircuitInputs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Self::from_json(&json).map_err(de::Error::custom)
    }
}
