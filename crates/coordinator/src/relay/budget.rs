use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use maci_protocol::ids::StateIndex;
use maci_protocol::time::Timestamp;

use super::Allowance;

/// After so many callers those whose allowance is whole again are forgotten.
const MOST_CALLERS: usize = 10_000;

/// What network addresses may still do. A host owns a whole /64 of IPv6, so all of it is one caller.
#[derive(Debug)]
pub(super) struct Callers {
    allowance: Allowance,
    /// When each caller's allowance is whole again.
    whole_at: Mutex<BTreeMap<IpAddr, Timestamp>>,
}

impl Callers {
    pub(super) fn new(allowance: Allowance) -> Self {
        Self {
            allowance,
            whole_at: Mutex::default(),
        }
    }

    /// Takes so much from a caller's allowance, or says after which time it would fit.
    pub(super) fn spend(&self, caller: Option<IpAddr>, count: usize, now: Timestamp) -> Result<(), Duration> {
        let Some(caller) = caller.map(host) else { return Ok(()) };
        let mut callers = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= MOST_CALLERS {
            callers.retain(|_, whole_at| *whole_at > now);
        }
        let whole_at = callers.get(&caller).copied().unwrap_or(now).max(now);
        let one = self.allowance.per / self.allowance.count.get();
        let cost = one.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
        // more than all of it at once costs all of it
        let cost = cost.min(self.allowance.per);
        let spent = whole_at.after(cost);
        let beyond = now.after(self.allowance.per).until(spent);
        if !beyond.is_zero() {
            return Err(beyond);
        }
        callers.insert(caller, spent);
        Ok(())
    }

    /// How long until a caller may do one thing more; none if it may now.
    pub(super) fn wait(&self, caller: Option<IpAddr>, now: Timestamp) -> Option<Duration> {
        let caller = caller.map(host)?;
        let callers = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let whole_at = callers.get(&caller).copied()?;
        let one = self.allowance.per / self.allowance.count.get();
        let beyond = now.after(self.allowance.per).until(whole_at.after(one));
        (!beyond.is_zero()).then_some(beyond)
    }
}

fn host(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// What was taken for a poll.
#[derive(Debug, Default)]
pub(super) struct PollBudget {
    by_voter: BTreeMap<StateIndex, u64>,
    total: u64,
}

/// Which of a poll's limits is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    Voter,
    Poll,
}

impl PollBudget {
    /// What was taken before this process began.
    pub(super) fn of(taken: Vec<(StateIndex, u64)>) -> Self {
        Self {
            total: taken.iter().map(|(_, count)| count).sum(),
            by_voter: taken.into_iter().collect(),
        }
    }

    /// Sets so much aside, unless a limit is reached.
    pub(super) fn reserve(
        &mut self,
        voter: StateIndex,
        count: u64,
        (per_voter, per_poll): (u64, u64),
    ) -> Result<(), Reached> {
        if self.total.saturating_add(count) > per_poll {
            return Err(Reached::Poll);
        }
        let used = self.by_voter.entry(voter).or_default();
        if used.saturating_add(count) > per_voter {
            return Err(Reached::Voter);
        }
        *used += count;
        self.total += count;
        Ok(())
    }

    /// Gives back what was set aside and not used.
    pub(super) fn give_back(&mut self, voter: StateIndex, count: u64) {
        self.total = self.total.saturating_sub(count);
        if let Some(used) = self.by_voter.get_mut(&voter) {
            *used = used.saturating_sub(count);
        }
    }

    /// Messages taken or about to be.
    pub(super) fn total(&self) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn an_address_that_has_spent_its_allowance_is_told_how_long_to_wait_and_others_go_on() {
        let callers = Callers::new(Allowance::a_minute(6));
        let now = Timestamp(1_000_000);
        assert_eq!(callers.spend(address("192.0.2.1"), 6, now), Ok(()));
        assert_eq!(
            callers.spend(address("192.0.2.1"), 2, now),
            Err(Duration::from_secs(20))
        );
        assert_eq!(callers.wait(address("192.0.2.1"), now), Some(Duration::from_secs(10)));
        assert_eq!(callers.spend(address("192.0.2.2"), 1, now), Ok(()));
        let later = now.after(Duration::from_secs(20));
        assert_eq!(callers.spend(address("192.0.2.1"), 2, later), Ok(()));
        assert_eq!(callers.wait(address("192.0.2.9"), later), None);
    }

    #[test]
    fn a_whole_network_of_one_host_is_one_caller() {
        let callers = Callers::new(Allowance::a_minute(1));
        let now = Timestamp(0);
        assert_eq!(callers.spend(address("2001:db8::1"), 1, now), Ok(()));
        assert!(callers.spend(address("2001:db8::2"), 1, now).is_err());
        assert_eq!(callers.spend(address("2001:db8:0:1::1"), 1, now), Ok(()));
    }

    #[test]
    fn a_voter_cannot_use_up_the_polls_budget_and_the_poll_has_one() {
        let (ann, bob, limits) = (StateIndex(1), StateIndex(2), (3, 5));
        let mut budget = PollBudget::of(vec![(ann, 2)]);
        assert_eq!(budget.reserve(ann, 2, limits), Err(Reached::Voter));
        assert_eq!(budget.reserve(ann, 1, limits), Ok(()));
        assert_eq!(budget.reserve(bob, 3, limits), Err(Reached::Poll));
        assert_eq!(budget.reserve(bob, 2, limits), Ok(()));
        budget.give_back(bob, 2);
        assert_eq!(budget.total(), 3);
    }
}
