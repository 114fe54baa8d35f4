//! Results on chain, in slices that fit a transaction.

use std::ops::Range;

use maci_chain::finalising::PollCalls;
use maci_chain::reader::PollReader;
use maci_chain::send::{Call, SendError, Submit, fits, most_gas};
use maci_protocol::tally::Tally;

use super::FinaliseError;

/// The next call that adds results: as many of the `missing` options, ascending, as fit.
pub(super) async fn next_call(
    reader: &PollReader,
    submit: &dyn Submit,
    calls: &PollCalls,
    tally: &Tally,
    missing: &[u32],
) -> Result<Option<Call>, FinaliseError> {
    let Some(mut options) = first_run(missing) else {
        return Ok(None);
    };
    let most = most_gas(reader.rpc()).await.map_err(SendError::from)?;
    loop {
        let Ok(results) = tally.add_results(options.clone()) else {
            return Ok(None);
        };
        let call = calls.add_results(&results);
        let count = options.end - options.start;
        // one alone is sent whatever the answer: refused, the sender says why
        if count == 1
            || fits(reader.rpc(), submit.caller(), &call, most)
                .await
                .map_err(SendError::from)?
        {
            return Ok(Some(call));
        }
        options.end = options.start + count / 2;
    }
}

/// The first unbroken run of options.
fn first_run(missing: &[u32]) -> Option<Range<u64>> {
    let first = u64::from(*missing.first()?);
    let length = missing
        .iter()
        .zip(first..)
        .take_while(|(option, expected)| u64::from(**option) == *expected)
        .count();
    Some(first..first + length as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_half_added_are_taken_up_at_the_first_hole() {
        assert_eq!(first_run(&[3, 4, 5, 8]), Some(3..6));
        assert_eq!(first_run(&[7]), Some(7..8));
        assert_eq!(first_run(&[]), None);
    }
}
