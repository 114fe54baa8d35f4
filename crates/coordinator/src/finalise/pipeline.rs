//! Proofs made ahead of their submission, several at a time, handed out in order.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use super::FinaliseError;
use super::pool::{Footprint, Place, ProvingPool, Task};

/// One thing to make. It takes long and uses many cores; it gets a thread of the pool.
pub(super) type Job<T> = Box<dyn FnOnce() -> Result<T, FinaliseError> + Send>;

/// What comes out, in the order the jobs were given. Dropping it takes back the jobs that were not begun.
#[derive(Debug)]
pub(super) struct Pipeline<T> {
    made: mpsc::UnboundedReceiver<(usize, Result<T, FinaliseError>)>,
    early: BTreeMap<usize, Result<T, FinaliseError>>,
    next: usize,
    total: usize,
    _place: Place,
}

impl<T: Send + 'static> Pipeline<T> {
    /// Queues the jobs in the pool.
    pub(super) fn start(jobs: Vec<(Footprint, Job<T>)>, pool: &ProvingPool) -> Self {
        let total = jobs.len();
        let (sender, made) = mpsc::unbounded_channel();
        let tasks = jobs.into_iter().enumerate().map(|(at, (footprint, job))| {
            let sender = sender.clone();
            // whoever waited may be gone; then nobody wants it
            let run = Box::new(move || drop(sender.send((at, job()))));
            Task { footprint, run }
        });
        let place = pool.queue(tasks.collect());
        Self {
            made,
            early: BTreeMap::new(),
            next: 0,
            total,
            _place: place,
        }
    }

    /// The next one; none after the last. A job that ended without an answer is an error once no job is left that could
    /// still answer.
    pub(super) async fn next(&mut self) -> Option<Result<T, FinaliseError>> {
        if self.next == self.total {
            return None;
        }
        loop {
            if let Some(made) = self.early.remove(&self.next) {
                self.next += 1;
                return Some(made);
            }
            match self.made.recv().await {
                Some((at, made)) => self.early.insert(at, made),
                None => return Some(Err(FinaliseError::ProversGone)),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finalise::ProvingLimits;

    fn pool() -> ProvingPool {
        ProvingPool::new(ProvingLimits {
            parallel: Some(4),
            memory: 100,
        })
    }

    fn of<T>(job: Job<T>) -> (Footprint, Job<T>) {
        let footprint = Footprint {
            circuit: "one".into(),
            key: 1,
            working: 1,
        };
        (footprint, job)
    }

    fn jobs(count: u32) -> Vec<(Footprint, Job<u32>)> {
        (0..count)
            .map(|number| of(Box::new(move || Ok(number)) as Job<u32>))
            .collect()
    }

    #[tokio::test]
    async fn what_was_made_comes_out_in_the_order_asked_for() {
        let pool = pool();
        let mut pipeline = Pipeline::start(jobs(50), &pool);
        for expected in 0..50 {
            assert_eq!(pipeline.next().await.unwrap().unwrap(), expected);
        }
        assert!(pipeline.next().await.is_none());
    }

    #[tokio::test]
    async fn a_job_that_panics_is_an_error_and_not_a_wait_for_ever() {
        let pool = pool();
        let dies: Job<u32> = Box::new(|| -> Result<u32, FinaliseError> { panic!("as told") });
        let mut pipeline = Pipeline::start(vec![of(dies)], &pool);
        assert!(matches!(pipeline.next().await, Some(Err(FinaliseError::ProversGone))));
    }

    #[tokio::test]
    async fn no_jobs_are_done_at_once() {
        assert!(Pipeline::start(jobs(0), &pool()).next().await.is_none());
    }
}
