//! How long each step took.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::shell::{self, seconds};

/// The steps so far.
#[derive(Debug)]
pub(crate) struct Clock {
    start: Instant,
    steps: Vec<(String, Duration)>,
}

impl Clock {
    /// Starts counting.
    pub(crate) fn start() -> Self {
        Self {
            start: Instant::now(),
            steps: Vec::new(),
        }
    }

    /// Does a step, says so, and remembers how long it took.
    pub(crate) fn step<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let start = Instant::now();
        let done = shell::step(what, work)?;
        self.steps.push((what.to_owned(), start.elapsed()));
        Ok(done)
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "How long it took:")?;
        for (what, time) in &self.steps {
            writeln!(out, "  {:>12}  {what}", seconds(*time))?;
        }
        write!(out, "  {:>12}  altogether", seconds(self.start.elapsed()))
    }
}
