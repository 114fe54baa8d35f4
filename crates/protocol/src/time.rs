//! Moments, without a clock to read them from.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment, in Unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment a chain's clock shows, which counts whole seconds; the last one there is if it does not fit.
    #[must_use]
    pub fn from_unix_seconds(seconds: u64) -> Self {
        Self(i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX))
    }

    /// Whole seconds since 1970, rounded down; 0 for moments before.
    #[must_use]
    pub fn unix_seconds(self) -> u64 {
        u64::try_from(self.0.div_euclid(1000)).unwrap_or(0)
    }

    /// The moment this much later; the last one there is if it does not fit.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// The moment this much earlier; the first one there is if it does not fit.
    #[must_use]
    pub fn before(self, time: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// How long until a later moment; nothing if that has passed.
    #[must_use]
    pub fn until(self, later: Self) -> Duration {
        Duration::from_millis(u64::try_from(later.0.saturating_sub(self.0)).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_chains_and_waits_beyond_all_time_stay_in_order() {
        assert_eq!(Timestamp::from_unix_seconds(12).unix_seconds(), 12);
        assert_eq!(Timestamp::from_unix_seconds(u64::MAX), Timestamp(i64::MAX));
        assert_eq!(Timestamp(5).after(Duration::MAX), Timestamp(i64::MAX));
        assert_eq!(Timestamp(5).before(Duration::from_millis(7)), Timestamp(-2));
        assert_eq!(Timestamp(-5).before(Duration::MAX), Timestamp(i64::MIN));
        assert_eq!(Timestamp(-1).unix_seconds(), 0);
    }

    #[test]
    fn nothing_is_left_until_a_moment_that_has_passed() {
        assert_eq!(Timestamp(10).until(Timestamp(25)), Duration::from_millis(15));
        assert_eq!(Timestamp(25).until(Timestamp(10)), Duration::ZERO);
    }
}
