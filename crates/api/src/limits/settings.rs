use std::num::NonZeroU32;
use std::time::Duration;

use super::Network;

/// So many requests in so much time; all of them may come at once, then they come back evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub requests: NonZeroU32,
    /// In how much time.
    pub per: Duration,
}

/// How often one caller may call. A caller is an account where one is logged in, else a client's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitSettings {
    /// Logging in: asking for a nonce, presenting a signed message.
    pub logins: Rate,
    /// Credentials that prove nothing, and those of the existing service, which are costly to check.
    pub attempts: Rate,
    /// What changes state or costs money.
    pub acting: Rate,
    /// Everything else.
    pub reading: Rate,
    /// Proxies whose word about a client's address is believed.
    pub trusted_proxies: Vec<Network>,
}

impl Rate {
    /// So many a minute; at least one.
    #[must_use]
    pub const fn a_minute(requests: u32) -> Self {
        let requests = match NonZeroU32::new(requests) {
            Some(requests) => requests,
            None => NonZeroU32::MIN,
        };
        Self {
            requests,
            per: Duration::from_secs(60),
        }
    }
}

impl LimitSettings {
    /// The same with the existing service's `TTL` (milliseconds) and `LIMIT` (requests in that time): there every
    /// request counted the same, so both set the rate of acting and of reading.
    #[must_use]
    pub fn with_ttl_and_limit(mut self, ttl: Option<Duration>, limit: Option<NonZeroU32>) -> Self {
        if ttl.is_none() && limit.is_none() {
            return self;
        }
        for rate in [&mut self.acting, &mut self.reading] {
            rate.per = ttl.filter(|ttl| !ttl.is_zero()).unwrap_or(rate.per);
            rate.requests = limit.unwrap_or(rate.requests);
        }
        self
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            logins: Rate::a_minute(30),
            attempts: Rate::a_minute(60),
            acting: Rate::a_minute(300),
            reading: Rate::a_minute(6_000),
            trusted_proxies: Vec::new(),
        }
    }
}
