//! Counts of calls and faults.

use std::collections::BTreeMap;

/// What went through.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Calls by method, whether answered or not.
    pub(super) calls: BTreeMap<String, u64>,
    /// Requests that a fault struck.
    pub(super) faults: u64,
}

impl Tally {
    pub(super) fn count(&mut self, methods: &[String]) {
        for method in methods {
            *self.calls.entry(method.clone()).or_default() += 1;
        }
    }
}
