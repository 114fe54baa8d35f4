use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use maci_chain::account::UserOperation;
use maci_chain::send::{Denied, IntentLogError, Permit, Spending};
use maci_protocol::time::Timestamp;
use maci_store::{Paused, Store, StoreError};

use super::{Limits, SenderChoice};
use crate::clock::Clock;
use crate::intents::read;
use crate::operations;

/// What the cap on spending counts.
const DAY: Duration = Duration::from_secs(86_400);

/// An operator's rules for a sender, asked before anything is signed: whether it is paused, and what it may spend.
#[derive(Debug)]
pub(super) struct Rules {
    /// Everything it may be paused as: its name, or, of a session key, the key and every name it has.
    pub(super) known_as: Vec<SenderChoice>,
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
        let own = |paused: &Paused| self.known_as.iter().any(|one| one.to_string() == paused.sender);
        Ok(paused.iter().any(own))
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
        let spent = on_its_way.fold(spent, u128::saturating_add);
        Ok(spent.saturating_add(self.spent_by_operations(spending, since).await?))
    }

    /// The same of a smart account's operations.
    async fn spent_by_operations(&self, spending: &Spending, since: Timestamp) -> Result<u128, StoreError> {
        let operations = self.store.operations();
        let spent = operations.spent(spending.chain, spending.sender, since).await?;
        let live = operations.live(spending.chain, spending.sender).await?;
        let on_its_way = live.into_iter().filter_map(|row| {
            let stored = operations::read(row).ok()?;
            stored.attempts.last().map(UserOperation::costs_account)
        });
        Ok(on_its_way.fold(spent, u128::saturating_add))
    }
}

fn unknown(error: StoreError) -> Denied {
    Denied::Unknown(IntentLogError(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use maci_chain::send::Purpose;
    use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, TxHash};
    use maci_store::{Executed, IntentKey, IntentState, NewOperation, OperationKey, OperationState, Paid, SignedBytes};
    use tempfile::TempDir;

    use super::*;
    use crate::clock::MovedClock;
    use crate::senders::SenderName;

    const CHAIN: ChainId = ChainId(10);
    const SENDER: EthAddress = EthAddress([3; 20]);

    fn spending(most: u128) -> Spending {
        Spending {
            purpose: Purpose::new("a call"),
            chain: CHAIN,
            sender: SENDER,
            most,
            reserved: 0,
        }
    }

    async fn rules(folder: &TempDir, clock: &MovedClock) -> Rules {
        Rules {
            known_as: vec![SenderName::gas().into()],
            limits: Limits {
                daily_cap: Some(1_000),
                ..Limits::default()
            },
            store: Store::open(folder.path()).await.unwrap(),
            clock: Arc::new(clock.clone()),
        }
    }

    /// A transaction that was mined now and cost so much.
    async fn spend(rules: &Rules, nonce: u64, wei: u128) {
        let key = IntentKey {
            chain: CHAIN,
            purpose: format!("call {nonce}"),
            sender: SENDER,
            nonce,
        };
        let signed = SignedBytes {
            hash: TxHash([1; 32]),
            raw: vec![1],
            cancels: false,
        };
        let paid = Paid {
            block: BlockNumber(1),
            gas_used: 1,
            wei,
        };
        let (intents, now) = (rules.store.intents(), rules.clock.now());
        intents.begin(&key, &signed, now).await.unwrap();
        let mined = IntentState::Mined(TxHash([1; 32]));
        intents.settle(&key, mined, Some(paid), now).await.unwrap();
    }

    #[tokio::test]
    async fn a_day_s_cap_is_kept_and_the_next_day_begins_anew() {
        let (folder, clock) = (TempDir::new().unwrap(), MovedClock::at(Timestamp(1_000_000_000_000)));
        let rules = rules(&folder, &clock).await;
        rules.permit(&spending(1_000)).await.unwrap();
        spend(&rules, 0, 600).await;
        rules.permit(&spending(400)).await.unwrap();
        let denied = rules.permit(&spending(401)).await.unwrap_err();
        assert!(
            matches!(
                denied,
                Denied::OverCap {
                    spent: 600,
                    cap: 1_000,
                    ..
                }
            ),
            "{denied}"
        );
        clock.move_to(clock.now().after(DAY).after(Duration::from_secs(1)));
        rules.permit(&spending(1_000)).await.unwrap();
    }

    #[tokio::test]
    async fn what_operations_cost_their_account_counts_against_its_cap() {
        let (folder, clock) = (TempDir::new().unwrap(), MovedClock::at(Timestamp(1_000_000_000_000)));
        let rules = rules(&folder, &clock).await;
        let (operations, now) = (rules.store.operations(), clock.now());
        let new = NewOperation {
            key: OperationKey(format!("0x{:064x}", 1)),
            chain: CHAIN,
            account: SENDER,
            nonce: format!("0x{:064x}", 1),
            purposes: vec!["a call".to_owned()],
            since: BlockNumber(1),
            document: "{}".to_owned(),
        };
        operations.begin(&new, now).await.unwrap();
        let executed = Executed {
            operation: new.key.0.clone(),
            paid: Paid {
                block: BlockNumber(1),
                gas_used: 1,
                wei: 700,
            },
        };
        let landed = OperationState::Landed(TxHash([1; 32]));
        let settled = operations.settle(CHAIN, &new.key, landed, Some(&executed), now);
        settled.await.unwrap();
        rules.permit(&spending(300)).await.unwrap();
        let denied = rules.permit(&spending(301)).await.unwrap_err();
        assert!(matches!(denied, Denied::OverCap { spent: 700, .. }), "{denied}");
    }

    #[tokio::test]
    async fn a_session_key_is_paused_by_its_address_and_by_every_name_it_has() {
        let (folder, clock) = (TempDir::new().unwrap(), MovedClock::at(Timestamp(1_000_000_000_000)));
        let safe: SenderName = "safe".parse().unwrap();
        let session = SenderChoice::Session(EthAddress([9; 20]));
        let rules = Rules {
            known_as: vec![session.clone(), safe.clone().into()],
            ..rules(&folder, &clock).await
        };
        for known_as in [session.to_string(), safe.to_string()] {
            let paused = Paused {
                sender: known_as.clone(),
                since: clock.now(),
                by: "alice".to_owned(),
            };
            rules.store.pauses().pause(&paused).await.unwrap();
            let denied = rules.permit(&spending(1)).await.unwrap_err();
            assert!(matches!(denied, Denied::Paused), "{denied}");
            rules.store.pauses().resume(&known_as).await.unwrap();
            rules.permit(&spending(1)).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_paused_sender_signs_nothing_also_after_a_restart() {
        let (folder, clock) = (TempDir::new().unwrap(), MovedClock::at(Timestamp(1_000_000_000_000)));
        let first = rules(&folder, &clock).await;
        let paused = Paused {
            sender: "gas".to_owned(),
            since: clock.now(),
            by: "alice".to_owned(),
        };
        first.store.pauses().pause(&paused).await.unwrap();
        drop(first);
        let second = rules(&folder, &clock).await;
        let denied = second.permit(&spending(1)).await.unwrap_err();
        assert!(matches!(denied, Denied::Paused), "{denied}");
        second.store.pauses().resume("gas").await.unwrap();
        second.permit(&spending(1)).await.unwrap();
    }
}
