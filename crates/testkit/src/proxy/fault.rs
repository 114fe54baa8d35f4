//! The ways to fail, and when.

use std::time::Duration;

/// One way in which providers fail.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Never answers; the caller's patience ends it.
    Hang,
    /// Answers late.
    Delay(Duration),
    /// Closes the connection without passing the call on.
    Disconnect,
    /// Passes the call on and closes the connection instead of answering: the caller cannot know whether it happened.
    LoseAnswer,
    /// Answers with an HTTP status such as 429 or 500, without passing the call on.
    Status(u16),
    /// Cuts the answer's text in half.
    Truncate,
    /// Answers with a JSON-RPC error, without passing the call on.
    Error {
        /// The error's code.
        code: i64,
        /// Its message.
        message: String,
    },
    /// Refuses `eth_getLogs` over more than so many blocks, as hosted nodes do.
    MaxLogRange(u64),
    /// Knows nothing of the last blocks.
    StaleHead {
        /// How many.
        blocks: u64,
    },
    /// Leaves a log out of every answer that has one at this position.
    DropLog {
        /// The position, from 0.
        position: usize,
    },
    /// Adds an altered copy of the log at this position.
    InventLog {
        /// The position, from 0.
        position: usize,
    },
    /// Answers calls of a contract's function with another value.
    OtherWord {
        /// The function's selector.
        selector: [u8; 4],
        /// Which word of the answer is another one, from 0.
        word: usize,
    },
    /// Claims to be another chain.
    OtherChain {
        /// Its id.
        id: u64,
    },
}

/// A fault and when it strikes.
#[derive(Debug, Clone)]
pub struct Rule {
    pub(super) fault: Fault,
    /// The methods it concerns; all when empty.
    pub(super) methods: Vec<String>,
    pub(super) when: When,
}

/// When a rule strikes, among the calls it concerns.
#[derive(Debug, Clone)]
pub(super) enum When {
    Always,
    /// Passes so many, then strikes so many times.
    Window {
        pass: u64,
        strike: u64,
    },
    /// Strikes one call in so many, by the numbers that follow from a seed.
    Chance {
        one_in: u64,
        state: u64,
    },
}

impl Rule {
    /// A fault that strikes every call.
    pub fn always(fault: Fault) -> Self {
        Self {
            fault,
            methods: Vec::new(),
            when: When::Always,
        }
    }

    /// A fault that strikes the next `times` calls.
    pub fn times(times: u64, fault: Fault) -> Self {
        Self {
            when: When::Window { pass: 0, strike: times },
            ..Self::always(fault)
        }
    }

    /// A fault that strikes one call in `one_in`, unpredictably but the same for the same seed and calls.
    pub fn sometimes(seed: u64, one_in: u64, fault: Fault) -> Self {
        Self {
            when: When::Chance {
                one_in: one_in.max(1),
                state: seed,
            },
            ..Self::always(fault)
        }
    }

    /// The same, for these methods only.
    #[must_use]
    pub fn on(mut self, methods: &[&str]) -> Self {
        self.methods = methods.iter().map(ToString::to_string).collect();
        self
    }

    /// The same, after letting `calls` calls pass.
    #[must_use]
    pub fn after(mut self, calls: u64) -> Self {
        self.when = match self.when {
            When::Window { strike, .. } => When::Window { pass: calls, strike },
            When::Always | When::Chance { .. } => When::Window {
                pass: calls,
                strike: u64::MAX,
            },
        };
        self
    }

    /// Whether the rule strikes a request of these methods; remembers that it was asked.
    pub(super) fn strikes(&mut self, methods: &[String]) -> bool {
        let concerned = self.methods.is_empty() || methods.iter().any(|method| self.methods.contains(method));
        concerned && self.when.now()
    }
}

impl When {
    fn now(&mut self) -> bool {
        match self {
            Self::Always => true,
            Self::Window { pass, .. } if *pass > 0 => {
                *pass -= 1;
                false
            }
            Self::Window { strike, .. } => {
                let strikes = *strike > 0;
                *strike = strike.saturating_sub(1);
                strikes
            }
            Self::Chance { one_in, state } => next(state).is_multiple_of(*one_in),
        }
    }
}

/// SplitMix64: small, seeded, and good enough to be unpredictable to the code under test.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Fault, Rule};

    #[test]
    fn a_rule_waits_its_turn_and_wears_out() {
        let mut rule = Rule::times(2, Fault::Hang).on(&["eth_call"]).after(1);
        let asked = |rule: &mut Rule, method: &str| rule.strikes(&[method.to_owned()]);
        assert!(!asked(&mut rule, "eth_chainId"));
        let struck: Vec<bool> = (0..4).map(|_| asked(&mut rule, "eth_call")).collect();
        assert_eq!(struck, [false, true, true, false]);
    }

    #[test]
    fn chance_is_repeatable_and_about_as_frequent_as_asked() {
        let draw = || {
            let mut rule = Rule::sometimes(7, 10, Fault::Hang);
            (0..10_000).filter(|_| rule.strikes(&[])).count()
        };
        assert_eq!(draw(), draw());
        assert!((800..1200).contains(&draw()));
    }
}
