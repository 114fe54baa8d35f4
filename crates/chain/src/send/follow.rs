use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::future::join_all;
use maci_protocol::ids::TxHash;
use tokio::time::Instant;

use super::receipt::{Receipt, ended, receipt_of};
use super::reception::Reception;
use super::recover::{broadcast, mined_count, recover};
use super::{Intent, IntentState, Landed, SendError, Sender};
use crate::rpc::RpcError;

/// Looks in a row at which the nonce was used and no receipt was ours, each at another endpoint,
/// before we believe that another transaction took it.
const LOOKS_BEFORE_SUPERSEDED: u32 = 3;

/// A transaction that waits is broadcast again so many times before more is offered.
const BROADCASTS_PER_OFFER: u32 = 4;

/// Transactions below ours that are broadcast together; nodes keep about so many for an account.
const CLEARED_AT_ONCE: usize = 16;

impl Sender {
    /// Broadcasts a stored intent until it is mined or another transaction has taken its nonce.
    pub(super) async fn follow(&self, mut intent: Intent) -> Result<Landed, SendError> {
        let _followed = Following::begin(&self.followed, intent.nonce);
        let started = Instant::now();
        let (mut offered, mut told) = (started, started);
        let mut taken_by_another = 0;
        let mut note = self.broadcast(&intent).await?;
        // two looks of ours never see the same count
        let fresh = self.rpc.look_every() / 2;
        loop {
            // the count first: a nonce used before we asked for receipts must show in them
            let count = self.mined.heard_within(fresh, &self.rpc, intent.sender).await?;
            let is_used = count > intent.nonce;
            let receipt = if is_used {
                receipt_of(&self.rpc, &intent).await?
            } else {
                None
            };
            if let Some(receipt) = receipt {
                taken_by_another = 0;
                if self.is_deep_enough(&receipt).await? {
                    return ended(&self.rpc, self.log.as_ref(), &intent, receipt).await;
                }
            } else if is_used {
                // somebody may have offered more for it, or called it off
                self.refresh(&mut intent).await?;
                taken_by_another += 1;
                if taken_by_another >= LOOKS_BEFORE_SUPERSEDED {
                    return self.superseded(intent).await;
                }
                if self.rpc.endpoint_count() > 1 {
                    self.rpc.distrust_endpoint();
                }
            } else {
                taken_by_another = 0;
                let patience = self.settings.outbid_after;
                let is_underpriced = matches!(note, Some(Reception::Underpriced(_)));
                if is_underpriced || offered.elapsed() >= patience {
                    self.refresh(&mut intent).await?;
                    // one that waits behind another of ours is not waiting for a better offer
                    let is_next = is_underpriced || count == intent.nonce;
                    if is_next && intent.sender == self.address() {
                        match self.outbid(&mut intent).await {
                            // it is signed and will be mined at its price, whatever may be signed from now on
                            Err(SendError::Denied { reason, .. }) => {
                                tracing::warn!(purpose = %intent.purpose, %reason, "not mined yet, and no more may be offered");
                            }
                            other => drop(other?),
                        }
                    }
                    (offered, told) = (Instant::now(), Instant::now());
                    note = self.broadcast(&intent).await?;
                } else if told.elapsed() >= patience / BROADCASTS_PER_OFFER {
                    told = Instant::now();
                    note = self.broadcast(&intent).await?;
                }
            }
            if started.elapsed() >= self.settings.give_up_after {
                return Err(pending(&intent, note));
            }
            tokio::time::sleep(self.rpc.look_every()).await;
        }
    }

    /// Broadcasts the newest attempt. Whoever follows the lowest nonce does more: what nobody here follows and holds
    /// all of them up is broadcast before.
    async fn broadcast(&self, intent: &Intent) -> Result<Option<Reception>, SendError> {
        if self.followed.is_lowest(intent.nonce) {
            self.clear_the_way(intent).await?;
        }
        match intent.attempts.last() {
            Some(attempt) => Ok(Some(broadcast(&self.rpc, attempt).await)),
            None => Ok(None),
        }
    }

    /// Broadcasts what is below an intent and nobody in this process follows: what another process left, or has not
    /// come to yet.
    async fn clear_the_way(&self, intent: &Intent) -> Result<(), SendError> {
        let live = self.log.live(intent.chain, intent.sender).await?;
        let count = mined_count(&self.rpc, intent.sender).await?;
        let below: Vec<_> = live
            .iter()
            .filter(|one| (count..intent.nonce).contains(&one.nonce))
            .collect();
        if (below.len() as u64) < intent.nonce.saturating_sub(count) {
            // a nonce below ours is neither mined nor live: its transaction was mined and taken back
            recover(&self.rpc, self.log.as_ref(), intent.sender).await?;
            return Ok(());
        }
        let newest = below
            .into_iter()
            .take(CLEARED_AT_ONCE)
            .filter_map(|one| one.attempts.last());
        join_all(newest.map(|attempt| broadcast(&self.rpc, attempt))).await;
        Ok(())
    }

    /// Takes over what others have signed for the same nonce meanwhile.
    async fn refresh(&self, intent: &mut Intent) -> Result<(), SendError> {
        if let Some(known) = self.log.newest(intent.chain, &intent.purpose).await?
            && known.nonce == intent.nonce
            && known.sender == intent.sender
        {
            intent.attempts = known.attempts;
        }
        Ok(())
    }

    async fn superseded(&self, intent: Intent) -> Result<Landed, SendError> {
        self.log.set_state(&intent, IntentState::Superseded).await?;
        Err(SendError::Superseded {
            purpose: intent.purpose,
            sender: intent.sender,
            nonce: intent.nonce,
        })
    }

    async fn is_deep_enough(&self, receipt: &Receipt) -> Result<bool, RpcError> {
        let (Some(block), depth) = (receipt.block_number, self.settings.confirmations) else {
            return Ok(false);
        };
        Ok(depth == 0 || self.rpc.head().await?.number.0 >= block.saturating_add(depth))
    }
}

/// Nonces whose transactions are followed in this process, and how often.
#[derive(Debug, Default)]
pub(super) struct Followed(Mutex<BTreeMap<u64, usize>>);

impl Followed {
    /// Whether no nonce below is followed.
    fn is_lowest(&self, nonce: u64) -> bool {
        self.nonces().keys().next().is_none_or(|lowest| *lowest >= nonce)
    }

    fn nonces(&self) -> MutexGuard<'_, BTreeMap<u64, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A nonce is followed for as long as this lives.
struct Following<'a> {
    all: &'a Followed,
    nonce: u64,
}

impl<'a> Following<'a> {
    fn begin(all: &'a Followed, nonce: u64) -> Self {
        *all.nonces().entry(nonce).or_insert(0) += 1;
        Self { all, nonce }
    }
}

impl Drop for Following<'_> {
    fn drop(&mut self) {
        let mut nonces = self.all.nonces();
        if let Some(count) = nonces.get_mut(&self.nonce) {
            *count -= 1;
            if *count == 0 {
                nonces.remove(&self.nonce);
            }
        }
    }
}

fn pending(intent: &Intent, note: Option<Reception>) -> SendError {
    SendError::Pending {
        purpose: intent.purpose.clone(),
        transaction: intent.attempts.last().map_or(TxHash([0; 32]), |attempt| attempt.hash),
        note: note.map_or_else(String::new, |note| note.note()),
    }
}
