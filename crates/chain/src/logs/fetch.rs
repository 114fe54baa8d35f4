use std::collections::BTreeMap;

use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use alloy::transports::{RpcError as Failure, TransportError};
use maci_protocol::ids::{BlockNumber, EthAddress, TxHash};
use maci_protocol::ledger::{BlockHash, BlockStamp, LogPlace, RawLog};

use super::Window;
use super::window::asks_for_less;
use crate::rpc::{Rpc, RpcError};
use crate::{Remedy, words};

/// Which contracts' logs are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter {
    /// The contracts; logs of any other are refused.
    pub addresses: Vec<EthAddress>,
}

/// All logs of a stretch of blocks, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The first block it covers.
    pub from: BlockNumber,
    /// The last block it covers.
    pub upto: BlockStamp,
    /// The logs, ascending by place.
    pub logs: Vec<RawLog>,
}

/// Logs that could not be had, or that cannot be true.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The chain could not be asked.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// Even a single block is too much for the provider.
    #[error("the endpoint refuses the logs of block {block} alone: {refusal}; configure another endpoint")]
    TooMuchInOneBlock {
        /// The block.
        block: BlockNumber,
        /// The endpoint's words.
        refusal: String,
    },
    /// The chain was replaced while it was read.
    #[error("blocks {from} to {upto} changed while their logs were read; they will be read again")]
    Moved {
        /// First block asked for.
        from: BlockNumber,
        /// Last block asked for.
        upto: BlockNumber,
    },
    /// The answer contradicts the question or itself.
    #[error("the endpoint's logs of blocks {from} to {upto} cannot be true ({what}); ask another endpoint")]
    Untrue {
        /// First block asked for.
        from: BlockNumber,
        /// Last block asked for.
        upto: BlockNumber,
        /// What is wrong with them.
        what: &'static str,
    },
}

impl LogError {
    /// Who acts now.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Rpc(error) => error.remedy(),
            Self::TooMuchInOneBlock { .. } => Remedy::AskOperator,
            Self::Moved { .. } | Self::Untrue { .. } => Remedy::Retry,
        }
    }
}

/// Reads logs window by window.
#[derive(Debug)]
pub struct LogReader {
    rpc: Rpc,
    filter: LogFilter,
    window: Window,
}

impl LogReader {
    /// A reader of these contracts' logs.
    pub fn new(rpc: Rpc, filter: LogFilter, window: Window) -> Self {
        Self { rpc, filter, window }
    }

    /// The window as it has been learned so far.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// The logs from block `from` on, as many as one window holds and at most up to `last`.
    ///
    /// Every log was checked to lie in the range, to come from a contract asked for, and to stand
    /// in a block that is on the chain together with the last block of the stretch.
    pub async fn next(&mut self, from: BlockNumber, last: BlockNumber) -> Result<Stretch, LogError> {
        loop {
            let asked = self
                .window
                .blocks()
                .min(last.0.saturating_sub(from.0).saturating_add(1));
            let upto = BlockNumber(from.0.saturating_add(asked - 1));
            let before = self.rpc.block(upto).await?.ok_or(RpcError::NoBlock(upto))?;
            let filter = Filter::new()
                .address(
                    self.filter
                        .addresses
                        .iter()
                        .copied()
                        .map(words::address)
                        .collect::<Vec<_>>(),
                )
                .from_block(from.0)
                .to_block(upto.0);
            match self.rpc.provider().get_logs(&filter).await {
                Ok(logs) => {
                    let after = self.rpc.block(upto).await?.ok_or(RpcError::NoBlock(upto))?;
                    if before.hash != after.hash {
                        return Err(LogError::Moved { from, upto });
                    }
                    let stretch = self.checked(from, after, logs)?;
                    if asked == self.window.blocks() {
                        self.window.grow();
                    }
                    return Ok(stretch);
                }
                Err(refusal) => self.make_do_with_less(from, asked, refusal)?,
            }
        }
    }

    fn make_do_with_less(&mut self, from: BlockNumber, asked: u64, refusal: TransportError) -> Result<(), LogError> {
        let words = refusal
            .as_error_resp()
            .map_or_else(|| refusal.to_string(), |payload| payload.message.to_string());
        let about_size =
            matches!(&refusal, Failure::ErrorResp(_) | Failure::DeserError { .. }) || asks_for_less(&words);
        if !about_size {
            return Err(RpcError::doing("reading logs")(refusal).into());
        }
        if !self.window.shrink(asked, &words) {
            return Err(LogError::TooMuchInOneBlock {
                block: from,
                refusal: words.chars().take(200).collect(),
            });
        }
        tracing::debug!(
            blocks = self.window.blocks(),
            "the endpoint wants smaller ranges of logs"
        );
        Ok(())
    }

    fn checked(&self, from: BlockNumber, upto: BlockStamp, logs: Vec<Log>) -> Result<Stretch, LogError> {
        let untrue = |what| LogError::Untrue {
            from,
            upto: upto.number,
            what,
        };
        let mut hashes: BTreeMap<BlockNumber, BlockHash> = BTreeMap::from([(upto.number, upto.hash)]);
        let mut checked = Vec::with_capacity(logs.len());
        for log in logs {
            let log = raw(log).ok_or_else(|| untrue("a log is pending or was removed"))?;
            if log.place.block < from || log.place.block > upto.number {
                return Err(untrue("a log lies outside the range"));
            }
            if !self.filter.addresses.contains(&log.address) {
                return Err(untrue("a log is of another contract"));
            }
            if *hashes.entry(log.place.block).or_insert(log.block_hash) != log.block_hash {
                return Err(untrue("two logs put different blocks at one height"));
            }
            checked.push(log);
        }
        checked.sort_by_key(|log| log.place);
        if checked
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if (a.place.block, a.place.log) == (b.place.block, b.place.log)))
        {
            return Err(untrue("a log appears twice"));
        }
        Ok(Stretch {
            from,
            upto,
            logs: checked,
        })
    }
}

/// A mined log with its place; none if the provider calls it removed or does not place it.
fn raw(log: Log) -> Option<RawLog> {
    if log.removed {
        return None;
    }
    Some(RawLog {
        place: LogPlace {
            block: BlockNumber(log.block_number?),
            transaction: log.transaction_index?,
            log: log.log_index?,
        },
        block_hash: log.block_hash?.0,
        transaction: TxHash(log.transaction_hash?.0),
        address: words::eth_address(log.address()),
        topics: log.topics().iter().map(|topic| topic.0).collect(),
        data: log.inner.data.data.to_vec(),
    })
}
