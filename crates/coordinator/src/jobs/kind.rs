use std::fmt;
use std::str::FromStr;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// Merges a poll's state.
    Merge,
    /// Proves all batches and writes the files; sends nothing.
    Generate,
    /// Puts proofs and results on chain.
    Submit,
    /// All of these, from wherever the poll stands.
    Finalise,
    /// Deploys MACI.
    DeployMaci,
    /// Deploys a poll.
    DeployPoll,
    /// Brings a description of a deployment about.
    Apply,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobState {
    /// It waits for its turn, or for the next attempt.
    Pending,
    /// It is at work.
    Running,
    /// It is done; its result is there.
    Done,
    /// It will not go on by itself; its failure says what has to be done.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// A word for no kind or state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}; known are {known}")]
pub struct UnknownWord {
    given: String,
    what: &'static str,
    known: String,
}

impl JobKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Merge,
        Self::Generate,
        Self::Submit,
        Self::Finalise,
        Self::DeployMaci,
        Self::DeployPoll,
        Self::Apply,
    ];

    /// The word in the store and for clients.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Generate => "generate",
            Self::Submit => "submit",
            Self::Finalise => "finalise",
            Self::DeployMaci => "deploy-maci",
            Self::DeployPoll => "deploy-poll",
            Self::Apply => "apply-deployment",
        }
    }
}

impl JobState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The word for clients.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing will happen to the job any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

macro_rules! words {
    ($name:ident, $what:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let found = Self::ALL.into_iter().find(|one| one.name() == text);
                found.ok_or_else(|| UnknownWord {
                    given: text.chars().take(40).collect(),
                    what: $what,
                    known: Self::ALL.map(Self::name).join(", "),
                })
            }
        }
    };
}

words!(JobKind, "kind of job");
words!(JobState, "state of a job");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_as_written() {
        for kind in JobKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        for state in JobState::ALL {
            assert_eq!(state.to_string().parse(), Ok(state));
        }
        assert!("sleep".parse::<JobKind>().unwrap_err().to_string().contains("finalise"));
    }
}
