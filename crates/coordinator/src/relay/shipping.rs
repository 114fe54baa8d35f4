use cid::Cid;
use maci_chain::relaying::{LandedBatch, RelayedCall};
use maci_chain::send::{Call, Landed, SendError};
use maci_crypto::field::fr_to_be_bytes;
use maci_protocol::cid::ContentDigest;
use maci_store::{BatchState, Link, OnChain, RelayedBatchRow, RelayedMessageRow, Shipment};
use serde_json::json;

use super::RelayError;
use super::carrier::{Carrier, Hour, Next};
use super::submission::{file_of, hash_of};
use super::venue::Way;
use crate::crash::crash_point;
use crate::events::EventKind;
use crate::ipfs::{Block, Codec, Ipfs, ReadBack};

type Batch = (RelayedBatchRow, Vec<RelayedMessageRow>);

impl Carrier {
    /// Brings a shipment on chain from wherever it stands: publishes its files, then sends its hashes, then looks where
    /// they are. Every step may be done again.
    pub(super) async fn ship(&self, shipment: Shipment, hour: Hour) -> Result<Next, RelayError> {
        let relay = self.relayer.means().parts.store.relay();
        let (poll, number) = (self.poll(), shipment.number);
        self.publish(&shipment).await?;
        relay
            .advance(&poll, number, BatchState::Published, self.relayer.now())
            .await?;
        crash_point("relay-published");
        relay
            .advance(&poll, number, BatchState::Sent, self.relayer.now())
            .await?;
        crash_point("relay-sending");
        match self.send(&shipment).await {
            Ok(landed) => {
                crash_point("relay-landed");
                self.land(&shipment, &landed, BatchState::Landed).await?;
                crash_point("relay-noted");
                self.watch_the_hour(hour, false);
                Ok(Next::Now)
            }
            Err(RelayError::Send(SendError::WouldRevert { reason, .. } | SendError::Reverted { reason, .. })) => {
                self.gave_way(&shipment, hour, &reason.to_string()).await
            }
            Err(error) => Err(error),
        }
    }

    /// The contract would not have it. While voting is open that is because somebody else published in between, and the
    /// messages are packed anew; afterwards they have missed it.
    async fn gave_way(&self, shipment: &Shipment, hour: Hour, reason: &str) -> Result<Next, RelayError> {
        let relay = self.relayer.means().parts.store.relay();
        let (poll, number, now) = (self.poll(), shipment.number, self.relayer.now());
        let messages: u64 = shipment.batches.iter().map(|(batch, _)| batch.messages).sum();
        if hour.is_over() {
            relay.advance(&poll, number, BatchState::Missed, now).await?;
            self.missed(messages);
            return Ok(Next::Now);
        }
        relay.dissolve(&poll, number, now).await?;
        crash_point("relay-dissolved");
        self.note(
            EventKind::RelayDissolved,
            json!({ "shipment": number, "messages": messages, "reason": reason }),
        );
        let fits = self.fits(shipment).await?;
        // what would fit and is refused all the same is refused for another reason, and trying at once is no help
        Ok(if fits {
            tracing::warn!(%poll, reason, "the poll refuses relayed messages");
            Next::After(self.settings().try_again_after)
        } else {
            Next::Now
        })
    }

    /// Whether the shipment's batches fit behind what the poll has now.
    async fn fits(&self, shipment: &Shipment) -> Result<bool, RelayError> {
        let mut count = self.venue.reader.message_count().await?;
        let size = u64::from(self.venue.calls().batch_size);
        for (batch, _) in &shipment.batches {
            if batch.messages > 1 && count % size + batch.messages >= size {
                return Ok(false);
            }
            count += batch.messages;
        }
        Ok(true)
    }

    /// Publishes the files of batches that nobody else has yet.
    async fn publish(&self, shipment: &Shipment) -> Result<(), RelayError> {
        let poll = self.poll();
        for (batch, rows) in shipment
            .batches
            .iter()
            .filter(|(batch, _)| batch.state == BatchState::Packed)
        {
            let (digest, bytes) = (ContentDigest(batch.digest), file_of(poll, rows));
            let bytes = bytes.filter(|bytes| ContentDigest::of(bytes) == digest);
            let bytes = bytes.ok_or(RelayError::Damaged { poll })?;
            let ipfs = &self.relayer.means().ipfs;
            let name = ipfs
                .publish(
                    &Block::new(Codec::Json, bytes),
                    &format!("relayed batch {} of {poll}", batch.number),
                )
                .await?;
            crash_point("relay-batch-published");
            self.read_back(ipfs, name, rows).await?;
        }
        Ok(())
    }

    /// Reads a batch through somebody else. Where nobody shows it yet its messages wait for that, but not for so long that
    /// their promise would be broken: this service has them on its disk, in its block store and in a backup file.
    async fn read_back(&self, ipfs: &Ipfs, name: Cid, rows: &[RelayedMessageRow]) -> Result<(), RelayError> {
        match ipfs.read_back(&name).await {
            Ok(ReadBack::From(source)) => {
                tracing::info!(%name, source, "a relayed batch was read back");
                Ok(())
            }
            Ok(ReadBack::NoOtherWay) => {
                tracing::warn!(%name, "a relayed batch is kept by this service alone; configure somebody who pins");
                Ok(())
            }
            Err(error) => {
                let now = self.relayer.now();
                let promised = rows.iter().map(|row| row.promised_by).min().unwrap_or(now);
                if now.until(promised) > self.settings().promise / 3 {
                    return Err(error.into());
                }
                tracing::warn!(%name, %error, "nobody else shows a relayed batch; it is sent all the same, to keep the promise");
                self.note(
                    EventKind::RelayTrouble,
                    json!({ "error": error.to_string(), "batch": name.to_string() }),
                );
                Ok(())
            }
        }
    }

