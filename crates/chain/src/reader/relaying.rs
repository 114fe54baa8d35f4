use alloy::eips::BlockId;
use alloy::primitives::U256;
use alloy::providers::Provider;
use maci_crypto::Fr;
use maci_protocol::ids::{BlockNumber, EthAddress, StateIndex};

use super::poll::small;
use super::{PollReader, ReadError};
use crate::logs::{LogError, LogFilter, LogReader, Window};
use crate::relaying::{ChainLink, LandedBatch, landed_batches};
use crate::rpc::RpcError;
use crate::words::{address, field};

/// A block whose relayed batches could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LandedError {
    /// The poll could not be asked.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The logs could not be had.
    #[error(transparent)]
    Logs(#[from] LogError),
    /// A log does not say what it should.
    #[error(transparent)]
    Unreadable(#[from] crate::logs::UnreadableLog),
}

impl PollReader {
    /// Messages the poll has at the newest block, the placeholder included.
    pub async fn message_count(&self) -> Result<u64, ReadError> {
        self.message_count_at(BlockId::latest()).await
    }

    /// Leaves of the state tree at the newest block, the blank one included.
    pub async fn leaf_count(&self) -> Result<u64, ReadError> {
        let count = self.poll().totalSignups().block(BlockId::latest()).call().await;
        let failed = ReadError::calling(self.addresses.poll, self.rpc.chain(), "totalSignups");
        small(self.addresses.poll, "totalSignups", count.map_err(failed)?)
    }

    async fn message_count_at(&self, block: BlockId) -> Result<u64, ReadError> {
        let count = self.poll().numMessages().block(block).call().await;
        let failed = ReadError::calling(self.addresses.poll, self.rpc.chain(), "numMessages");
        small(self.addresses.poll, "numMessages", count.map_err(failed)?)
    }

    /// Whether an account may relay messages to the poll. This never changes.
    pub async fn is_relayer(&self, account: EthAddress) -> Result<bool, ReadError> {
        let answer = self
            .poll()
            .relayers(address(account))
            .block(BlockId::latest())
            .call()
            .await;
        answer.map_err(ReadError::calling(self.addresses.poll, self.rpc.chain(), "relayers"))
    }

    /// The root that the contract checks proofs of having joined with for a leaf that exists. It never changes.
    pub async fn root_on_join(&self, leaf: StateIndex) -> Result<Fr, ReadError> {
        let poll = self.poll();
        let root = poll.pollStateRootsOnJoin(U256::from(leaf.0));
        let root = root.block(BlockId::latest()).call().await;
        let failed = ReadError::calling(self.addresses.poll, self.rpc.chain(), "pollStateRootsOnJoin");
        Ok(field(root.map_err(failed)?))
    }

    /// Whether there is code at an address.
    pub async fn has_code(&self, account: EthAddress) -> Result<bool, ReadError> {
        let code = self.rpc.provider().get_code_at(address(account)).latest().await;
        let code = code.map_err(RpcError::doing("looking for a contract's code"))?;
        Ok(!code.is_empty())
    }

    /// The relayed batches that one block announced, and where each stands in the poll's message chain.
    pub async fn relayed_in(&self, block: BlockNumber) -> Result<Vec<LandedBatch>, LandedError> {
        let parent = BlockId::number(block.0.saturating_sub(1));
        let messages = self.message_count_at(parent).await?;
        let hash = self.poll().chainHash().block(parent).call().await;
        let failed = ReadError::calling(self.addresses.poll, self.rpc.chain(), "chainHash");
        let before = ChainLink {
            messages,
            hash: field(hash.map_err(failed)?),
        };
        let poll = self.addresses.poll;
        let filter = LogFilter { addresses: vec![poll] };
        let mut logs = LogReader::new(self.rpc.clone(), filter, Window::new(1, 1));
        let stretch = logs.next(block, block).await?;
        Ok(landed_batches(poll, before, &stretch.logs)?)
    }
}
