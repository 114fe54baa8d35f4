//! Polls, blocks and logs to fill a store with.

use futures::TryStreamExt;
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, PollId, PollRef, TxHash};
use maci_protocol::ledger::{BlockStamp, LogPlace, RawLog};
use maci_store::{Ledger, Store};
use tempfile::TempDir;

pub(crate) const START: BlockNumber = BlockNumber(10);

pub(crate) fn poll(number: u64) -> PollRef {
    PollRef {
        chain: ChainId(31_337),
        maci: EthAddress([7; 20]),
        poll: PollId(number),
    }
}

/// The block of that height on one of several forks.
pub(crate) fn block(number: u64, fork: u8) -> BlockStamp {
    let mut hash = [fork; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    BlockStamp {
        number: BlockNumber(number),
        hash,
        timestamp: 1_700_000_000 + number,
    }
}

/// The `index`-th log of that block.
pub(crate) fn log(number: u64, fork: u8, index: u64) -> RawLog {
    RawLog {
        place: LogPlace {
            block: BlockNumber(number),
            transaction: index / 2,
            log: index,
        },
        block_hash: block(number, fork).hash,
        transaction: TxHash([index as u8; 32]),
        address: EthAddress([9; 20]),
        topics: (0..index % 5).map(|topic| [topic as u8; 32]).collect(),
        data: vec![index as u8; index as usize * 10],
    }
}

/// Three logs in each of the blocks.
pub(crate) fn logs(blocks: std::ops::RangeInclusive<u64>, fork: u8) -> Vec<RawLog> {
    blocks
        .flat_map(|number| (0..3).map(move |index| log(number, fork, index)))
        .collect()
}

pub(crate) async fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    (folder, store)
}

pub(crate) async fn all_logs(ledger: &Ledger, poll: &PollRef) -> Vec<RawLog> {
    ledger.logs(poll).try_collect().await.unwrap()
}
