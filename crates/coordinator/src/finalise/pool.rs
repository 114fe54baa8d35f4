//! One bound on memory and cores for all proofs of a process, shared fairly by all polls.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use maci_proving::{Backend, Prover};

use super::FinaliseError;
use super::circuit::Circuit;
use super::priority::yield_to_requests;

/// Proofs at the same time, if nothing else is asked for: one computes its witness while the other is proved.
const USEFUL: usize = 2;

/// How often a queue may be passed over for want of memory before all others wait for it.
const PATIENCE: u32 = 8;

/// How much proving may take.
#[derive(Debug, Clone, Copy)]
pub struct ProvingLimits {
    /// Proofs at the same time; as many as are useful and fit if not given.
    pub parallel: Option<usize>,
    /// Bytes all proofs may use together.
    pub memory: u64,
}

/// The threads that prove, for every poll of a process. Each poll has a queue; queues take turns. Clones are the same pool;
/// the threads end with the last one.
#[derive(Clone)]
pub struct ProvingPool(Arc<Owner>);

struct Owner(Arc<Shared>);

struct Shared {
    limits: ProvingLimits,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    queues: VecDeque<Queue>,
    circuits: BTreeMap<PathBuf, Loaded>,
    next_queue: u64,
    /// Bytes that running proofs use beside loaded keys.
    working: u64,
    running: usize,
    threads: usize,
    /// Nothing further is taken from the queues.
    stopped: bool,
}

struct Queue {
    id: u64,
    tasks: VecDeque<Task>,
    passed_over: u32,
}

/// What one proof takes: a key, which proofs of the same circuit share, and memory to work in.
#[derive(Debug, Clone)]
pub(super) struct Footprint {
    /// Tells circuits apart.
    pub(super) circuit: PathBuf,
    /// Bytes of the loaded key.
    pub(super) key: u64,
    /// Bytes beside it.
    pub(super) working: u64,
}

impl Footprint {
    fn total(&self) -> u64 {
        self.key.saturating_add(self.working)
    }
}

/// Something to prove.
pub(super) struct Task {
    /// What it takes.
    pub(super) footprint: Footprint,
    /// The proving itself, on a thread of the pool.
    pub(super) run: Box<dyn FnOnce() + Send>,
}

/// A proving key in memory, or about to be.
struct Loaded {
    bytes: u64,
    /// Proofs that use it.
    users: usize,
    prover: Arc<Mutex<Option<Arc<Prover>>>>,
}

/// A poll's place in the pool. Dropping it takes back what was not begun.
pub(super) struct Place {
    pool: Arc<Shared>,
    queue: u64,
}

impl ProvingPool {
    /// A pool that keeps to these limits. Threads are started when there is something to prove.
    #[must_use]
    pub fn new(limits: ProvingLimits) -> Self {
        Self(Arc::new(Owner(Arc::new(Shared {
            limits,
            state: Mutex::default(),
            changed: Condvar::new(),
        }))))
    }

    /// Begins nothing further; what is being proved is proved to its end.
    pub fn stop(&self) {
        self.shared().lock().stopped = true;
        self.shared().changed.notify_all();
    }

