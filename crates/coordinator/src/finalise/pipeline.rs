//! Proofs made ahead of their submission, several at a time, handed out in order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use tokio::sync::mpsc;

use super::FinaliseError;

/// One thing to make. It takes long and uses many cores; it gets a thread of its own.
pub(super) type Job<T> = Box<dyn FnOnce() -> Result<T, FinaliseError> + Send>;

/// What comes out, in the order the jobs were given. Dropping it stops the threads after the job they are at.
#[derive(Debug)]
pub(super) struct Pipeline<T> {
    made: mpsc::UnboundedReceiver<(usize, Result<T, FinaliseError>)>,
    early: BTreeMap<usize, Result<T, FinaliseError>>,
    next: usize,
    total: usize,
    stop: Arc<AtomicBool>,
}

impl<T: Send + 'static> Pipeline<T> {
    /// Starts `threads` threads on the jobs.
    pub(super) fn start(jobs: Vec<Job<T>>, threads: usize) -> Self {
        let total = jobs.len();
        let (sender, made) = mpsc::unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        let jobs: Arc<Vec<std::sync::Mutex<Option<Job<T>>>>> =
            Arc::new(jobs.into_iter().map(|job| std::sync::Mutex::new(Some(job))).collect());
        let taken = Arc::new(AtomicUsize::new(0));
        for _ in 0..threads.clamp(1, total.max(1)) {
            let (jobs, taken, stop, sender) = (jobs.clone(), taken.clone(), stop.clone(), sender.clone());
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let at = taken.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(at).and_then(|slot| slot.lock().ok()?.take()) else {
                        break;
                    };
                    if sender.send((at, job())).is_err() {
                        break;
                    }
                }
            });
        }
        Self {
            made,
            early: BTreeMap::new(),
            next: 0,
            total,
            stop,
        }
    }

    /// The next one; none after the last. The threads of a pipeline that was waited for are gone when it fails.
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

impl<T> Drop for Pipeline<T> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs(count: u32) -> Vec<Job<u32>> {
        (0..count)
            .map(|number| Box::new(move || Ok(number)) as Job<u32>)
            .collect()
    }

    #[tokio::test]
    async fn what_was_made_comes_out_in_the_order_asked_for() {
        let mut pipeline = Pipeline::start(jobs(50), 4);
        for expected in 0..50 {
            assert_eq!(pipeline.next().await.unwrap().unwrap(), expected);
        }
        assert!(pipeline.next().await.is_none());
    }

    #[tokio::test]
    async fn a_job_that_panics_is_an_error_and_not_a_wait_for_ever() {
        let dies: Job<u32> = Box::new(|| -> Result<u32, FinaliseError> { panic!("as told") });
        let mut pipeline = Pipeline::start(vec![dies], 1);
        assert!(matches!(pipeline.next().await, Some(Err(FinaliseError::ProversGone))));
    }

    #[tokio::test]
    async fn no_jobs_are_done_at_once() {
        assert!(Pipeline::start(jobs(0), 3).next().await.is_none());
    }
}
