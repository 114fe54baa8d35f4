use std::collections::VecDeque;

use futures::{FutureExt, StreamExt};
use maci_chain::rpc::RpcError;
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, PollId, PollRef};
use maci_protocol::time::Timestamp;
use maci_store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::*;
use crate::actor::Actor;
use crate::clock::MovedClock;
use crate::events::{Cursor, EventFilter};
use crate::finalise::FinaliseError;
use crate::senders::SenderChoice;

/// One attempt, as a test wants it to go.
enum Attempt {
    Gives(Value),
    Fails(fn() -> ServiceError),
    Panics,
    /// Says that it has begun and goes on for ever.
    Hangs(oneshot::Sender<()>),
    /// Says that it has begun and ends when it is told to, and how.
    Ends(oneshot::Sender<()>, oneshot::Receiver<Result<Value, ServiceError>>),
}

/// Does what the test says, one attempt after the other.
#[derive(Default)]
struct Scripted(Mutex<VecDeque<Attempt>>);

impl Perform for Scripted {
    fn perform(&self, _: Work, _: Running) -> BoxFuture<'_, Result<Value, ServiceError>> {
        let attempt = self.0.lock().unwrap().pop_front().expect("an attempt too many");
        async move {
            match attempt {
                Attempt::Gives(value) => Ok(value),
                Attempt::Fails(how) => Err(how()),
                Attempt::Panics => panic!("as told"),
                Attempt::Hangs(begun) => {
                    begun.send(()).unwrap();
                    futures::future::pending().await
                }
                Attempt::Ends(begun, how) => {
                    begun.send(()).unwrap();
                    how.await.unwrap()
                }
            }
        }
        .boxed()
    }
}

struct Place {
    folder: TempDir,
    clock: MovedClock,
}

struct Process {
    runner: Runner,
    events: EventLog,
    store: Store,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            clock: MovedClock::at(Timestamp(1_700_000_000_000)),
        }
    }

    async fn process(&self, attempts: impl IntoIterator<Item = Attempt>) -> Process {
        self.process_trying(4, attempts).await
    }

    /// A process whose own jobs need an operator after so many failures.
    async fn process_trying(&self, most: u32, attempts: impl IntoIterator<Item = Attempt>) -> Process {
        let store = Store::open(self.folder.path()).await.unwrap();
        let clock = Arc::new(self.clock.clone());
        let events = EventLog::start(store.events(), clock.clone()).await.unwrap();
        let runner = Runner::new(store.jobs(), events.clone(), clock, most);
        let performer = Scripted(Mutex::new(attempts.into_iter().collect()));
        runner.start(Arc::new(performer)).await.unwrap();
        Process { runner, events, store }
    }

    /// Lets the clock run until the job has ended.
    async fn outcome(&self, process: &Process, job: JobId) -> Result<Value, ServiceError> {
        let outcome = process.runner.outcome(job);
        futures::pin_mut!(outcome);
        loop {
            tokio::select! {
                ended = &mut outcome => return ended,
                () = tokio::time::sleep(Duration::from_millis(5)) => self.clock.advance(Duration::from_secs(1)),
            }
        }
    }
}

const POLL: PollRef = PollRef {
    chain: ChainId(31_337),
    maci: EthAddress([0; 20]),
    poll: PollId(3),
};

fn work() -> Work {
    Work::Finalise {
        sender: SenderChoice::ChainDefault,
        poll: POLL,
        start_block: None,
    }
}

fn asked_for() -> Work {
    Work::Merge {
        poll: POLL,
        sender: SenderChoice::ChainDefault,
    }
}

async fn begin(process: &Process) -> JobHandle {
    process.runner.begin(&work(), &Actor::coordinator().name).await.unwrap()
}

fn the_chain_is_down() -> ServiceError {
    RpcError::NoBlock(BlockNumber(7)).into()
}

fn voting_goes_on() -> ServiceError {
    ServiceError::Finalise(FinaliseError::StillOpen {
        poll: POLL,
        ends_at: 20,
        until: 35,
        now: 10,
    })
}

fn somebody_must_act() -> ServiceError {
    ServiceError::Locked
}

