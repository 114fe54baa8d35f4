use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use socketioxide::{SendError, SocketError, extract::SocketRef};

/// How long to wait for a client that does not keep up before telling it more.
const CATCH_UP: Duration = Duration::from_millis(50);

/// Tells the socket something, waiting for it to keep up. False when it is gone.
pub(super) async fn emit(socket: &SocketRef, event: &str, body: &impl Serialize) -> bool {
    loop {
        match socket.emit(event, body) {
            Ok(()) => return true,
            Err(SendError::Socket(SocketError::InternalChannelFull)) => tokio::time::sleep(CATCH_UP).await,
            Err(error) => {
                tracing::debug!(%error, event, "a socket was not told");
                return false;
            }
        }
    }
}

/// What a socket is told about.
#[derive(Debug, Clone)]
struct Followed<T>(Vec<T>);

/// Whether the socket is not told about this already; it is from now on.
pub(super) fn first_to_follow<T: Clone + PartialEq + Send + Sync + 'static>(socket: &SocketRef, what: T) -> bool {
    let Followed(mut all) = socket.extensions.get().unwrap_or(Followed(Vec::new()));
    let first = !all.contains(&what);
    if first {
        all.push(what);
        socket.extensions.insert(Followed(all));
    }
    first
}

/// The batches a socket was told of. Several jobs of a poll may come to the same proof: one makes it, the others find it.
#[derive(Debug, Default)]
pub(super) struct Batches(BTreeSet<(String, u64)>);

impl Batches {
    /// Whether a batch is told for the first time.
    pub(super) fn is_news(&mut self, batch: &Value) -> bool {
        let phase = batch.get("phase").and_then(Value::as_str).unwrap_or_default();
        let number = batch.get("current").and_then(Value::as_u64).unwrap_or_default();
        self.0.insert((phase.to_owned(), number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_batch_is_news_once_in_each_of_the_two_phases() {
        let mut batches = Batches::default();
        assert!(batches.is_news(&json!({ "phase": "process", "current": 0 })));
        assert!(batches.is_news(&json!({ "phase": "tally", "current": 0 })));
        assert!(batches.is_news(&json!({ "phase": "process", "current": 1 })));
        assert!(!batches.is_news(&json!({ "phase": "process", "current": 0 })));
    }
}
