//! A poll's history, believed only when the contract's own hashes agree.

use maci_chain::reader::PollReader;
use maci_protocol::ids::{BlockNumber, PollRef};
use maci_protocol::state::{AbsorbError, PollEvent, PollState};
use maci_store::Store;

use super::FinaliseError;
use crate::ledger::{Follow, Gathered, Ledger, LedgerError, Placed, RelayedBatches, agree, placed_events};
use crate::progress::{Progress, Watch};

/// Reads the poll's events and builds its state. When the contract contradicts them, the stretch in doubt is read again
/// from the next endpoint, until every endpoint was heard.
pub(crate) async fn history(
    reader: &PollReader,
    store: &Store,
    follow: Follow,
    relayed: &dyn RelayedBatches,
    watch: &dyn Watch,
) -> Result<PollState, FinaliseError> {
    let poll = reader.config().poll();
    let ledger = Ledger::of(reader, store, follow);
    let mut endpoints_left = reader.rpc().endpoint_count();
    loop {
        let upto = ledger.bring_up_to_date(watch).await?;
        let standing = reader.standing_at(upto).await?;
        let logs = ledger.logs().await?;
        let relayed = Gathered::of(&logs, relayed).await;
        // a large poll is hashed for seconds; whoever answers requests on this thread goes on elsewhere
        let outcome = tokio::task::block_in_place(|| {
            let (state, places) = state_of(poll, reader, &logs, &relayed)?;
            agree(&state, &places, &standing).map_err(|found| (LedgerError::Disagrees(found.clone()), found.blocks))?;
            Ok::<_, Doubt>(state)
        });
        endpoints_left = endpoints_left.saturating_sub(1);
        match outcome {
            Ok(state) => {
                let (messages, leaves) = (standing.messages, standing.leaves);
                watch.notice(Progress::LedgerAgrees { messages, leaves });
                return Ok(state);
            }
            Err((error, blocks)) if endpoints_left > 0 && may_be_the_endpoint(&error) => {
                tracing::warn!(%poll, %error, "reading the history again from another endpoint");
                reader.rpc().distrust_endpoint();
                ledger
                    .forget_from(blocks.map_or(BlockNumber(0), |(from, _)| from))
                    .await?;
            }
            Err((error, _)) => {
                // what is not believed must not be the start of the next attempt
                ledger.forget_from(BlockNumber(0)).await?;
                return Err(error.into());
            }
        }
    }
}

type Doubt = (LedgerError, Option<(BlockNumber, BlockNumber)>);

fn state_of(
    poll: PollRef,
    reader: &PollReader,
    logs: &[maci_protocol::ledger::RawLog],
    relayed: &Gathered,
) -> Result<(PollState, Vec<BlockNumber>), Doubt> {
    let placed = placed_events(poll, logs, relayed).map_err(|error| (error, None))?;
    let is_message = |one: &&Placed| matches!(one.event, PollEvent::Message(_));
    let places = placed.iter().filter(is_message).map(|one| one.block).collect();
    let (blocks, events): (Vec<_>, Vec<_>) = placed.into_iter().map(|one| (one.block, one.event)).unzip();
    let mut state = PollState::replay(reader.config().clone(), Vec::new()).map_err(|error| doubt(&blocks, 0, error))?;
    state.absorb_all(events).map_err(|error| {
        // the blank leaf is no event
        let fitting = (state.leaves().len() + state.messages().len()).saturating_sub(1);
        doubt(&blocks, fitting, error)
    })?;
    Ok((state, places))
}

/// Something is wrong between the last of so many fitting events and the next.
fn doubt(blocks: &[BlockNumber], fitting: usize, source: AbsorbError) -> Doubt {
    let block = |place: Option<usize>| place.and_then(|place| blocks.get(place)).copied();
    let from = block(fitting.checked_sub(1)).unwrap_or(BlockNumber(0));
    let to = block(Some(fitting)).unwrap_or(from);
    (LedgerError::Events { from, to, source }, Some((from, to)))
}

fn may_be_the_endpoint(error: &LedgerError) -> bool {
    matches!(
        error,
        LedgerError::Disagrees(_) | LedgerError::Events { .. } | LedgerError::Unreadable(_)
    )
}
