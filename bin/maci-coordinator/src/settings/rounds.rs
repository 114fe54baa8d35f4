use serde::Deserialize;

use super::Span;

/// `[rounds]`: how polls are brought to their results.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RoundSettings {
    /// Time between the end of voting, by the chain's clock, and the merge.
    pub margin: Span,
    /// Time between two looks at a watched poll.
    pub look_every: Span,
    /// Time before something that somebody has to mend is tried again by itself.
    pub try_again_after: Span,
    /// How often a failing step is tried before somebody has to mend it.
    pub attempts: u32,
    /// Whether messages are read and checked while voting is open, so that what is wrong is known before the end.
    pub check_open_polls: bool,
    /// The most paid per unit of gas, in gwei; else 500.
    pub fee_cap_gwei: Option<u64>,
    /// Blocks asked for at once when logs are read, for chains that do not say their own.
    pub log_range: u64,
}

impl Default for RoundSettings {
    fn default() -> Self {
        Self {
            margin: Span::seconds(15),
            look_every: Span::seconds(60),
            try_again_after: Span::seconds(600),
            attempts: 12,
            check_open_polls: true,
            fee_cap_gwei: None,
            log_range: 1_000,
        }
    }
}
