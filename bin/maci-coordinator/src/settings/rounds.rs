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
    /// Blocks asked for at once when logs are read, for chains that do not say their own.
    pub log_range: u64,
}

impl Default for RoundSettings {
    fn default() -> Self {
        Self {
            margin: Span::seconds(15),
            look_every: Span::seconds(15),
            log_range: 1_000,
        }
    }
}
