use maci_chain::logs::{ContractEvent, decode};
use maci_protocol::cid::ContentDigest;
use maci_protocol::files::RelayedBatch;
use maci_protocol::ids::{BlockNumber, PollRef};
use maci_protocol::ledger::RawLog;
use maci_protocol::state::PollEvent;
use maci_protocol::vote::{Message, StateLeaf};

use super::{Gathered, LedgerError};

/// An event of a poll, and the block it happened in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The block.
    pub block: BlockNumber,
    /// The event.
    pub event: PollEvent,
}

/// What a poll's logs, in the order of the chain, say happened. A relayed batch becomes its messages, at the place of
/// the log that announced it.
pub fn placed_events(poll: PollRef, logs: &[RawLog], relayed: &Gathered) -> Result<Vec<Placed>, LedgerError> {
    let mut events = Vec::with_capacity(logs.len());
    for log in logs {
        let block = log.place.block;
        let mut happened = |event| events.push(Placed { block, event });
        match decode(log)? {
            Some(ContractEvent::PollJoined {
                key,
                voice_credits,
                state_index,
                ..
            }) => happened(PollEvent::Joined {
                index: state_index,
                leaf: StateLeaf {
                    public_key: key,
                    voice_credit_balance: voice_credits,
                },
            }),
            Some(ContractEvent::PublishMessage { data, encryption_key }) => {
                happened(PollEvent::Message(Message {
                    data,
                    encryption_public_key: encryption_key,
                }));
            }
            Some(ContractEvent::IpfsHashAdded { digest }) => {
                let messages = relayed_messages(poll, block, ContentDigest(digest), relayed)?;
                messages.into_iter().map(PollEvent::Message).for_each(happened);
            }
            Some(
                ContractEvent::SignUp { .. }
                | ContractEvent::DeployPoll { .. }
                | ContractEvent::ChainHashUpdated { .. }
                | ContractEvent::MergeState { .. }
                | ContractEvent::ResultAdded { .. },
            )
            | None => {}
        }
    }
    Ok(events)
}

fn relayed_messages(
    poll: PollRef,
    block: BlockNumber,
    digest: ContentDigest,
    relayed: &Gathered,
) -> Result<Vec<Message>, LedgerError> {
    let bytes = relayed
        .get(&digest)
        .ok_or(LedgerError::MissingBatch { poll, block, digest })?;
    let messages = RelayedBatch::fetched(bytes, digest).and_then(|batch| batch.messages(poll));
    messages.map_err(|source| LedgerError::BadBatch {
        poll,
        block,
        digest,
        source,
    })
}