    /// Proofs being made, and proofs waiting for their turn.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let state = self.shared().lock();
        (state.running, state.queues.iter().map(|queue| queue.tasks.len()).sum())
    }

    /// Refuses circuits of which not even one proof fits.
    pub(super) fn expect_room(&self, proofs: &[Footprint]) -> Result<(), FinaliseError> {
        let most = proofs.iter().map(Footprint::total).max().unwrap_or(0);
        let allowed = self.shared().limits.memory;
        if most <= allowed {
            return Ok(());
        }
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        Err(FinaliseError::TooLittleMemory {
            needed: mib(most),
            allowed: mib(allowed),
        })
    }

    /// The circuit's prover, loaded now if no proof needed it before.
    pub(super) fn prover(&self, circuit: &Circuit) -> Result<Arc<Prover>, FinaliseError> {
        let slot = {
            let mut state = self.shared().lock();
            state.loaded(&circuit.footprint()).prover.clone()
        };
        let mut loaded = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prover) = loaded.as_ref() {
            return Ok(prover.clone());
        }
        let prover = Arc::new(circuit.load(Backend::default())?);
        Ok(loaded.insert(prover).clone())
    }

    /// Loads a circuit ahead of its first proof if there is room for it. What fails here fails again, and is reported,
    /// where the proof is wanted.
    pub(super) fn warm(&self, circuits: Vec<Arc<Circuit>>) {
        let pool = self.clone();
        thread::spawn(move || {
            yield_to_requests();
            for circuit in circuits {
                let fits = {
                    let (state, need) = (pool.shared().lock(), circuit.footprint());
                    let known = state.circuits.contains_key(&need.circuit);
                    known || state.used().saturating_add(need.total()) <= pool.shared().limits.memory
                };
                if let (true, Err(error)) = (fits, pool.prover(&circuit).map(drop)) {
                    tracing::debug!(%error, "a prover was not loaded ahead");
                }
            }
        });
    }

    /// Queues tasks, which are begun in this order.
    pub(super) fn queue(&self, tasks: Vec<Task>) -> Place {
        let shared = self.shared();
        let mut state = shared.lock();
        let id = state.next_queue;
        state.next_queue += 1;
        state.queues.push_back(Queue {
            id,
            tasks: tasks.into(),
            passed_over: 0,
        });
        let wanted = shared.limits.parallel.unwrap_or(USEFUL).max(1);
        while state.threads < wanted {
            state.threads += 1;
            let shared = shared.clone();
            thread::spawn(move || shared.work());
        }
        drop(state);
        shared.changed.notify_all();
        Place {
            pool: shared.clone(),
            queue: id,
        }
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.0.0
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A thread's life: the next task that fits, until the pool is stopped.
    fn work(&self) {
        yield_to_requests();
        let mut state = self.lock();
        loop {
            if state.stopped {
                state.threads -= 1;
                return;
            }
            let Some(task) = state.take(self.limits.memory) else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            drop(state);
            let footprint = task.footprint;
            // the task tells its own panic to whoever waits for it
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(task.run));
            state = self.lock();
            state.give_back(&footprint);
            self.changed.notify_all();
        }
    }
}

impl State {
    /// Bytes in use.
    fn used(&self) -> u64 {
        let keys: u64 = self.circuits.values().map(|loaded| loaded.bytes).sum();
        keys.saturating_add(self.working)
    }

    /// The place of a circuit's key.
    fn loaded(&mut self, need: &Footprint) -> &mut Loaded {
        self.circuits.entry(need.circuit.clone()).or_insert_with(|| Loaded {
            bytes: need.key,
            users: 0,
            prover: Arc::default(),
        })
    }

    /// The next task: from the queue whose turn it is, or from the next one whose task fits.
    fn take(&mut self, memory: u64) -> Option<Task> {
        for at in 0..self.queues.len() {
            let first = self.queues.get(at)?.tasks.front();
            let Some(need) = first.map(|task| task.footprint.clone()) else {
                continue;
            };
            if self.make_room(&need, memory) {
                let mut queue = self.queues.remove(at)?;
                let task = queue.tasks.pop_front();
                queue.passed_over = 0;
                self.queues.push_back(queue);
                self.loaded(&need).users += 1;
                self.working = self.working.saturating_add(need.working);
                self.running += 1;
                return task;
            }
            let queue = self.queues.get_mut(at)?;
            queue.passed_over += 1;
            if queue.passed_over > PATIENCE {
                return None;
            }
        }
        None
    }

    /// Whether a proof fits now, after letting go of keys that nobody uses.
    fn make_room(&mut self, need: &Footprint, memory: u64) -> bool {
        let fits = |state: &Self| {
            let known = state.circuits.contains_key(&need.circuit);
            let needed = if known { need.working } else { need.total() };
            state.used().saturating_add(needed) <= memory
        };
        if !fits(self) {
            self.circuits
                .retain(|circuit, loaded| loaded.users > 0 || *circuit == need.circuit);
        }
        // alone it was found to fit before it was queued
        fits(self) || self.running == 0
    }

    fn give_back(&mut self, need: &Footprint) {
        self.running -= 1;
        self.working = self.working.saturating_sub(need.working);
        if let Some(loaded) = self.circuits.get_mut(&need.circuit) {
            loaded.users = loaded.users.saturating_sub(1);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.queues.retain(|queue| queue.id != self.queue);
        if state.queues.is_empty() {
            // nobody proves: an idle service holds no keys
            state.circuits.retain(|_, loaded| loaded.users > 0);
        }
        drop(state);
        self.pool.changed.notify_all();
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.lock().stopped = true;
        self.0.changed.notify_all();
    }
}

impl fmt::Debug for ProvingPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (running, waiting) = self.load();
        f.debug_struct("ProvingPool")
            .field("limits", &self.shared().limits)
            .field("running", &running)
            .field("waiting", &waiting)
            .finish()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({})", self.queue)
    }
}

#[cfg(test)]
mod tests;
