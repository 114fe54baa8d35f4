use std::sync::{Arc, Mutex, PoisonError};

use maci_protocol::ids::PollRef;
use serde_json::{Value, json};

use super::{JobId, figures};
use crate::events::{EventKind, EventLog, Happened};
use crate::progress::{Progress, Watch};

/// What a job tells while it runs: the last thing is kept for those who ask, everything but the reading of blocks goes
/// into the log of events.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) job: JobId,
    pub(crate) poll: Option<PollRef>,
    events: EventLog,
    last: Arc<Mutex<Option<Value>>>,
}

impl Told {
    pub(super) fn new(job: JobId, poll: Option<PollRef>, events: EventLog) -> Self {
        Self {
            job,
            poll,
            events,
            last: Arc::default(),
        }
    }

    pub(super) fn last(&self) -> Option<Value> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells something that is no finaliser's progress.
    pub(crate) fn tell(&self, body: Value) {
        self.keep(body.clone());
        self.note(EventKind::Progress, body);
    }

    fn keep(&self, body: Value) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
    }

    fn note(&self, kind: EventKind, body: Value) {
        self.events.note(Happened {
            kind,
            poll: self.poll,
            job: Some(self.job),
            body,
        });
    }
}

impl Watch for Told {
    fn notice(&self, progress: Progress) {
        let body = serde_json::to_value(&progress).unwrap_or_default();
        self.keep(body.clone());
        figures::count(self.poll, &progress);
        match progress {
            Progress::Reading { .. } => {}
            Progress::Proved {
                phase,
                batch,
                total,
                made,
                ..
            } => self.note(
                EventKind::BatchProved,
                json!({
                    "phase": phase, "current": batch, "total": total,
                    "proofs": [{ "proof": made.proof, "publicInputs": decimals(&made.public_inputs) }],
                }),
            ),
            Progress::LedgerAgrees { .. }
            | Progress::Replayed { .. }
            | Progress::Stands { .. }
            | Progress::Mined { .. }
            | Progress::Written { .. } => self.note(EventKind::Progress, body),
        }
    }
}

/// Public inputs as proof files write them.
pub(crate) fn decimals(inputs: &[maci_crypto::Fr]) -> Vec<String> {
    inputs.iter().map(maci_crypto::field::fr_to_decimal).collect()
}
