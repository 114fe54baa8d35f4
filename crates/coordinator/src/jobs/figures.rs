//! Figures of what jobs tell, for whoever watches the service. Their names are listed with their meaning where they are
//! served.

use std::time::Duration;

use maci_protocol::ids::PollRef;
use metrics::{counter, gauge, histogram};

use crate::networks::network_name;
use crate::progress::Progress;

/// Counts what a job told.
pub(super) fn count(poll: Option<PollRef>, progress: &Progress) {
    match progress {
        Progress::Reading { block, target, .. } => {
            let Some(poll) = poll else { return };
            let chain = network_name(poll.chain);
            let name = format!("{}/{}", poll.maci, poll.poll);
            height(
                gauge!("maci_ledger_block", "chain" => chain.clone(), "poll" => name),
                *block,
            );
            height(gauge!("maci_chain_block", "chain" => chain), *target);
        }
        // one that was found again cost nothing
        Progress::Proved {
            phase,
            reused: false,
            witness_millis,
            proof_millis,
            ..
        } => {
            counter!("maci_proofs_total", "phase" => phase.name()).increment(1);
            let time = Duration::from_millis;
            histogram!("maci_witness_seconds", "phase" => phase.name()).record(time(*witness_millis));
            histogram!("maci_proof_seconds", "phase" => phase.name()).record(time(*proof_millis));
        }
        Progress::Proved { reused: true, .. }
        | Progress::LedgerAgrees { .. }
        | Progress::Replayed { .. }
        | Progress::Stands { .. }
        | Progress::Mined { .. }
        | Progress::Written { .. } => {}
    }
}

fn height(gauge: metrics::Gauge, block: u64) {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    gauge.set(block as f64);
}
