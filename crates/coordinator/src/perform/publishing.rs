use cid::Cid;
use maci_protocol::ids::PollRef;
use serde_json::json;

use super::Means;
use crate::crash::crash_point;
use crate::events::EventKind;
use crate::publication::{Gather, PublicationError};
use crate::service::ServiceError;

impl Means {
    /// Publishes everything that a final poll's result rests on, under one root, and has it pinned. The same poll gives
    /// the same root: doing it again changes nothing.
    ///
    /// # Errors
    /// What is missing; calling again goes on.
    pub(crate) async fn publish(&self, poll: PollRef) -> Result<Cid, PublicationError> {
        let failed = |error: ServiceError| PublicationError::Service(Box::new(error));
        let store = &self.parts.store;
        let reader = self.looks.reader(poll).await.map_err(failed)?;
        let gather = Gather {
            reader: &reader,
            store,
            relayed: self.parts.relayed.as_ref(),
            ipfs: &self.ipfs,
            follow: self.follow(poll, None).await.map_err(failed)?,
        };
        let gathered = gather.gather().await?;
        for batch in &gathered.relayed {
            self.ipfs.publish(batch, "relayed messages").await?;
        }
        crash_point("publication-gathered");
        let root = self
            .ipfs
            .publish_dag(&gathered.dag, &format!("the result of {poll}"))
            .await?;
        let text = root.to_string();
        let known = store.publications().get(&poll).await?;
        if known.is_none_or(|known| known.root != text) {
            tracing::info!(%poll, %root, "the result is published as a whole");
            self.note(EventKind::PollPublished, Some(poll), json!({ "root": text }));
            // told twice after a crash, never not at all
            self.events.flush().await;
            crash_point("publication-told");
            store
                .publications()
                .record(&poll, &text, self.parts.clock.now())
                .await?;
            crash_point("publication-recorded");
        }
        Ok(root)
    }
}
