use std::time::Duration;

use maci_chain::relaying::safe_lengths;
use maci_protocol::Remedy;
use maci_protocol::cid::ContentDigest;
use maci_protocol::ids::PollRef;
use maci_protocol::time::Timestamp;
use maci_store::{NewBatch, RelayedMessageRow, Waiting};
use serde_json::json;

use super::relayer::Relayer;
use super::submission::file_of;
use super::venue::{SharedVenue, Way};
use super::{RelayError, RelaySettings};
use crate::crash::crash_point;
use crate::events::EventKind;

/// The longest wait after something has failed.
const LONGEST: Duration = Duration::from_secs(120);

/// Between two looks at a poll with nothing to carry: its end comes also when nobody hands anything in.
const IDLE: Duration = Duration::from_secs(60);

/// Carries one poll's messages on chain, in the order in which they were taken.
pub(super) struct Carrier {
    pub(super) relayer: Relayer,
    pub(super) venue: SharedVenue,
}

/// When to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Now,
    After(Duration),
    /// Voting is over, and nothing is on its way any more.
    Never,
}

/// Where a poll stands in time, by the later of the chain's clock and ours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hour {
    /// Unix seconds.
    pub(super) now: u64,
    /// The last moment of voting.
    pub(super) end: u64,
}

impl Hour {
    pub(super) fn is_over(self) -> bool {
        self.now > self.end
    }

    /// Time left for voting.
    fn left(self) -> Duration {
        Duration::from_secs(self.end.saturating_sub(self.now))
    }
}

impl Carrier {
    /// Carries until voting is over and everything has come to rest.
    pub(super) async fn carry(&self) {
        let mut failures = 0u32;
        loop {
            let next = match self.step().await {
                Ok(next) => {
                    failures = 0;
                    self.venue.show(|shown| shown.trouble = None);
                    next
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    self.report(&error);
                    let first = self.settings().try_again_after;
                    let doubled = first.saturating_mul(1u32.checked_shl(failures - 1).unwrap_or(u32::MAX));
                    Next::After(doubled.min(LONGEST).max(first))
                }
            };
            let clock = &self.relayer.means().parts.clock;
            match next {
                Next::Now => {}
                Next::Never => return,
                Next::After(wait) => tokio::select! {
                    () = clock.until(clock.now().after(wait)) => {}
                    // after a failure nobody's message makes it go faster
                    () = self.venue.nudge.notified(), if failures == 0 => {}
                },
            }
        }
    }

    /// Does the one thing that is next.
    async fn step(&self) -> Result<Next, RelayError> {
        let (poll, relay) = (self.poll(), self.relayer.means().parts.store.relay());
        let hour = self.hour().await?;
        if let Some(shipment) = relay.under_way(&poll).await? {
            self.watch_the_hour(hour, true);
            return self.ship(shipment, hour).await;
        }
        let waiting = relay.waiting(&poll).await?;
        if waiting.messages > 0 && !hour.is_over() {
            self.watch_the_hour(hour, true);
            if let Some(wait) = self.rest(waiting, hour) {
                return Ok(self.settle(hour).await?.sooner(Next::After(wait)));
            }
            return self.pack(waiting).await;
        }
        if waiting.messages > 0 {
            self.missed(waiting.messages);
        }
        self.settle(hour).await
    }

    /// How long waiting messages may still wait for others; none if they are to be sent now.
    fn rest(&self, waiting: Waiting, hour: Hour) -> Option<Duration> {
        let settings = self.settings();
        let oldest = waiting.oldest?;
        if waiting.messages >= settings.flush_at || hour.left() <= settings.hurry_before_end {
            return None;
        }
        let now: Timestamp = self.relayer.now();
        let rest = now.until(oldest.after(settings.flush_after));
        let hurry = hour.left().saturating_sub(settings.hurry_before_end);
        (!rest.is_zero()).then_some(rest.min(hurry).max(Duration::from_millis(10)))
    }

