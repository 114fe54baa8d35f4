use alloy::eips::BlockId;
use alloy::primitives::U256;
use maci_crypto::Fr;
use maci_protocol::ledger::BlockStamp;

use super::poll::small;
use super::{PollReader, ReadError};
use crate::words::field;

/// Everything about a poll that changes, as it was at one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The block.
    pub at: BlockStamp,
    /// Leaves of the state tree, the blank one included.
    pub leaves: u64,
    /// Messages, the placeholder included.
    pub messages: u64,
    /// The chain hash after the last message.
    pub chain_hash: Fr,
    /// The chain hash before the first batch and after each complete one; after the last one too,
    /// once padded.
    pub batch_hashes: Vec<Fr>,
    /// Whether the last, incomplete batch has its hash.
    pub padded: bool,
    /// What merging fixed, if it has happened.
    pub merged: Option<Merged>,
    /// How far message processing has come.
    pub processing: Processing,
    /// How far the tally has come.
    pub tallying: Tallying,
}

/// What `mergeState` fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// Root of the state tree.
    pub state_root: Fr,
    /// The poll's first commitment to state and ballots.
    pub commitment: Fr,
    /// Levels the state tree really has.
    pub actual_state_tree_depth: u8,
}

/// How far message processing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Processing {
    /// Proofs accepted.
    pub batches: u64,
    /// The batch whose proof is expected next; means something only after the first proof.
    pub current_batch_index: u64,
    /// Whether all messages have been processed.
    pub complete: bool,
    /// The commitment after the last accepted proof; 0 before the first.
    pub commitment: Fr,
}

/// How far the tally has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tallying {
    /// Proofs accepted.
    pub batches: u64,
    /// The commitment after the last accepted proof; 0 before the first.
    pub commitment: Fr,
    /// The final commitment of message processing, once taken over; 0 before.
    pub sb_commitment: Fr,
    /// Whether all ballots are tallied.
    pub complete: bool,
    /// Results put on chain.
    pub results: u64,
    /// Credits spent in all, once results were put on chain; 0 before.
    pub total_spent: Fr,
}

/// A result as the tally contract holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TallyResult {
    /// The value; 0 if it has not been set.
    pub value: Fr,
    /// Whether it has been set.
    pub is_set: bool,
}

impl PollReader {
    /// Where the poll stands at the newest block; every figure is of that one block.
    pub async fn standing(&self) -> Result<Standing, ReadError> {
        let at = self.rpc.head().await?;
        self.standing_at(at).await
    }

    /// Where the poll stood at a block the endpoint still has the state of.
    pub async fn standing_at(&self, at: BlockStamp) -> Result<Standing, ReadError> {
        let block = BlockId::number(at.number.0);
        let (poll, address) = (self.poll(), self.addresses.poll);
        let failed = |call| ReadError::calling(address, self.rpc.chain(), call);
        let leaves = poll
            .totalSignups()
            .block(block)
            .call()
            .await
            .map_err(failed("totalSignups"))?;
        let messages = poll
            .numMessages()
            .block(block)
            .call()
            .await
            .map_err(failed("numMessages"))?;
        let chain_hash = poll
            .chainHash()
            .block(block)
            .call()
            .await
            .map_err(failed("chainHash"))?;
        let hashes = poll
            .getBatchHashes()
            .block(block)
            .call()
            .await
            .map_err(failed("getBatchHashes"))?;
        let padded = poll
            .isBatchHashesPadded()
            .block(block)
            .call()
            .await
            .map_err(failed("isBatchHashesPadded"))?;
        let standing = Standing {
            at,
            leaves: small(address, "totalSignups", leaves)?,
            messages: small(address, "numMessages", messages)?,
            chain_hash: field(chain_hash),
            batch_hashes: hashes.into_iter().map(field).collect(),
            padded,
            merged: self.merged(block).await?,
            processing: self.processing(block).await?,
            tallying: self.tallying(block).await?,
        };
        Ok(standing)
    }