    /// Sends the hashes, and waits until they are on chain. What was sent before is followed, not sent again.
    async fn send(&self, shipment: &Shipment) -> Result<Vec<Landed>, RelayError> {
        let means = self.relayer.means();
        let sender = means.sender(self.poll().chain, &self.settings().sender).await?;
        let calls = self.venue.calls();
        let call: Vec<Call> = match self.venue.way {
            Way::Guarded(guard) => {
                if !self.venue.reader.has_code(guard.address()).await? {
                    sender.submit(guard.deployment()).await?;
                }
                let batches: Vec<RelayedCall> = shipment.batches.iter().map(relayed_call).collect();
                vec![calls.guarded(guard, &batches, &format!("shipment {}", shipment.number))]
            }
            Way::Single => {
                let single = |batch: &Batch| {
                    let RelayedCall { hashes, digest } = relayed_call(batch);
                    let hash = hashes.first().copied().unwrap_or_default();
                    calls.single(hash, digest, &format!("batch {}", batch.0.number))
                };
                shipment.batches.iter().map(single).collect()
            }
        };
        let landed = sender.submit_all(call).await;
        Ok(landed.into_iter().collect::<Result<_, SendError>>()?)
    }

    /// Notes where the batches of a shipment are.
    async fn land(&self, shipment: &Shipment, landed: &[Landed], state: BatchState) -> Result<(), RelayError> {
        let mut places = Vec::with_capacity(shipment.batches.len());
        for (number, (batch, _)) in shipment.batches.iter().enumerate() {
            // one transaction for all, or one for each
            let Some(landed) = landed.get(number).or(landed.first()) else {
                continue;
            };
            let found = self.venue.reader.relayed_in(landed.block).await?;
            let found = found.iter().find(|one| one.digest.0 == batch.digest);
            places.push((
                batch.number,
                OnChain {
                    transaction: landed.transaction,
                    block: landed.block,
                    chain: found.and_then(|found| chain_of(found, batch)),
                },
            ));
        }
        let (poll, relay) = (self.poll(), self.relayer.means().parts.store.relay());
        relay.land(&poll, state, &places, self.relayer.now()).await?;
        let transactions: Vec<String> = landed.iter().map(|one| one.transaction.to_string()).collect();
        self.note(
            match state {
                BatchState::Final => EventKind::RelayFinal,
                BatchState::Packed
                | BatchState::Published
                | BatchState::Sent
                | BatchState::Landed
                | BatchState::Dissolved
                | BatchState::Missed => EventKind::RelayLanded,
            },
            json!({ "shipment": shipment.number, "transactions": transactions }),
        );
        Ok(())
    }

    /// Looks again after the oldest shipment whose block might still be replaced, once it can no longer be.
    pub(super) async fn settle(&self, hour: Hour) -> Result<Next, RelayError> {
        let poll = self.poll();
        let means = self.relayer.means();
        let Some(shipment) = means.parts.store.relay().unsettled(&poll).await? else {
            return Ok(Next::idle(hour));
        };
        let rpc = self.venue.reader.rpc();
        let settled = rpc.settled_head(means.parts.chains.finality(poll.chain)).await;
        let settled = settled.map_err(crate::service::ServiceError::from)?;
        let blocks = shipment.batches.iter().filter_map(|(batch, _)| batch.on_chain);
        let newest = blocks.map(|place| place.block).max();
        if settled.map(|settled| settled.number) < newest {
            return Ok(Next::After(rpc.look_every().max(self.settings().try_again_after)));
        }
        // the sender finds the transaction again, or sends the same bytes once more if its block is gone
        match self.send(&shipment).await {
            Ok(landed) => {
                self.land(&shipment, &landed, BatchState::Final).await?;
                Ok(Next::Now)
            }
            Err(RelayError::Send(SendError::WouldRevert { reason, .. } | SendError::Reverted { reason, .. })) => {
                self.gave_way(&shipment, hour, &reason.to_string()).await
            }
            Err(error) => Err(error),
        }
    }
}

fn relayed_call((batch, rows): &Batch) -> RelayedCall {
    RelayedCall {
        hashes: rows.iter().map(|row| hash_of(&row.message)).collect(),
        digest: ContentDigest(batch.digest),
    }
}

/// The poll's message chain around a batch.
fn chain_of(found: &LandedBatch, batch: &RelayedBatchRow) -> Option<(Link, [u8; 32])> {
    let before = found.before(usize::try_from(batch.messages).ok()?)?;
    let link = Link {
        messages: before.messages,
        hash: fr_to_be_bytes(&before.hash),
    };
    Some((link, fr_to_be_bytes(&found.after()?.hash)))
}
