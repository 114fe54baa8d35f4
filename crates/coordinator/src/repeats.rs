//! Requests that come again: whoever sends the same request under the same key gets the same answer, and what it asks for
//! is done once.
//!
//! A request that is at work is waited for. One whose process died is taken over, with the job it had begun. An answer that
//! refuses gives the key back: nothing was done, so it can be sent again.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use maci_store::{Answer, Earlier, Idempotency, StoreError};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::clock::Clock;

/// Everything that makes a request what it is, hashed.
pub type RequestHash = [u8; 32];

type Name = (String, String);

/// The requests of this process that are at work, each with what it asks for.
type AtWork = Arc<Mutex<HashMap<Name, (RequestHash, Arc<tokio::sync::Mutex<()>>)>>>;

/// The keys of requests. Clones are the same.
#[derive(Clone)]
pub struct Repeats {
    stored: Idempotency,
    clock: Arc<dyn Clock>,
    at_work: AtWork,
}

/// What is to be done with a request.
#[derive(Debug)]
pub enum Turn {
    /// It is to be done.
    Do(Repeat),
    /// It was done: the answer it got.
    Done(Answered),
    /// Another request had this key.
    Other,
}

/// What a request was answered before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// The job it began.
    pub job: Option<Uuid>,
}

/// A request that is being done under its key. Dropped without an answer, it can be taken over.
pub struct Repeat {
    repeats: Repeats,
    name: Name,
    job: Option<Uuid>,
    _turn: Place,
}

/// The place of a request among those at work.
struct Place {
    at_work: AtWork,
    name: Name,
    held: Option<OwnedMutexGuard<()>>,
}

impl Repeats {
    /// Remembers in this store, by this clock.
    #[must_use]
    pub fn new(stored: Idempotency, clock: Arc<dyn Clock>) -> Self {
        Self {
            stored,
            clock,
            at_work: AtWork::default(),
        }
    }

    /// Says what is to be done with a request; waits while the same one is at work in this process.
    ///
    /// # Errors
    /// When the store fails; then the request must not be done.
    pub async fn turn(&self, caller: &str, key: &str, request: RequestHash) -> Result<Turn, StoreError> {
        let name = (caller.to_owned(), key.to_owned());
        let Some(place) = self.place(name.clone(), request).await else {
            return Ok(Turn::Other);
        };
        let job = match self.stored.begin(caller, key, &request, self.clock.now()).await? {
            Earlier::New => None,
            Earlier::Answered { answer, job } => {
                let Answer { status, body } = answer;
                return Ok(Turn::Done(Answered { status, body, job }));
            }
            // its process died, or gave up: this one is alone here
            Earlier::Unanswered { since, job } => {
                self.stored.take_over(caller, key, since, self.clock.now()).await?;
                job
            }
            Earlier::OtherRequest => return Ok(Turn::Other),
        };
        Ok(Turn::Do(Repeat {
            repeats: self.clone(),
            name,
            job,
            _turn: place,
        }))
    }

    /// The request's place, once nobody else has it; none if another request is at work under the key.
    async fn place(&self, name: Name, request: RequestHash) -> Option<Place> {
        let turn = match lock(&self.at_work).entry(name.clone()) {
            Entry::Occupied(found) => {
                let (asked, turn) = found.get();
                (*asked == request).then(|| Arc::clone(turn))?
            }
            Entry::Vacant(free) => Arc::clone(&free.insert((request, Arc::default())).1),
        };
        let mut place = Place {
            at_work: Arc::clone(&self.at_work),
            name,
            held: None,
        };
        place.held = Some(turn.lock_owned().await);
        Some(place)
    }
}

impl Repeat {
    /// The job the request began before, when a process died in between.
    #[must_use]
    pub fn job(&self) -> Option<Uuid> {
        self.job
    }

    /// Notes the job the request began.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_job(&self, job: Uuid) -> Result<(), StoreError> {
        let (caller, key) = &self.name;
        self.repeats.stored.note_job(caller, key, job).await
    }

    /// Stores what the request is answered.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn answer(self: Arc<Self>, status: u16, body: Vec<u8>) -> Result<(), StoreError> {
        let (caller, key) = &self.name;
        self.repeats.stored.answer(caller, key, &Answer { status, body }).await
    }

    /// Gives the key back: the request was refused and nothing was done.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn give_back(self: Arc<Self>) -> Result<(), StoreError> {
        let (caller, key) = &self.name;
        self.repeats.stored.give_back(caller, key).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut at_work = lock(&self.at_work);
        self.held = None;
        let unwanted = at_work
            .get(&self.name)
            .is_some_and(|(_, turn)| Arc::strong_count(turn) == 1);
        if unwanted {
            at_work.remove(&self.name);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Repeats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repeats").finish_non_exhaustive()
    }
}

impl fmt::Debug for Repeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repeat").field("job", &self.job).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use maci_store::Store;

    use super::*;
    use crate::clock::SystemClock;

    const ONE: RequestHash = [1; 32];
    const OTHER: RequestHash = [2; 32];

    async fn repeats() -> (tempfile::TempDir, Repeats) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        (folder, Repeats::new(store.idempotency(), Arc::new(SystemClock)))
    }

    async fn taken(repeats: &Repeats) -> Arc<Repeat> {
        let turn = repeats.turn("ann", "k", ONE).await.unwrap();
        let Turn::Do(repeat) = turn else { panic!("{turn:?}") };
        Arc::new(repeat)
    }

    #[tokio::test]
    async fn the_second_of_two_waits_and_gets_the_firsts_answer() {
        let (_folder, repeats) = repeats().await;
        let first = taken(&repeats).await;
        let second = repeats.turn("ann", "k", ONE);
        futures::pin_mut!(second);
        assert!(futures::poll!(second.as_mut()).is_pending());
        first.answer(201, b"true".to_vec()).await.unwrap();
        let turn = second.await.unwrap();
        let Turn::Done(answered) = turn else { panic!("{turn:?}") };
        assert_eq!((answered.status, &answered.body[..]), (201, &b"true"[..]));
        assert!(lock(&repeats.at_work).is_empty());
    }

    #[tokio::test]
    async fn another_request_under_the_key_is_refused_at_once_and_later() {
        let (_folder, repeats) = repeats().await;
        let first = taken(&repeats).await;
        assert!(matches!(repeats.turn("ann", "k", OTHER).await.unwrap(), Turn::Other));
        assert!(matches!(repeats.turn("bob", "k", OTHER).await.unwrap(), Turn::Do(_)));
        first.answer(201, Vec::new()).await.unwrap();
        assert!(matches!(repeats.turn("ann", "k", OTHER).await.unwrap(), Turn::Other));
    }

    #[tokio::test]
    async fn a_request_that_was_dropped_is_taken_over_with_its_job() {
        let (_folder, repeats) = repeats().await;
        let job = Uuid::now_v7();
        let first = taken(&repeats).await;
        first.note_job(job).await.unwrap();
        drop(first);
        assert_eq!(taken(&repeats).await.job(), Some(job));
    }

    #[tokio::test]
    async fn a_key_that_was_given_back_is_free_for_any_request() {
        let (_folder, repeats) = repeats().await;
        taken(&repeats).await.give_back().await.unwrap();
        assert!(matches!(repeats.turn("ann", "k", OTHER).await.unwrap(), Turn::Do(_)));
    }
}
