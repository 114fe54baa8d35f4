use maci_coordinator_core::relay::{Allowance, RelaySettings};
use maci_protocol::ids::ChainId;

use crate::settings::{Rate, RelayerSettings, Settings};

/// The relayer, if it is switched on.
pub(crate) fn relayer(settings: &Settings) -> Option<RelaySettings> {
    let RelayerSettings {
        enabled,
        sender,
        chain,
        per_request,
        per_voter,
        per_poll,
        per_address,
        bad_proofs,
        flush_at,
        flush_after,
        hurry_before_end,
        close_before_end,
        promise,
        per_transaction,
        try_again_after,
    } = settings.relayer.clone();
    enabled.then(|| RelaySettings {
        sender,
        chain: chain.map(ChainId),
        per_request,
        per_voter,
        per_poll,
        per_address: allowance(per_address),
        bad_proofs: allowance(bad_proofs),
        flush_at,
        flush_after: flush_after.0,
        hurry_before_end: hurry_before_end.0,
        close_before_end: close_before_end.0,
        promise: promise.0,
        per_transaction,
        try_again_after: try_again_after.0,
    })
}

fn allowance(rate: Rate) -> Allowance {
    Allowance {
        count: rate.count,
        per: rate.per,
    }
}
