/// How many blocks to ask for at once. Grows while the provider answers, shrinks when it
/// refuses, and never again exceeds a limit the provider has named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    blocks: u64,
    limit: u64,
}

impl Default for Window {
    fn default() -> Self {
        Self::new(2_000, 1_000_000)
    }
}

impl Window {
    /// Starts at `blocks`, and never asks for more than `limit`.
    pub fn new(blocks: u64, limit: u64) -> Self {
        let limit = limit.max(1);
        Self {
            blocks: blocks.clamp(1, limit),
            limit,
        }
    }

    /// Starts at `blocks` if they are given, else as usual, and adapts to what the provider answers.
    pub fn starting_at(blocks: Option<u64>) -> Self {
        match blocks {
            Some(blocks) => Self::new(blocks, Self::default().limit),
            None => Self::default(),
        }
    }

    /// Blocks to ask for now; at least 1.
    pub fn blocks(&self) -> u64 {
        self.blocks
    }

    /// A request was answered.
    pub fn grow(&mut self) {
        self.blocks = self.blocks.saturating_mul(2).min(self.limit);
    }

    /// A request over `asked` blocks was refused with these words. Answers whether a smaller
    /// request is worth trying.
    pub fn shrink(&mut self, asked: u64, refusal: &str) -> bool {
        if asked <= 1 {
            return false;
        }
        let limit = limit_named_in(refusal).filter(|limit| *limit < asked);
        if let Some(limit) = limit {
            self.limit = limit;
        }
        self.blocks = limit.unwrap_or(asked / 2).max(1);
        true
    }
}

/// Whether a refusal of `eth_getLogs` asks for a smaller range rather than for patience.
pub(super) fn asks_for_less(refusal: &str) -> bool {
    let text = refusal.to_lowercase();
    const SIGNS: [&str; 12] = [
        "range",
        "more than",
        "too many",
        "too large",
        "too wide",
        "limited to",
        "limit exceeded",
        "response size",
        "timeout",
        "timed out",
        "maximum",
        "exceed",
    ];
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// The number of blocks a refusal names as the most it allows, such as `up to a 2K block range`,
/// `block range is limited to 10,000` or `try with this block range [0x1, 0x3e8]`.
fn limit_named_in(refusal: &str) -> Option<u64> {
    let text = refusal.to_lowercase();
    if let Some(limit) = suggested_span(&text) {
        return Some(limit);
    }
    // numbers of results or bytes are not numbers of blocks
    if !text.contains("block") && !text.contains("range") {
        return None;
    }
    if text.contains("results") || text.contains("logs matched") || text.contains("response size") {
        return None;
    }
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == ',' || c == '_'))
        .filter_map(count)
        .filter(|blocks| *blocks > 0)
        .min()
}

/// `[0xa, 0xb]` as a number of blocks.
fn suggested_span(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once('[')?;
    let (inside, _) = rest.split_once(']')?;
    let (from, to) = inside.split_once(',')?;
    let read = |word: &str| u64::from_str_radix(word.trim().strip_prefix("0x")?, 16).ok();
    read(to)?.checked_sub(read(from)?)?.checked_add(1)
}

/// `10000`, `10,000`, `10_000` or `10k`.
fn count(word: &str) -> Option<u64> {
    let plain: String = word.chars().filter(|c| !matches!(c, ',' | '_')).collect();
    match plain.strip_suffix('k') {
        Some(thousands) => thousands.parse::<u64>().ok()?.checked_mul(1_000),
        None => plain.parse().ok(),
    }
}

#[cfg(test)]
mod tests;
