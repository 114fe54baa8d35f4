use maci_chain::reader::PollReader;
use maci_protocol::Remedy;
use maci_protocol::ids::PollRef;
use maci_store::Store;

use super::Finding;
use crate::chains::Chains;
use crate::finalise::{KeySet, PollKeys};
use crate::service::ServiceError;

/// Every watched poll: can it be read, and are the keys here those that are registered on chain?
pub(super) async fn look(store: &Store, chains: &Chains, circuits: &KeySet) -> Vec<Finding> {
    let watched = match store.polls().all().await {
        Ok(watched) => watched,
        Err(error) => {
            return vec![Finding::problem(
                "store",
                error.to_string(),
                "look at the database's own log",
            )];
        }
    };
    let mut findings = vec![Finding::good(
        "store",
        format!("answers; {} polls are watched", watched.len()),
    )];
    for one in watched {
        findings.push(keys(&one.poll, chains, circuits).await);
    }
    findings
}

async fn keys(poll: &PollRef, chains: &Chains, circuits: &KeySet) -> Finding {
    let about = poll.to_string();
    match compare(poll, chains, circuits).await {
        Ok(()) => Finding::good(about, "its proving keys are those registered on chain"),
        Err(error) => {
            let remedy = match error.remedy() {
                Remedy::Retry => "look again when the endpoint answers",
                Remedy::AskOperator => "mend what is named",
                Remedy::Abandon => "nothing will bring this poll to its result from here",
            };
            Finding::problem(about, error.to_string(), remedy)
        }
    }
}

async fn compare(poll: &PollRef, chains: &Chains, circuits: &KeySet) -> Result<(), ServiceError> {
    let rpc = chains.rpc(poll.chain).await?;
    let reader = PollReader::open(&rpc, poll.maci, poll.poll).await?;
    PollKeys::open(circuits, &reader).await?;
    Ok(())
}
