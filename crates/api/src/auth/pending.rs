use tokio::runtime::Handle;

use super::caller::Caller;
use super::door::{Asked, Door};

/// The outcome of a deed whose client left before its answer: what was begun goes on as a job, or did not begin.
const LEFT: &str = "the client left";

/// A deed that is being done. It is recorded also when its client leaves and nobody waits for its end any more.
#[derive(Debug)]
pub(super) struct Pending(Option<(Door, Caller, Asked)>);

impl Pending {
    pub(super) fn new(door: Door, caller: Caller, asked: Asked) -> Self {
        Self(Some((door, caller, asked)))
    }

    /// Records how it ended.
    pub(super) async fn end(mut self, outcome: String) {
        let Some((door, caller, asked)) = self.0.take() else {
            return;
        };
        // a task of its own ends also when nobody waits for it
        let recorded = tokio::spawn(async move { door.record(&caller, &asked, &outcome).await });
        if let Err(error) = recorded.await {
            tracing::error!(%error, "recording a deed died");
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let (Some((door, caller, asked)), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(async move { door.record(&caller, &asked, LEFT).await });
        }
    }
}
