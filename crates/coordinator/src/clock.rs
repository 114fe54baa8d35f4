//! What time it is, for everything that waits: the system's clock, or one that a test moves.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use maci_protocol::time::Timestamp;
use tokio::sync::watch;

/// The longest sleep before the clock is read again: a suspended machine or a corrected clock is noticed by then.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// A clock that can be waited for.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Ends when the clock shows `moment` or later.
    fn until(&self, moment: Timestamp) -> BoxFuture<'_, ()>;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that others take")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = since.map_or(0, |since| since.as_millis());
        Timestamp(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    fn until(&self, moment: Timestamp) -> BoxFuture<'_, ()> {
        async move {
            loop {
                let rest = self.now().until(moment);
                if rest.is_zero() {
                    return;
                }
                tokio::time::sleep(rest.min(LOOK_AGAIN)).await;
            }
        }
        .boxed()
    }
}

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Debug, Clone)]
pub struct MovedClock(Arc<watch::Sender<Timestamp>>);

impl MovedClock {
    /// A clock that shows this moment.
    #[must_use]
    pub fn at(moment: Timestamp) -> Self {
        Self(Arc::new(watch::Sender::new(moment)))
    }

    /// Moves it; whoever waited for a moment that has come goes on. It never goes back.
    pub fn move_to(&self, moment: Timestamp) {
        self.0.send_if_modified(|now| {
            let moves = moment > *now;
            *now = moment.max(*now);
            moves
        });
    }

    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        self.move_to(self.now().after(by));
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn until(&self, moment: Timestamp) -> BoxFuture<'_, ()> {
        let mut shown = self.0.subscribe();
        async move {
            // this clock holds the sender, so waiting ends only with the moment
            let _ = shown.wait_for(|now| *now >= moment).await;
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_goes_on_when_the_clock_is_moved_there_and_not_before() {
        let clock = MovedClock::at(Timestamp(1_000));
        let waiting = clock.until(Timestamp(2_000));
        clock.advance(Duration::from_millis(999));
        futures::pin_mut!(waiting);
        assert!(futures::poll!(waiting.as_mut()).is_pending());
        clock.advance(Duration::from_millis(1));
        waiting.await;
    }

    #[tokio::test]
    async fn a_moment_that_has_passed_is_not_waited_for() {
        SystemClock.until(Timestamp(0)).await;
        let clock = MovedClock::at(Timestamp(5));
        clock.move_to(Timestamp(1));
        assert_eq!(clock.now(), Timestamp(5));
    }
}
