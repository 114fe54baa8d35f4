use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use maci_chain::send::{Intent, recover};
use maci_protocol::ids::{ChainId, EthAddress};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::SenderName;
use crate::StoredIntents;
use crate::events::EventKind;
use crate::perform::Means;
use crate::service::ServiceError;

/// Wait between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// A transaction that waits for so many looks is told of.
const LOOKS_UNTIL_STUCK: u32 = 20;

/// What was told already.
#[derive(Default)]
struct Told {
    /// How often a transaction was seen waiting.
    waiting: std::collections::BTreeMap<(ChainId, EthAddress, u64), u32>,
    low: BTreeSet<(ChainId, SenderName)>,
}

/// Looks after everything that was signed and is not settled, at the start and from time to time: jobs follow what they
/// sent, and this is for what nobody follows any more. Warns of senders that run out of money.
pub(crate) async fn watch(means: Arc<Means>, stop: CancellationToken) {
    let mut told = Told::default();
    loop {
        if let Err(error) = look(&means, &mut told).await {
            tracing::warn!(%error, "transactions could not be looked after");
        }
        let clock = &means.parts.clock;
        tokio::select! {
            () = clock.until(clock.now().after(LOOK_EVERY)) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn look(means: &Means, told: &mut Told) -> Result<(), ServiceError> {
    let mut waiting = std::collections::BTreeMap::new();
    for (chain, sender) in means.parts.store.intents().senders().await? {
        if !means.parts.chains.has(chain) {
            continue;
        }
        match look_at(means, chain, sender).await {
            Ok(intents) => {
                let labels = [("chain", chain.to_string()), ("sender", sender.to_string())];
                metrics::gauge!("maci_transactions_waiting", &labels).set(intents.len() as f64);
                for intent in intents {
                    let key = (chain, sender, intent.nonce);
                    let looks = told.waiting.get(&key).copied().unwrap_or(0).saturating_add(1);
                    waiting.insert(key, looks);
                    if looks == LOOKS_UNTIL_STUCK {
                        note_stuck(means, &intent);
                    }
                }
            }
            Err(error) => tracing::warn!(%chain, %sender, %error, "a sender's transactions could not be looked at"),
        }
    }
    told.waiting = waiting;
    look_at_operations(means).await?;
    look_for_revocations(means).await?;
    look_at_balances(means, told).await;
    Ok(())
}

/// Settles what smart accounts' operations came to whom nobody follows any more.
async fn look_at_operations(means: &Means) -> Result<(), ServiceError> {
    for (chain, account) in means.parts.store.operations().accounts().await? {
        if !means.parts.chains.has(chain) {
            continue;
        }
        match means.senders.look_after(chain, account).await {
            Ok(found) => {
                let labels = [("chain", chain.to_string()), ("account", account.to_string())];
                metrics::gauge!("maci_operations_waiting", &labels).set(found.waiting.len() as f64);
            }
            Err(error) => tracing::warn!(%chain, %account, %error, "an account's operations could not be looked at"),
        }
    }
    Ok(())
}

/// Tells once of every approval that its owner took back on the chain.
async fn look_for_revocations(means: &Means) -> Result<(), ServiceError> {
    for taken in means.senders.keeper().look_for_revocations().await? {
        tracing::warn!(chain = %taken.chain, session = %taken.session, account = %taken.account, reason = taken.reason,
            "an owner took back what a session key was allowed");
        let body = json!({
            "chain": taken.chain, "sessionKeyAddress": taken.session, "account": taken.account, "reason": taken.reason,
        });
        means.note(EventKind::SessionKeyRevoked, None, body);
    }
    Ok(())
}

async fn look_at(means: &Means, chain: ChainId, sender: EthAddress) -> Result<Vec<Intent>, ServiceError> {
    let rpc = means.parts.chains.rpc(chain).await?;
    let log = StoredIntents::new(means.parts.store.intents()).by(means.parts.clock.clone());
    let found = recover(&rpc, &log, sender).await.map_err(super::SendersError::from)?;
    if found.revived > 0 {
        let body = json!({ "chain": chain, "sender": sender, "count": found.revived });
        means.note(EventKind::TransactionsRevived, None, body);
    }
    Ok(found.waiting)
}

fn note_stuck(means: &Means, intent: &Intent) {
    tracing::warn!(purpose = %intent.purpose, nonce = intent.nonce, sender = %intent.sender,
        "a transaction is not mined for long; offer more for it, or call it off");
    let body = json!({
        "chain": intent.chain, "sender": intent.sender, "nonce": intent.nonce, "purpose": intent.purpose.as_str(),
    });
    means.note(EventKind::TransactionStuck, None, body);
}

/// Warns once for every time a sender falls below what its settings say.
async fn look_at_balances(means: &Means, told: &mut Told) {
    for (chain, name, sender) in means.senders.opened() {
        let Ok(balance) = sender.balance().await else {
            continue;
        };
        let wei = u128::try_from(balance).unwrap_or(u128::MAX);
        let labels = [("chain", chain.to_string()), ("sender", name.to_string())];
        metrics::gauge!("maci_sender_balance_wei", &labels).set(wei as f64);
        let limits = means.senders.settings().get(&name).map(|settings| settings.limits);
        let key = (chain, name);
        if limits.is_ok_and(|limits| wei >= limits.warn_below) {
            told.low.remove(&key);
        } else if told.low.insert(key.clone()) {
            let (chain, name) = key;
            tracing::warn!(%chain, sender = %name, address = %sender.address(), %balance, "a sender runs out of money");
            let body = json!({
                "chain": chain, "sender": name, "address": sender.address(), "balance": balance.to_string(),
            });
            means.note(EventKind::SenderLow, None, body);
        }
    }
}