#[tokio::test]
async fn a_second_identical_request_joins_the_job_and_both_get_its_result() {
    let (begun, has_begun) = oneshot::channel();
    let place = Place::new();
    let process = place.process([Attempt::Hangs(begun)]).await;
    let first = begin(&process).await;
    has_begun.await.unwrap();
    let second = begin(&process).await;
    assert_eq!((second.id, first.joined, second.joined), (first.id, false, true));
    process
        .runner
        .cancel(first.id, &Actor::coordinator().name)
        .await
        .unwrap();
    for handle in [first, second] {
        let outcome = process.runner.outcome(handle.id).await;
        assert!(matches!(outcome, Err(ServiceError::Cancelled { .. })));
    }
    let over = process.runner.cancel(first.id, &Actor::coordinator().name).await;
    assert!(matches!(over, Err(ServiceError::JobOver { .. })));
}

#[tokio::test]
async fn what_may_succeed_later_is_tried_again_when_the_clock_says_so() {
    let place = Place::new();
    let attempts = [
        Attempt::Fails(the_chain_is_down),
        Attempt::Panics,
        Attempt::Gives(json!(42)),
    ];
    let process = place.process(attempts).await;
    let job = begin(&process).await.id;
    assert_eq!(place.outcome(&process, job).await.unwrap(), json!(42));
    assert_eq!(process.runner.row(job).await.unwrap().attempts, 3);

    process.events.flush().await;
    let closed = CancellationToken::new();
    let told = process.events.follow(Some(Cursor(0)), EventFilter::default(), closed);
    let kinds: Vec<EventKind> = told.take(7).map(|event| event.kind).collect().await;
    let (started, retrying) = (EventKind::JobStarted, EventKind::JobRetrying);
    let (created, done) = (EventKind::JobCreated, EventKind::JobDone);
    assert_eq!(kinds, [created, started, retrying, started, retrying, started, done]);
}

#[tokio::test]
async fn a_job_that_keeps_failing_ends_with_what_has_to_be_done() {
    let place = Place::new();
    let process = place.process((0..4).map(|_| Attempt::Fails(the_chain_is_down))).await;
    let job = begin(&process).await.id;
    let Err(ServiceError::JobFailed { failure, .. }) = place.outcome(&process, job).await else {
        panic!("it should have failed");
    };
    assert_eq!(failure.remedy, crate::jobs::Advice::Retry);
    assert!(failure.message.contains("block 7"), "{}", failure.message);
}

#[tokio::test]
async fn whoever_asks_before_the_end_of_voting_is_told_so_at_once() {
    let place = Place::new();
    let process = place.process([Attempt::Fails(voting_goes_on)]).await;
    let job = begin(&process).await.id;
    let outcome = place.outcome(&process, job).await;
    assert!(matches!(outcome, Err(ServiceError::JobFailed { .. })));
    assert_eq!(process.runner.row(job).await.unwrap().attempts, 1);
}

#[tokio::test]
async fn what_somebody_waits_for_is_given_up_sooner_than_what_the_service_does_by_itself() {
    for (work, attempts) in [(asked_for(), 5), (work(), 7)] {
        let place = Place::new();
        let failures = (0..7).map(|_| Attempt::Fails(the_chain_is_down));
        let process = place.process_trying(7, failures).await;
        let begun = process.runner.begin(&work, &Actor::coordinator().name).await.unwrap();
        assert!(place.outcome(&process, begun.id).await.is_err());
        assert_eq!(process.runner.row(begun.id).await.unwrap().attempts, attempts);
    }
}

#[tokio::test]
async fn what_an_operator_has_to_mend_is_not_tried_again() {
    let place = Place::new();
    let process = place.process([Attempt::Fails(somebody_must_act)]).await;
    let job = begin(&process).await.id;
    let outcome = process.runner.outcome(job).await;
    assert!(matches!(outcome, Err(ServiceError::JobFailed { .. })));
    assert_eq!(process.runner.row(job).await.unwrap().attempts, 1);
    // mended, it is a new job
    assert!(!begin(&process).await.joined);
}

