use futures::TryStreamExt;
use maci_chain::logs::{LogError, LogFilter, LogReader, Window};
use maci_chain::reader::PollReader;
use maci_chain::rpc::{Finality, Rpc};
use maci_protocol::ids::{BlockNumber, PollRef};
use maci_protocol::ledger::{BlockStamp, RawLog};
use maci_store::{LedgerState, Store, StoreError};

use super::LedgerError;
use crate::crash::crash_point;
use crate::progress::{Progress, Watch};

/// How a poll's ledger is kept up to date.
#[derive(Debug, Clone, Copy)]
pub struct Follow {
    /// From when on a block is taken to stay.
    pub finality: Finality,
    /// First block to read; searched for when it is not given.
    pub start: Option<BlockNumber>,
}

/// The copy of one poll's logs.
#[derive(Debug)]
pub struct Ledger<'a> {
    poll: PollRef,
    reader: &'a PollReader,
    store: &'a Store,
    follow: Follow,
}

impl<'a> Ledger<'a> {
    /// The ledger of a poll.
    #[must_use]
    pub fn of(reader: &'a PollReader, store: &'a Store, follow: Follow) -> Self {
        Self {
            poll: reader.config().poll(),
            reader,
            store,
            follow,
        }
    }

    fn rpc(&self) -> &Rpc {
        self.reader.rpc()
    }

    /// Reads on to the newest final block, and answers which one that is. What was replaced by a reorganisation is
    /// forgotten and read again.
    pub async fn bring_up_to_date(&self, watch: &dyn Watch) -> Result<BlockStamp, LedgerError> {
        let target = self
            .rpc()
            .settled_head(self.follow.finality)
            .await?
            .ok_or(LedgerError::NothingFinal)?;
        self.bring_up_to(target, watch).await
    }

    /// Reads on to this block.
    pub async fn bring_up_to(&self, target: BlockStamp, watch: &dyn Watch) -> Result<BlockStamp, LedgerError> {
        let start = self.start().await?;
        let mut state = self.store.ledger().follow(&self.poll, start).await?;
        let filter = LogFilter {
            addresses: vec![self.reader.addresses().poll],
        };
        let mut logs = LogReader::new(self.rpc().clone(), filter, Window::starting_at(self.rpc().log_range()));
        let mut doubts = self.rpc().endpoint_count().saturating_mul(3);
        let mut events = 0;
        state = self.drop_replaced(state).await?;
        while state.next() <= target.number {
            let stretch = match logs.next(state.next(), target.number).await {
                Ok(stretch) => stretch,
                Err(error) if doubts > 0 && is_doubtful(&error) => {
                    doubts -= 1;
                    tracing::warn!(%error, "reading again");
                    self.rpc().distrust_endpoint();
                    state = self.drop_replaced(state).await?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            match self
                .store
                .ledger()
                .append(&self.poll, stretch.from, stretch.upto, &stretch.logs)
                .await
            {
                Ok(appended) => events += appended.new as u64,
                // another process appended meanwhile, or the chain moved between two stretches
                Err(StoreError::Gap { .. } | StoreError::Conflict { .. }) if doubts > 0 => doubts -= 1,
                Err(error) => return Err(error.into()),
            }
            crash_point("ledger-appended");
            state = self.current().await?;
            let block = state.cursor.map_or(0, |cursor| cursor.number.0);
            watch.notice(Progress::Reading {
                block,
                target: target.number.0,
                events,
            });
        }
        Ok(state.cursor.unwrap_or(target))
    }

    /// All logs, in the order of the chain.
    pub async fn logs(&self) -> Result<Vec<RawLog>, LedgerError> {
        Ok(self.store.ledger().logs(&self.poll).try_collect().await?)
    }

    /// Forgets everything from a block on, so that it is read again.
    pub async fn forget_from(&self, block: BlockNumber) -> Result<(), LedgerError> {
        self.store
            .ledger()
            .unwind(&self.poll, block.0.checked_sub(1).map(BlockNumber))
            .await?;
        Ok(())
    }

    async fn start(&self) -> Result<BlockNumber, LedgerError> {
        if let Some(start) = self.follow.start {
            return Ok(start);
        }
        if let Some(known) = self.store.ledger().state(&self.poll).await? {
            return Ok(known.start);
        }
        let contract = self.reader.addresses().poll;
        self.rpc()
            .birth_of(contract)
            .await?
            .ok_or(LedgerError::NoContract(contract))
    }

    async fn current(&self) -> Result<LedgerState, LedgerError> {
        let state = self.store.ledger().state(&self.poll).await?;
        Ok(state.ok_or(StoreError::NotFollowed { poll: self.poll })?)
    }

    async fn drop_replaced(&self, state: LedgerState) -> Result<LedgerState, LedgerError> {
        let Some(cursor) = state.cursor else { return Ok(state) };
        if self.rpc().still_has(&cursor).await? {
            return Ok(state);
        }
        let stamps = self.store.ledger().stamps(&self.poll).await?;
        let kept = self.rpc().newest_kept(&stamps).await?.map(|stamp| stamp.number);
        tracing::warn!(poll = %self.poll, from = %cursor.number, ?kept, "blocks were replaced; reading them again");
        Ok(self.store.ledger().unwind(&self.poll, kept).await?)
    }
}

/// Whether the answer may be right when somebody else is asked, or the same one later.
fn is_doubtful(error: &LogError) -> bool {
    match error {
        LogError::Moved { .. } | LogError::Untrue { .. } => true,
        LogError::Rpc(_) | LogError::TooMuchInOneBlock { .. } => false,
    }
}
