use std::sync::Arc;
use std::time::Duration;

use maci_store::{Pruned, Retention, Store};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;

/// Between two sweeps.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Forgets what has been kept for long enough, now and every hour, until the service stops.
pub(super) async fn sweep(store: Store, clock: Arc<dyn Clock>, stopping: CancellationToken) {
    loop {
        let now = clock.now();
        match store.prune(&Retention::default(), now).await {
            Ok(nothing) if nothing == Pruned::default() => {}
            Ok(Pruned {
                events,
                jobs,
                answers,
                logins,
            }) => tracing::info!(events, jobs, answers, logins, "forgot what was kept for long enough"),
            // the next sweep takes what this one left
            Err(error) => tracing::warn!(%error, "what was kept for long enough could not be forgotten"),
        }
        tokio::select! {
            () = clock.until(now.after(EVERY)) => {}
            () = stopping.cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use maci_protocol::time::Timestamp;
    use maci_store::Earlier;

    use super::*;
    use crate::clock::MovedClock;

    #[tokio::test]
    async fn an_answer_is_forgotten_a_day_later_without_anybody_asking() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let noon = Timestamp(1_700_000_000_000);
        let (answers, request) = (store.idempotency(), [7; 32]);
        answers.begin("alice", "key", &request, noon).await.unwrap();

        let (clock, stopping) = (MovedClock::at(noon), CancellationToken::new());
        let sweeping = tokio::spawn(sweep(store.clone(), Arc::new(clock.clone()), stopping.clone()));
        let forgotten = async {
            for hours in 1.. {
                clock.move_to(noon.after(EVERY * hours));
                if answers.begin("alice", "key", &request, clock.now()).await.unwrap() == Earlier::New {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), forgotten).await.unwrap();
        assert!(clock.now() > noon.after(Retention::default().answers));
        stopping.cancel();
        sweeping.await.unwrap();
    }
}
