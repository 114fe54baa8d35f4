use anyhow::Result;
use maci_chain::reader::PollReader;
use maci_protocol::ids::PollId;
use serde_json::json;

use crate::cli::{Poll, Which};
use crate::world::World;

/// The poll a command is about, opened on its chain.
pub(super) async fn reader(world: &World, which: &Which) -> Result<PollReader> {
    let rpc = world.rpc().await?;
    let maci = match which.maci.as_deref() {
        Some(given) => given.parse()?,
        None => world.maci(None, rpc.chain(), &world.store().await?)?,
    };
    Ok(PollReader::open(&rpc, maci, PollId(which.poll)).await?)
}

pub(crate) async fn poll(world: &World, command: Poll) -> Result<()> {
    let Poll::Show { which } = command;
    let reader = reader(world, &which).await?;
    let standing = reader.standing().await?;
    let (config, period, addresses) = (reader.config(), reader.period(), reader.addresses());
    let (depths, poll) = (config.depths(), config.poll());
    let open = (period.start..=period.end).contains(&standing.at.timestamp);
    let value = json!({
        "chain": poll.chain.0, "maci": poll.maci, "poll": poll.poll.0, "generation": reader.generation().to_string(),
        "mode": config.mode().to_string(), "start": period.start, "end": period.end, "isOpen": open,
        "contracts": {
            "poll": addresses.poll, "messageProcessor": addresses.message_processor, "tally": addresses.tally,
        },
        "coordinatorPublicKey": config.coordinator_public_key().serialize(),
        "voteOptions": config.vote_options(), "messageBatchSize": config.message_batch_size(),
        "depths": {
            "state": depths.state_tree(), "voteOption": depths.vote_option_tree(),
            "tally": depths.tally_processing_state_tree(),
        },
        "leaves": standing.leaves, "messages": standing.messages, "merged": standing.merged.is_some(),
        "processed": { "batches": standing.processing.batches, "complete": standing.processing.complete },
        "tallied": { "batches": standing.tallying.batches, "complete": standing.tallying.complete },
        "results": standing.tallying.results, "block": standing.at.number.0, "now": standing.at.timestamp,
    });
    let text = format!(
        "{poll}, {} poll of generation {}\n  votes from {} to {} (Unix seconds; now {}): {}\n  {} joined, {} messages, {} options\n  \
         merged: {}; message batches proved: {}{}; ballot batches proved: {}{}; results on chain: {}\n  \
         poll {}\n  message processor {}\n  tally {}",
        config.mode(),
        reader.generation(),
        period.start,
        period.end,
        standing.at.timestamp,
        if open { "open" } else { "closed" },
        standing.leaves.saturating_sub(1),
        standing.messages.saturating_sub(1),
        config.vote_options(),
        if standing.merged.is_some() { "yes" } else { "no" },
        standing.processing.batches,
        if standing.processing.complete { " (all)" } else { "" },
        standing.tallying.batches,
        if standing.tallying.complete && standing.merged.is_some() {
            " (all)"
        } else {
            ""
        },
        standing.tallying.results,
        addresses.poll,
        addresses.message_processor,
        addresses.tally,
    );
    world.output.result(&value, &text);
    Ok(())
}