    /// The results of the options `0..options`.
    pub async fn results(&self, options: u64) -> Result<Vec<TallyResult>, ReadError> {
        let block = BlockId::number(self.rpc.head().await?.number.0);
        let tally = self.tally();
        let failed = ReadError::calling(self.addresses.tally, self.rpc.chain(), "getTallyResults");
        let mut results = Vec::new();
        for option in 0..options {
            let result = tally.getTallyResults(U256::from(option)).block(block).call().await;
            let result = result.map_err(&failed)?;
            results.push(TallyResult {
                value: field(result.value),
                is_set: result.isSet,
            });
        }
        Ok(results)
    }

    async fn merged(&self, block: BlockId) -> Result<Option<Merged>, ReadError> {
        let poll = self.poll();
        let failed = |call| ReadError::calling(self.addresses.poll, self.rpc.chain(), call);
        if !poll
            .stateMerged()
            .block(block)
            .call()
            .await
            .map_err(failed("stateMerged"))?
        {
            return Ok(None);
        }
        let root = poll
            .mergedStateRoot()
            .block(block)
            .call()
            .await
            .map_err(failed("mergedStateRoot"))?;
        let commitment = poll
            .currentSbCommitment()
            .block(block)
            .call()
            .await
            .map_err(failed("currentSbCommitment"))?;
        let depth = poll
            .actualStateTreeDepth()
            .block(block)
            .call()
            .await
            .map_err(failed("actualStateTreeDepth"))?;
        Ok(Some(Merged {
            state_root: field(root),
            commitment: field(commitment),
            actual_state_tree_depth: depth,
        }))
    }

    async fn processing(&self, block: BlockId) -> Result<Processing, ReadError> {
        let (processor, address) = (self.message_processor(), self.addresses.message_processor);
        let failed = |call| ReadError::calling(address, self.rpc.chain(), call);
        let batches = processor.totalBatchesProcessed().block(block).call().await;
        let batches = batches.map_err(failed("totalBatchesProcessed"))?;
        let current = processor
            .currentBatchIndex()
            .block(block)
            .call()
            .await
            .map_err(failed("currentBatchIndex"))?;
        let complete = processor
            .processingComplete()
            .block(block)
            .call()
            .await
            .map_err(failed("processingComplete"))?;
        let commitment = processor
            .sbCommitment()
            .block(block)
            .call()
            .await
            .map_err(failed("sbCommitment"))?;
        Ok(Processing {
            batches: small(address, "totalBatchesProcessed", batches)?,
            current_batch_index: small(address, "currentBatchIndex", current)?,
            complete,
            commitment: field(commitment),
        })
    }

    async fn tallying(&self, block: BlockId) -> Result<Tallying, ReadError> {
        let (tally, address) = (self.tally(), self.addresses.tally);
        let failed = |call| ReadError::calling(address, self.rpc.chain(), call);
        let batches = tally
            .tallyBatchNum()
            .block(block)
            .call()
            .await
            .map_err(failed("tallyBatchNum"))?;
        let commitment = tally
            .tallyCommitment()
            .block(block)
            .call()
            .await
            .map_err(failed("tallyCommitment"))?;
        let taken_over = tally
            .sbCommitment()
            .block(block)
            .call()
            .await
            .map_err(failed("sbCommitment"))?;
        let complete = tally
            .isTallied()
            .block(block)
            .call()
            .await
            .map_err(failed("isTallied"))?;
        let results = tally
            .totalTallyResults()
            .block(block)
            .call()
            .await
            .map_err(failed("totalTallyResults"))?;
        let spent = tally
            .totalSpent()
            .block(block)
            .call()
            .await
            .map_err(failed("totalSpent"))?;
        Ok(Tallying {
            batches: small(address, "tallyBatchNum", batches)?,
            commitment: field(commitment),
            sb_commitment: field(taken_over),
            complete,
            results: small(address, "totalTallyResults", results)?,
            total_spent: field(spent),
        })
    }
}
