use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use maci_chain::send::{Denied, IntentLogError, Permit, Spending};
use maci_protocol::time::Timestamp;
use maci_store::{Store, StoreError};

use super::{Limits, SenderName};
use crate::clock::Clock;
use crate::intents::read;

/// What the cap on spending counts.
const DAY: Duration = Duration::from_secs(86_400);

/// An operator's rules for a sender, asked before anything is signed: whether it is paused, and what it may spend.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) name: SenderName,
    pub(super) limits: Limits,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

impl Permit for Rules {
    fn permit<'a>(&'a self, spending: &'a Spending) -> BoxFuture<'a, Result<(), Denied>> {
        async move {
            if self.is_paused().await.map_err(unknown)? {
                return Err(Denied::Paused);
            }
            let Some(cap) = self.limits.daily_cap else {
                return Ok(());
            };
            let spent = self.spent(spending).await.map_err(unknown)?;
            let spent = spent.saturating_sub(spending.reserved);
            if spent.saturating_add(spending.most) <= cap {
                return Ok(());
            }
            Err(Denied::OverCap {
                asked: spending.most,
                spent,
                cap,
            })
        }
        .boxed()
    }
}

impl Rules {
    pub(super) async fn is_paused(&self) -> Result<bool, StoreError> {
        let paused = self.store.pauses().all().await?;
        Ok(paused.iter().any(|one| one.sender == self.name.as_str()))
    }

    /// What the last day took, with the most that what is on its way can take.
    async fn spent(&self, spending: &Spending) -> Result<u128, StoreError> {
        let intents = self.store.intents();
        let day = i64::try_from(DAY.as_millis()).unwrap_or(i64::MAX);
        let since = Timestamp(self.clock.now().0.saturating_sub(day));
        let spent = intents.spent(spending.chain, spending.sender, since).await?;
        let live = intents.live(spending.chain, spending.sender).await?;
        let on_its_way = live.into_iter().filter_map(|intent| {
            let intent = read(intent);
            intent.attempts.last()?.offer().map(|offer| offer.most())
        });
        Ok(on_its_way.fold(spent, u128::saturating_add))
    }
}

fn unknown(error: StoreError) -> Denied {
    Denied::Unknown(IntentLogError(Box::new(error)))
}
