use futures::future::{BoxFuture, FutureExt};
use maci_chain::reader::PollReader;
use maci_chain::rpc::Finality;
use maci_protocol::cid::ContentDigest;
use maci_protocol::ids::BlockNumber;
use maci_protocol::state::PollState;
use maci_store::Store;

use super::Evidence;
use crate::finalise::{FinaliseError, history};
use crate::ledger::{Follow, LedgerError, RelayedBatches};
use crate::progress::Unwatched;
use crate::publication::paths;
use crate::verify::{Report, VerifyError};

/// Relayed messages out of what was published.
struct Published<'a>(&'a Evidence);

impl RelayedBatches for Published<'_> {
    fn find(&self, digest: ContentDigest) -> BoxFuture<'_, Option<Vec<u8>>> {
        let file = self.0.file(&paths::relayed(&digest)).ok();
        let bytes = file.map(|bytes| bytes.to_vec());
        async move { bytes }.boxed()
    }
}

/// The poll's state from its logs on chain and the relayed messages that were published, if the contract's own hashes
/// agree with it.
///
/// # Errors
/// When the chain cannot be read.
pub(super) async fn state(
    evidence: &Evidence,
    reader: &PollReader,
    store: &Store,
    start: Option<BlockNumber>,
    report: &mut Report,
) -> Result<Option<PollState>, VerifyError> {
    let follow = Follow {
        finality: Finality::Depth(0),
        start,
    };
    let relayed = Published(evidence);
    let claim = "the history leads to every hash of the contract: message chain, batches, state tree, first commitment";
    match history(reader, store, follow, &relayed, &Unwatched).await {
        Ok(state) => {
            report.note(claim, true, String::new);
            Ok(Some(state))
        }
        Err(FinaliseError::Ledger(
            error @ (LedgerError::MissingBatch { .. } | LedgerError::BadBatch { .. } | LedgerError::Disagrees(_)),
        )) => {
            report.note(claim, false, || match &error {
                LedgerError::MissingBatch { digest, block, .. } => {
                    let path = paths::relayed(digest);
                    format!("the messages relayed in block {block} are not among the files: {path}")
                }
                LedgerError::BadBatch { digest, source, .. } => format!("{}: {source}", paths::relayed(digest)),
                other => other.to_string(),
            });
            Ok(None)
        }
        Err(error) => Err(VerifyError::History(Box::new(error))),
    }
}
