use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use maci_protocol::ids::EthAddress;

use super::{LimitSettings, Rate};

/// After so many requests, callers whose budget is whole again are forgotten.
const FORGET_EVERY: u32 = 4_096;

/// Whose budget it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// Somebody who is logged in.
    Account(EthAddress),
    /// Somebody who is not.
    Client(IpAddr),
}

/// What a request is spent from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spending {
    /// Logging in.
    Login,
    /// Credentials that prove nothing, or cost much to check.
    Attempt,
    /// Changing something.
    Acting,
    /// Looking.
    Reading,
}

/// A budget is spent: how long until one more request fits, in whole seconds, rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests from this caller; the next one fits in {seconds} s")]
pub struct Wait {
    /// The seconds.
    pub seconds: u64,
}

type Limiter<C> = RateLimiter<Key, DefaultKeyedStateStore<Key>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Everybody's budgets.
pub struct Budgets<C: Clock = DefaultClock> {
    clock: C,
    login: Limiter<C>,
    attempt: Limiter<C>,
    acting: Limiter<C>,
    reading: Limiter<C>,
    /// Log lines about a caller's refusals.
    telling: Limiter<C>,
    since_forgetting: AtomicU32,
}

impl Key {
    /// The key of a client's address. A host owns a whole /64 of IPv6, so all of it is one caller.
    #[must_use]
    pub fn client(address: IpAddr) -> Self {
        Self::Client(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            address @ IpAddr::V4(_) => address,
        })
    }
}

impl Budgets {
    /// Whole budgets for everybody.
    #[must_use]
    pub fn new(settings: &LimitSettings) -> Self {
        Self::with_clock(settings, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Budgets<C> {
    /// The same, with a clock of choice.
    #[must_use]
    pub fn with_clock(settings: &LimitSettings, clock: C) -> Self {
        let limiter = |rate: Rate| RateLimiter::new(quota(rate), DefaultKeyedStateStore::default(), clock.clone());
        Self {
            login: limiter(settings.logins),
            attempt: limiter(settings.attempts),
            acting: limiter(settings.acting),
            reading: limiter(settings.reading),
            telling: limiter(Rate::a_minute(1)),
            since_forgetting: AtomicU32::new(0),
            clock,
        }
    }

    /// Spends one request.
    ///
    /// # Errors
    /// When there is none left, and until when.
    pub fn spend(&self, spending: Spending, key: Key) -> Result<(), Wait> {
        if self.since_forgetting.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.forget();
        }
        let limiter = match spending {
            Spending::Login => &self.login,
            Spending::Attempt => &self.attempt,
            Spending::Acting => &self.acting,
            Spending::Reading => &self.reading,
        };
        limiter.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            let rounded_up = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Wait {
                seconds: rounded_up.max(1),
            }
        })
    }

    /// Whether a refusal of this caller is worth a line in the log: one a minute is, so that a busy loop does not fill it.
    pub fn is_news(&self, key: Key) -> bool {
        self.telling.check_key(&key).is_ok()
    }

    /// How many callers are remembered.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.all().map(|limiter| limiter.len()).sum()
    }

    fn forget(&self) {
        self.all().for_each(|limiter| limiter.retain_recent());
    }

    fn all(&self) -> impl Iterator<Item = &Limiter<C>> {
        [&self.login, &self.attempt, &self.acting, &self.reading, &self.telling].into_iter()
    }
}

fn quota(rate: Rate) -> Quota {
    // none only for no time at all, which is no limit a person means
    let evenly = Quota::with_period(rate.per / rate.requests.get());
    evenly
        .unwrap_or_else(|| Quota::per_second(rate.requests))
        .allow_burst(rate.requests)
}

impl<C: Clock> fmt::Debug for Budgets<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budgets").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn budgets() -> (FakeRelativeClock, Budgets<FakeRelativeClock>) {
        let clock = FakeRelativeClock::default();
        let settings = LimitSettings {
            acting: Rate::a_minute(2),
            ..LimitSettings::default()
        };
        (clock.clone(), Budgets::with_clock(&settings, clock))
    }

    fn client(text: &str) -> Key {
        Key::client(text.parse().unwrap())
    }

    #[test]
    fn a_spent_budget_says_how_long_to_wait_and_comes_back() {
        let (clock, budgets) = budgets();
        let ann = client("192.0.2.1");
        assert_eq!(budgets.spend(Spending::Acting, ann), Ok(()));
        assert_eq!(budgets.spend(Spending::Acting, ann), Ok(()));
        assert_eq!(budgets.spend(Spending::Acting, ann), Err(Wait { seconds: 30 }));
        clock.advance(Duration::from_millis(29_001));
        assert_eq!(budgets.spend(Spending::Acting, ann), Err(Wait { seconds: 1 }));
        clock.advance(Duration::from_millis(999));
        assert_eq!(budgets.spend(Spending::Acting, ann), Ok(()));
    }

    #[test]
    fn one_callers_budget_and_one_kind_of_request_are_not_anothers() {
        let (_clock, budgets) = budgets();
        let (ann, bob) = (client("192.0.2.1"), Key::Account(EthAddress([1; 20])));
        for _ in 0..3 {
            let _ = budgets.spend(Spending::Acting, ann);
        }
        assert!(budgets.spend(Spending::Acting, ann).is_err());
        assert_eq!(budgets.spend(Spending::Reading, ann), Ok(()));
        assert_eq!(budgets.spend(Spending::Acting, bob), Ok(()));
    }

    #[test]
    fn a_host_with_a_whole_network_of_addresses_is_one_caller() {
        assert_eq!(client("2001:db8:1:2::3"), client("2001:db8:1:2:ffff::1"));
        assert_ne!(client("2001:db8:1:2::3"), client("2001:db8:1:3::3"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
    }

    #[test]
    fn a_caller_in_a_busy_loop_is_told_of_once_a_minute() {
        let (clock, budgets) = budgets();
        let (ann, bob) = (client("192.0.2.1"), client("192.0.2.2"));
        assert!(budgets.is_news(ann));
        assert!(!budgets.is_news(ann));
        assert!(budgets.is_news(bob));
        clock.advance(Duration::from_secs(60));
        assert!(budgets.is_news(ann));
    }

    #[test]
    fn callers_who_went_away_are_forgotten() {
        let (clock, budgets) = budgets();
        for byte in 0..200 {
            let _ = budgets.spend(Spending::Reading, Key::Account(EthAddress([byte; 20])));
        }
        assert_eq!(budgets.remembered(), 200);
        clock.advance(Duration::from_secs(3_600));
        for _ in 0..FORGET_EVERY {
            let _ = budgets.spend(Spending::Reading, client("192.0.2.1"));
        }
        assert!(budgets.remembered() <= 1, "{}", budgets.remembered());
    }

    #[test]
    fn the_existing_services_variables_set_both_rates() {
        let limits = LimitSettings::default().with_ttl_and_limit(Some(Duration::from_millis(500)), NonZeroU32::new(7));
        let expected = Rate {
            requests: NonZeroU32::new(7).unwrap(),
            per: Duration::from_millis(500),
        };
        assert_eq!((limits.acting, limits.reading), (expected, expected));
        assert_eq!(
            LimitSettings::default().with_ttl_and_limit(None, None),
            LimitSettings::default()
        );
    }
}
