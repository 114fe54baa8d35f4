use maci_store::{NewRelayed, Relay, StoreError, Taken};
use metrics::{counter, histogram};
use tokio::sync::{mpsc, oneshot};

use super::RelayError;
use crate::crash::crash_point;

/// Requests that wait for the disk; whoever comes then is told to come again.
const QUEUE: usize = 4_096;

/// Requests that are written at once at most.
const AT_ONCE: usize = 256;

/// Puts messages on the disk: whatever has come while the last write went on is written together, so that one wait for
/// the disk is enough for all of it.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    queue: mpsc::Sender<Request>,
}

struct Request {
    messages: NewRelayed,
    answer: oneshot::Sender<Result<Taken, StoreError>>,
}

impl Keeper {
    /// Begins to write. Ends when the last clone is dropped.
    pub(super) fn start(store: Relay) -> Self {
        let (queue, requests) = mpsc::channel(QUEUE);
        tokio::spawn(write(store, requests));
        Self { queue }
    }

    /// Keeps messages, all or none; they are on the disk when this answers.
    ///
    /// # Errors
    /// [`RelayError::Busy`], or that the store failed.
    pub(super) async fn keep(&self, messages: NewRelayed) -> Result<Taken, RelayError> {
        let (answer, answered) = oneshot::channel();
        let request = Request { messages, answer };
        self.queue.try_send(request).map_err(|_| RelayError::Busy)?;
        Ok(answered.await.map_err(|_| RelayError::Busy)??)
    }
}

async fn write(store: Relay, mut requests: mpsc::Receiver<Request>) {
    loop {
        let mut together = Vec::with_capacity(AT_ONCE);
        if requests.recv_many(&mut together, AT_ONCE).await == 0 {
            return;
        }
        let begun = std::time::Instant::now();
        let (messages, answers): (Vec<NewRelayed>, Vec<_>) =
            together.into_iter().map(|one| (one.messages, one.answer)).unzip();
        crash_point("relay-before-keeping");
        let kept = store.take(&messages).await;
        crash_point("relay-kept");
        histogram!("maci_relay_keeping_seconds").record(begun.elapsed().as_secs_f64());
        match kept {
            Ok(taken) => {
                for ((taken, request), answer) in taken.into_iter().zip(&messages).zip(answers) {
                    if matches!(taken, Taken::At(_)) {
                        counter!("maci_relay_messages_total").increment(request.messages.len() as u64);
                    }
                    // whoever asked may have left; the messages stay
                    let _ = answer.send(Ok(taken));
                }
            }
            // one request that the store cannot take must not keep the others out
            Err(error) if messages.len() > 1 => {
                tracing::warn!(%error, "messages could not be kept together; trying them one by one");
                for (request, answer) in messages.into_iter().zip(answers) {
                    let taken = store.take(&[request]).await;
                    let _ = answer.send(taken.map(|taken| taken.first().copied().unwrap_or(Taken::Duplicate(0))));
                }
            }
            Err(error) => {
                tracing::error!(%error, "relayed messages could not be kept");
                if let Some(answer) = answers.into_iter().next() {
                    let _ = answer.send(Err(error));
                }
            }
        }
    }
}
