use std::fmt;

use maci_chain::reader::Standing;
use maci_crypto::Fr;
use maci_crypto::field::fr_to_decimal;
use maci_protocol::ids::{BlockNumber, PollRef};
use maci_protocol::state::PollState;

/// Where a poll's history, as an endpoint told it, and the contract's own figures part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The poll.
    pub poll: PollRef,
    /// What differs.
    pub what: &'static str,
    /// The contract's figure.
    pub contract: String,
    /// The figure that follows from the history.
    pub history: String,
    /// The blocks between which something is missing or invented; the whole history if it cannot be narrowed down.
    pub blocks: Option<(BlockNumber, BlockNumber)>,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            poll,
            what,
            contract,
            history,
            ..
        } = self;
        write!(
            f,
            "{poll}: the contract has {what} {contract}, but its logs lead to {history}; "
        )?;
        match self.blocks {
            Some((from, to)) => write!(
                f,
                "logs of blocks {from} to {to} are missing, invented or out of order, "
            )?,
            None => write!(f, "logs are missing, invented or out of order, ")?,
        }
        write!(
            f,
            "every configured endpoint was asked; add another endpoint (if messages were relayed in calls that cross a batch \
             boundary, the contract's batch hashes are broken for good and the poll cannot be finalised by anybody)"
        )
    }
}

/// Checks a poll's state against everything the contract says of it at one block. `places` holds the block of every
/// message, in order.
///
/// # Errors
/// The first difference.
pub fn agree(state: &PollState, places: &[BlockNumber], standing: &Standing) -> Result<(), Box<Disagreement>> {
    let history = Checked { state, places };
    let (messages, leaves) = (state.chain().len(), state.leaves().len() as u64);
    history.same("numMessages", standing.messages, messages, || history.parting(standing))?;
    history.same_field("chainHash", standing.chain_hash, state.chain().head(), || {
        history.parting(standing)
    })?;
    let ours = if standing.padded {
        state.chain().padded_batch_hashes()
    } else {
        state.chain().batch_hashes()
    };
    history.same(
        "batch hashes, in number,",
        standing.batch_hashes.len(),
        ours.len(),
        || history.parting(standing),
    )?;
    for (contract, ours) in standing.batch_hashes.iter().zip(&ours) {
        history.same_field("batch hash", *contract, *ours, || history.parting(standing))?;
    }
    history.same("totalSignups", standing.leaves, leaves, || None)?;
    if let Some(merged) = &standing.merged {
        history.same_field("mergedStateRoot", merged.state_root, state.state_root(), || None)?;
        let depth = state.actual_state_tree_depth();
        history.same("actualStateTreeDepth", merged.actual_state_tree_depth, depth, || None)?;
        history.same_field(
            "currentSbCommitment",
            merged.commitment,
            state.initial_sb_commitment(),
            || None,
        )?;
    }
    Ok(())
}

struct Checked<'a> {
    state: &'a PollState,
    places: &'a [BlockNumber],
}

type Blocks = Option<(BlockNumber, BlockNumber)>;

impl Checked<'_> {
    fn same<T: PartialEq + fmt::Display>(
        &self,
        what: &'static str,
        contract: T,
        history: T,
        blocks: impl FnOnce() -> Blocks,
    ) -> Result<(), Box<Disagreement>> {
        if contract == history {
            return Ok(());
        }
        Err(Box::new(Disagreement {
            poll: self.state.config().poll(),
            what,
            contract: contract.to_string(),
            history: history.to_string(),
            blocks: blocks(),
        }))
    }

    fn same_field(
        &self,
        what: &'static str,
        contract: Fr,
        history: Fr,
        blocks: impl FnOnce() -> Blocks,
    ) -> Result<(), Box<Disagreement>> {
        self.same(what, fr_to_decimal(&contract), fr_to_decimal(&history), blocks)
    }

    /// The blocks of the first batch whose hash differs, with the last message known to be right in front.
    fn parting(&self, standing: &Standing) -> Blocks {
        let ours = self.state.chain().batch_hashes();
        let size = usize::from(self.state.config().message_batch_size());
        let agreeing = ours
            .iter()
            .zip(&standing.batch_hashes)
            .take_while(|(a, b)| a == b)
            .count();
        let good = agreeing.saturating_sub(1).saturating_mul(size);
        let from = self.places.get(good.saturating_sub(1)).or(self.places.first())?;
        let to = self
            .places
            .get(good.saturating_add(size).saturating_sub(1))
            .or(self.places.last())?;
        Some((*from, *to))
    }
}