#[tokio::test]
async fn the_job_of_a_stopped_process_is_taken_up_by_the_next() {
    let (begun, has_begun) = oneshot::channel();
    let place = Place::new();
    let process = place.process([Attempt::Hangs(begun)]).await;
    let job = begin(&process).await.id;
    has_begun.await.unwrap();
    process.runner.stop_claiming();
    assert!(matches!(process.runner.outcome(job).await, Err(ServiceError::Draining)));
    let refused = process.runner.begin(&work(), &Actor::coordinator().name).await;
    assert!(matches!(refused, Err(ServiceError::Draining)));
    process.runner.let_go().await;
    process.store.close().await;

    let next = place.process([Attempt::Gives(json!("done"))]).await;
    assert_eq!(next.runner.outcome(job).await.unwrap(), json!("done"));
}

#[tokio::test]
async fn what_comes_of_a_claim_that_was_lost_is_told_to_nobody() {
    for outcome in [Ok(json!("late")), Err(the_chain_is_down()), Err(somebody_must_act())] {
        let (begun, has_begun) = oneshot::channel();
        let (end, ends) = oneshot::channel();
        let place = Place::new();
        let process = place.process([Attempt::Ends(begun, ends)]).await;
        let job = begin(&process).await.id;
        has_begun.await.unwrap();
        // another process calls it off; this one hears of it only when it writes down what came of it
        let called_off = process.store.jobs().cancel(job.0, place.clock.now()).await.unwrap();
        assert!(matches!(called_off, Cancelled::Now(_)));
        end.send(outcome).unwrap();
        process.runner.stop_claiming();
        process.runner.0.tasks.close();
        process.runner.0.tasks.wait().await;

        process.events.flush().await;
        let known = process.store.events().newest().await.unwrap();
        let closed = CancellationToken::new();
        let told = process.events.follow(Some(Cursor(0)), EventFilter::default(), closed);
        let kinds: Vec<EventKind> = told.take(2).map(|event| event.kind).collect().await;
        assert_eq!(kinds, [EventKind::JobCreated, EventKind::JobStarted]);
        assert_eq!(known, 2, "nothing else is told");
        assert_eq!(process.runner.row(job).await.unwrap().result, None);
    }
}

/// After this long nobody takes a job up any more.
const PATIENCE: Duration = Duration::from_secs(20);

async fn ended(process: &Process, job: JobId) -> Result<Value, ServiceError> {
    let outcome = tokio::time::timeout(PATIENCE, process.runner.outcome(job)).await;
    outcome.expect("nobody takes the job up")
}

/// A process in a runtime of its own, which dies with its claim.
fn dies_at_work(place: &Place) -> JobId {
    let runtime = Runtime::new().unwrap();
    let job = runtime.block_on(async {
        let (begun, has_begun) = oneshot::channel();
        let process = place.process([Attempt::Hangs(begun)]).await;
        let job = begin(&process).await.id;
        has_begun.await.unwrap();
        job
    });
    runtime.shutdown_timeout(PATIENCE);
    job
}

#[test]
fn the_job_of_a_process_that_died_is_taken_up_by_the_next_at_its_start() {
    let place = Place::new();
    let job = dies_at_work(&place);
    Runtime::new().unwrap().block_on(async {
        let next = place.process([Attempt::Gives(json!("done"))]).await;
        assert_eq!(ended(&next, job).await.unwrap(), json!("done"));
        assert_eq!(next.runner.row(job).await.unwrap().attempts, 2);
    });
}

#[test]
fn the_job_of_a_process_that_died_is_taken_up_by_one_that_goes_on() {
    let place = Place::new();
    let living = Runtime::new().unwrap();
    let process = living.block_on(place.process([Attempt::Gives(json!("asked")), Attempt::Gives(json!("done"))]));
    let job = dies_at_work(&place);
    living.block_on(async {
        let work = asked_for();
        place.clock.advance(LOOK_FOR_ORPHANS + Duration::from_secs(1));
        // it looks around when something is asked of it, and every few seconds by itself
        let asked = process.runner.begin(&work, &Actor::coordinator().name).await.unwrap();
        ended(&process, asked.id).await.unwrap();
        ended(&process, job).await.unwrap();
        assert_eq!(process.runner.row(job).await.unwrap().attempts, 2);
    });
}
