//! Bodies of the API's calls that deploy, as MACI's own tools write them.

use serde_json::{Value, json};

use super::coordinator::{CREDITS, Size};

/// The chain's name in requests.
const CHAIN: &str = "localhost";

/// Quadratic voting.
const QV: u8 = 0;

/// Levels of a tally batch.
const TALLY_DEPTH: u8 = 1;

fn policy() -> Value {
    json!({ "policyType": "FreeForAllPolicy", "checkerType": "FreeForAllChecker", "args": {} })
}

/// `POST /v1/deploy/maci`.
pub(super) fn maci(size: &Size) -> Value {
    json!({
        "chain": CHAIN,
        "config": {
            "policy": policy(),
            "MACI": { "stateTreeDepth": number(size.state_depth), "policy": "FreeForAllPolicy", "modes": [QV] },
            "VerifyingKeysRegistry": {
                "args": {
                    "stateTreeDepth": number(size.state_depth),
                    "pollStateTreeDepth": number(size.state_depth),
                    "tallyProcessingStateTreeDepth": TALLY_DEPTH,
                    "voteOptionTreeDepth": number(size.vote_option_depth),
                    "messageBatchSize": number(size.batch),
                },
            },
        },
    })
}

/// `POST /v1/deploy/poll`.
pub(super) fn poll(size: &Size, (start, end): (u64, u64), relayers: &[String]) -> Value {
    json!({
        "chain": CHAIN,
        "config": {
            "startDate": start,
            "endDate": end,
            "mode": QV,
            "tallyProcessingStateTreeDepth": TALLY_DEPTH,
            "messageBatchSize": number(size.batch),
            "pollStateTreeDepth": number(size.state_depth),
            "voteOptionTreeDepth": number(size.vote_option_depth),
            "policy": policy(),
            "initialVoiceCreditsProxy": {
                "factoryType": "ConstantInitialVoiceCreditProxyFactory",
                "type": "ConstantInitialVoiceCreditProxy",
                "args": { "amount": CREDITS },
            },
            "relayers": relayers,
            "voteOptions": number(size.options),
        },
    })
}

/// The sizes are texts for the command line; requests write numbers.
fn number(text: &str) -> u64 {
    text.parse().unwrap_or_default()
}
