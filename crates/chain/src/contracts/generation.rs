use std::fmt;

/// Which of the two releases a MACI contract is of; they differ in how it is constructed and in
/// how it makes a poll. Found out from an artifact or from the chain, never assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// The packages `0.0.0-ci.*` of 2025: `deployPoll` names verifier and registry.
    A,
    /// Release 3.0.0 of June 2026: verifier and registry are the MACI contract's own.
    B,
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A (packages 0.0.0-ci)",
            Self::B => "B (release 3.0.0)",
        })
    }
}
