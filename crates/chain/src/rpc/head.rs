use alloy::eips::BlockNumberOrTag;
use alloy::providers::Provider;
use maci_protocol::ids::BlockNumber;
use maci_protocol::ledger::BlockStamp;

use super::{Rpc, RpcError};

/// From when on a block is taken to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finality {
    /// The chain itself says so (`finalized`).
    Finalized,
    /// It has this many blocks above it; 0 takes the newest block.
    Depth(u64),
}

impl Rpc {
    /// The newest block.
    pub async fn head(&self) -> Result<BlockStamp, RpcError> {
        self.tagged(BlockNumberOrTag::Latest)
            .await?
            .ok_or(RpcError::NoBlock(BlockNumber(0)))
    }

    /// The newest block that will stay; none while the chain is too short to have one.
    pub async fn settled_head(&self, finality: Finality) -> Result<Option<BlockStamp>, RpcError> {
        match finality {
            Finality::Finalized => self.tagged(BlockNumberOrTag::Finalized).await,
            Finality::Depth(0) => self.head().await.map(Some),
            Finality::Depth(depth) => {
                let head = self.head().await?;
                match head.number.0.checked_sub(depth) {
                    Some(number) => self.block(BlockNumber(number)).await,
                    None => Ok(None),
                }
            }
        }
    }

    /// The block of that height; none if the endpoint has none.
    pub async fn block(&self, number: BlockNumber) -> Result<Option<BlockStamp>, RpcError> {
        self.tagged(BlockNumberOrTag::Number(number.0)).await
    }

    async fn tagged(&self, tag: BlockNumberOrTag) -> Result<Option<BlockStamp>, RpcError> {
        let block = self
            .provider()
            .get_block_by_number(tag)
            .await
            .map_err(RpcError::doing("reading a block's header"))?;
        Ok(block.map(|block| BlockStamp {
            number: BlockNumber(block.header.number),
            hash: block.header.hash.0,
            timestamp: block.header.timestamp,
        }))
    }
}
