use maci_protocol::ledger::BlockStamp;

use crate::rpc::{Rpc, RpcError};

impl Rpc {
    /// Whether the chain still has this very block.
    pub async fn still_has(&self, block: &BlockStamp) -> Result<bool, RpcError> {
        Ok(self
            .block(block.number)
            .await?
            .is_some_and(|now| now.hash == block.hash))
    }

    /// The newest of these blocks that the chain still has; `known` is newest first. None if the
    /// chain has replaced all of them.
    pub async fn newest_kept<'a>(&self, known: &'a [BlockStamp]) -> Result<Option<&'a BlockStamp>, RpcError> {
        // whatever lies below a kept block is kept as well, so the blocks need not all be asked
        let (mut kept, mut gone) = (known.len(), 0);
        while gone < kept {
            let middle = gone + (kept - gone) / 2;
            let Some(block) = known.get(middle) else { break };
            if self.still_has(block).await? {
                kept = middle;
            } else {
                gone = middle + 1;
            }
        }
        Ok(known.get(kept))
    }
}