    /// Packs waiting messages so that they fit what the poll has now.
    async fn pack(&self, waiting: Waiting) -> Result<Next, RelayError> {
        let (poll, relay) = (self.poll(), self.relayer.means().parts.store.relay());
        let rows = relay.next_waiting(&poll, self.settings().per_transaction).await?;
        let lengths = match self.venue.way {
            Way::Guarded(_) => {
                let messages = self.venue.reader.message_count().await?;
                safe_lengths(messages, self.venue.calls().batch_size, rows.len())
            }
            Way::Single => vec![1; rows.len()],
        };
        let batches = batches(poll, &rows, &lengths).ok_or(RelayError::Damaged { poll })?;
        crash_point("relay-before-packing");
        let packed = relay.pack(&poll, &batches, self.relayer.now()).await?;
        crash_point("relay-packed");
        if let Some(shipment) = packed {
            let body = json!({
                "shipment": shipment, "batches": batches.len(), "messages": rows.len(), "waiting": waiting.messages,
            });
            self.note(EventKind::RelayPacked, body);
        }
        Ok(Next::Now)
    }

    /// Tells when messages may miss the end, once.
    pub(super) fn watch_the_hour(&self, hour: Hour, unsent: bool) {
        // half of the time in which nothing new is taken is left for voters to publish themselves
        let late = unsent && hour.left() <= self.settings().close_before_end / 2;
        let news = self
            .venue
            .show(|shown| !std::mem::replace(&mut shown.late, late) && late);
        if news {
            let body = json!({ "end": hour.end, "now": hour.now });
            tracing::warn!(poll = %self.poll(), "relayed messages may not land before voting ends; voters can still publish on chain");
            self.note(EventKind::RelayLate, body);
        }
    }

    /// Tells that messages were not on chain when voting ended.
    pub(super) fn missed(&self, messages: u64) {
        let news = self.venue.show(|shown| !std::mem::replace(&mut shown.late, true));
        if news || messages > 0 {
            tracing::error!(poll = %self.poll(), messages, "voting ended before relayed messages were on chain");
            self.note(EventKind::RelayLate, json!({ "missed": messages }));
        }
    }

    fn report(&self, error: &RelayError) {
        let news = self.venue.show(|shown| {
            let text = error.to_string();
            shown.trouble.replace(text.clone()) != Some(text)
        });
        if news {
            tracing::warn!(poll = %self.poll(), %error, "relayed messages do not get on");
            let asks = error.remedy() != Remedy::Retry;
            self.note(
                EventKind::RelayTrouble,
                json!({ "error": error.to_string(), "operator": asks }),
            );
        }
    }

    pub(super) fn note(&self, kind: EventKind, body: serde_json::Value) {
        self.relayer.means().note(kind, Some(self.poll()), body);
    }

    pub(super) fn settings(&self) -> &RelaySettings {
        self.relayer.settings()
    }

    pub(super) fn poll(&self) -> PollRef {
        self.venue.poll()
    }

    async fn hour(&self) -> Result<Hour, RelayError> {
        let head = self
            .venue
            .reader
            .rpc()
            .head()
            .await
            .map_err(crate::service::ServiceError::from)?;
        Ok(Hour {
            now: head.timestamp.max(self.relayer.now().unix_seconds()),
            end: self.venue.reader.period().end,
        })
    }
}

impl Next {
    /// Whatever comes first.
    pub(super) fn sooner(self, other: Self) -> Self {
        match (self, other) {
            (Self::Now, _) | (_, Self::Now) => Self::Now,
            (Self::After(one), Self::After(other)) => Self::After(one.min(other)),
            (Self::After(wait), Self::Never) | (Self::Never, Self::After(wait)) => Self::After(wait),
            (Self::Never, Self::Never) => Self::Never,
        }
    }

    /// The next look at a poll with nothing to carry.
    pub(super) fn idle(hour: Hour) -> Self {
        if hour.is_over() {
            Self::Never
        } else {
            Self::After(hour.left().saturating_add(Duration::from_secs(1)).min(IDLE))
        }
    }
}

/// Messages in batches of these lengths; none if a message is damaged.
fn batches(poll: PollRef, rows: &[RelayedMessageRow], lengths: &[usize]) -> Option<Vec<NewBatch>> {
    let mut rest = rows;
    let mut batches = Vec::with_capacity(lengths.len());
    for length in lengths {
        let (batch, others) = rest.split_at_checked(*length)?;
        batches.push(NewBatch {
            digest: ContentDigest::of(&file_of(poll, batch)?).0,
            places: batch.iter().map(|row| row.place).collect(),
        });
        rest = others;
    }
    Some(batches)
}
