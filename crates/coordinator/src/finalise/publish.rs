//! Results on chain, in slices that fit a transaction.

use std::ops::Range;

use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use maci_chain::reader::PollReader;
use maci_chain::send::{Call, Submit};
use maci_chain::words::address;
use maci_protocol::tally::Tally;

use super::FinaliseError;
use super::calls::Calls;

/// The most gas one call may use, whatever the block allows: some chains cap a transaction at 2^24.
const MOST_GAS: u64 = 15_000_000;

/// The next call that adds results: as many of the `missing` options, ascending, as fit.
pub(super) async fn next_call(
    reader: &PollReader,
    submit: &dyn Submit,
    calls: &Calls,
    tally: &Tally,
    missing: &[u32],
) -> Result<Option<Call>, FinaliseError> {
    let Some(mut options) = first_run(missing) else {
        return Ok(None);
    };
    let most = most_gas(reader).await?;
    loop {
        let Ok(results) = tally.add_results(options.clone()) else {
            return Ok(None);
        };
        let call = calls.add_results(&results);
        let gas = estimate(reader, address(submit.caller()), &call).await;
        match gas {
            Some(gas) if gas <= most => return Ok(Some(call)),
            // refused altogether: sending it will say why
            None if options.end - options.start == 1 => return Ok(Some(call)),
            Some(gas) if options.end - options.start == 1 => {
                let option = u32::try_from(options.start).unwrap_or(u32::MAX);
                return Err(FinaliseError::ResultTooLarge {
                    poll: calls.poll,
                    option,
                    gas,
                });
            }
            Some(_) | None => options.end = options.start + (options.end - options.start) / 2,
        }
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

async fn most_gas(reader: &PollReader) -> Result<u64, FinaliseError> {
    let block = reader
        .rpc()
        .provider()
        .get_block_by_number(alloy::eips::BlockNumberOrTag::Latest)
        .await;
    let limit = block.ok().flatten().map_or(MOST_GAS, |block| block.header.gas_limit);
    Ok(MOST_GAS.min(limit / 10 * 8))
}

async fn estimate(reader: &PollReader, from: Address, call: &Call) -> Option<u64> {
    let mut request = TransactionRequest::default().from(from).input(call.data.clone().into());
    if let Some(to) = call.to {
        request = request.to(address(to));
    }
    reader.rpc().provider().estimate_gas(request).await.ok()
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
