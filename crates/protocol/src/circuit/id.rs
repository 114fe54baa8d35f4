use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::poll::Mode;

/// A circom template of MACI v3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Template {
    /// A voter who signed up joins a poll; parameters `[state depth]`.
    PollJoining,
    /// A voter has joined a poll; parameters `[state depth]`.
    PollJoined,
    /// One batch of messages; parameters `[state depth, batch size, vote option depth]`.
    MessageProcessor(Mode),
    /// One batch of ballots with the costs of quadratic voting; parameters
    /// `[state depth, tally depth, vote option depth]`.
    VoteTallyQv,
    /// The same for NON_QV and FULL polls.
    VoteTallyNonQv,
}

/// A circuit: a template with its parameters, named as in `MessageProcessorQv_10-20-2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CircuitId {
    template: Template,
    /// Unused places are 0; `template` says how many are used.
    parameters: [u8; 3],
}

/// A text that names no circuit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a circuit's name such as MessageProcessorQv_10-20-2 or PollJoining_10_test")]
pub struct CircuitIdError {
    /// What was given.
    pub text: String,
}

impl Template {
    /// All templates.
    pub const ALL: [Self; 7] = [
        Self::PollJoining,
        Self::PollJoined,
        Self::MessageProcessor(Mode::Qv),
        Self::MessageProcessor(Mode::NonQv),
        Self::MessageProcessor(Mode::Full),
        Self::VoteTallyQv,
        Self::VoteTallyNonQv,
    ];

    /// The tally template of a mode; FULL shares NON_QV's.
    pub fn vote_tally(mode: Mode) -> Self {
        match mode {
            Mode::Qv => Self::VoteTallyQv,
            Mode::NonQv | Mode::Full => Self::VoteTallyNonQv,
        }
    }

    /// The template's name in circom.
    pub fn name(self) -> &'static str {
        match self {
            Self::PollJoining => "PollJoining",
            Self::PollJoined => "PollJoined",
            Self::MessageProcessor(Mode::Qv) => "MessageProcessorQv",
            Self::MessageProcessor(Mode::NonQv) => "MessageProcessorNonQv",
            Self::MessageProcessor(Mode::Full) => "MessageProcessorFull",
            Self::VoteTallyQv => "VoteTallyQv",
            Self::VoteTallyNonQv => "VoteTallyNonQv",
        }
    }

    /// How many parameters it takes.
    pub fn parameter_count(self) -> usize {
        match self {
            Self::PollJoining | Self::PollJoined => 1,
            Self::MessageProcessor(_) | Self::VoteTallyQv | Self::VoteTallyNonQv => 3,
        }
    }

    /// The public signals in their order in a proof.
    pub fn public_signals(self) -> &'static [&'static str] {
        match self {
            Self::PollJoining => &["pollPublicKey", "nullifier", "stateRoot", "pollId"],
            Self::PollJoined => &["stateRoot"],
            Self::MessageProcessor(_) => &[
                "totalSignups",
                "outputBatchHash",
                "actualStateTreeDepth",
                "coordinatorPublicKeyHash",
                "voteOptions",
                "currentSbCommitment",
                "newSbCommitment",
                "index",
                "batchEndIndex",
            ],
            Self::VoteTallyQv | Self::VoteTallyNonQv => &[
                "sbCommitment",
                "currentTallyCommitment",
                "newTallyCommitment",
                "index",
                "totalSignups",
            ],
        }
    }

    /// How many field elements are public; the verifying key has one `IC` point more.
    pub fn public_input_count(self) -> usize {
        match self {
            Self::PollJoining => 5,
            Self::PollJoined => 1,
            Self::MessageProcessor(_) => 9,
            Self::VoteTallyQv | Self::VoteTallyNonQv => 5,
        }
    }
}

impl CircuitId {
    /// Puts template and parameters together; callers have as many parameters as it takes.
    pub(crate) fn new(template: Template, given: &[u8]) -> Self {
        let mut parameters = [0; 3];
        for (place, value) in parameters.iter_mut().zip(given) {
            *place = *value;
        }
        Self { template, parameters }
    }

    /// The circuit of a template with these parameters, in the template's order; none may be 0.
    pub fn with_parameters(template: Template, parameters: &[u8]) -> Result<Self, CircuitIdError> {
        let id = Self::new(template, parameters);
        if parameters.len() != template.parameter_count() || parameters.contains(&0) {
            let shown = parameters.iter().map(u8::to_string).collect::<Vec<_>>();
            return Err(CircuitIdError {
                text: format!("{}_{}", template.name(), shown.join("-")),
            });
        }
        Ok(id)
    }

    /// The template.
    pub fn template(&self) -> Template {
        self.template
    }

    /// The parameters, in the template's order.
    pub fn parameters(&self) -> &[u8] {
        self.parameters
            .get(..self.template.parameter_count())
            .unwrap_or_default()
    }
}

impl fmt::Display for CircuitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.template.name())?;
        for (i, parameter) in self.parameters().iter().enumerate() {
            write!(f, "{}{parameter}", if i == 0 { '_' } else { '-' })?;
        }
        Ok(())
    }
}

impl FromStr for CircuitId {
    type Err = CircuitIdError;

    /// Reads a name, with or without the `_test` that upstream's small circuits carry.
    fn from_str(text: &str) -> Result<Self, CircuitIdError> {
        let refuse = || CircuitIdError {
            text: text.chars().take(80).collect(),
        };
        let bare = text.strip_suffix("_test").unwrap_or(text);
        let (name, list) = bare.split_once('_').ok_or_else(refuse)?;
        let template = Template::ALL
            .into_iter()
            .find(|template| template.name() == name)
            .ok_or_else(refuse)?;
        let mut parameters = Vec::with_capacity(3);
        for word in list.split('-') {
            let plain = !word.starts_with('0') && word.bytes().all(|b| b.is_ascii_digit());
            if !plain || parameters.len() == 3 {
                return Err(refuse());
            }
            parameters.push(word.parse::<u8>().map_err(|_| refuse())?);
        }
        Self::with_parameters(template, &parameters).map_err(|_| refuse())
    }
}

impl Serialize for CircuitId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CircuitId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
