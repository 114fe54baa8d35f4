//! One look at a poll on its chain.

use maci_chain::reader::{PollReader, Standing};

use super::{FinaliseError, Seen, Stage};

/// Reads where a poll stands, and the stage that follows. `margin` is the wait between its end and the merge, in seconds.
///
/// # Errors
/// When the chain cannot be asked, or answers what no poll can be like.
pub async fn look(reader: &PollReader, margin: u64) -> Result<(Standing, Stage), FinaliseError> {
    let standing = reader.standing().await?;
    let config = reader.config();
    let results = if standing.tallying.complete && standing.tallying.batches > 0 {
        let results = reader.results(config.vote_options()).await?;
        results.iter().map(|result| result.is_set).collect()
    } else {
        Vec::new()
    };
    let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let seen = Seen {
        now: standing.at.timestamp,
        ends_at: reader.period().end,
        merged: standing.merged.is_some(),
        messages: standing.messages,
        leaves: standing.leaves,
        message_batch_size: config.message_batch_size().into(),
        tally_batch_size: narrow(config.depths().tally_batch_size() as u64),
        batches_processed: narrow(standing.processing.batches),
        processing_complete: standing.processing.complete,
        batches_tallied: narrow(standing.tallying.batches),
        results_set: results,
    };
    let stage = Stage::of(&seen, margin)?;
    Ok((standing, stage))
}
