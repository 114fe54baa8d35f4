use alloy::primitives::B256;
use alloy::sol_types::SolCall;
use tokio::time::Instant;

use super::bindings::IEntryPoint;
use super::bundler::{Bundler, Reception};
use super::error::AccountError;
use super::found::{heard_of, outcome_of};
use super::known::ENTRY_POINT;
use super::memory::{OperationState, StoredOperation};
use super::nonce::{key_of, mode_of, sequence_of};
use super::operation::UserOperation;
use super::outcome::Outcome;
use super::prepare::Before;
use super::sender::{Route, SmartAccount};
use crate::rpc::RpcError;
use crate::send::{Call, Fees, Landed, Purpose, Revert, SendError, Submit};
use crate::words::eth_address;

/// Looks in a row at which the nonce was used and no operation of ours was found, before we believe that another one
/// took it.
const LOOKS_BEFORE_LOST: u32 = 3;

/// How an operation ended.
pub(super) enum Concluded {
    /// It is in a transaction.
    Mined(Outcome),
    /// Another operation took its nonce, or its permission is not used in this way any more.
    Lost,
}

impl SmartAccount {
    /// Sends a stored operation until it is mined or can never be.
    pub(super) async fn follow(&self, mut stored: StoredOperation) -> Result<Concluded, SendError> {
        let started = Instant::now();
        let (mut offered, mut sent) = (started, false);
        let (mut taken_by_another, mut renewed) = (0, false);
        let mut note = String::new();
        loop {
            // the count first: a nonce used before we asked for receipts must show in them
            let used = self.is_used(&stored).await?;
            if let Some(outcome) = self.look_for(&stored, used).await? {
                if self.is_deep_enough(outcome.bundle()).await? {
                    return self.conclude(&stored, outcome).await;
                }
                taken_by_another = 0;
            } else if used {
                taken_by_another += 1;
                if taken_by_another >= LOOKS_BEFORE_LOST {
                    return self.lose(&stored).await;
                }
            } else if !sent || offered.elapsed() >= self.settings.outbid_after {
                if sent && self.renew(&mut stored, true).await? {
                    tracing::info!(purpose = %purpose_of(&stored), "not mined yet; offering more");
                }
                (offered, sent) = (Instant::now(), true);
                match self.send(&stored).await? {
                    Sent::Taken => note.clear(),
                    Sent::Unclear(words) => note = format!(" (the bundler says: {words})"),
                    Sent::Mined(outcome) => return self.conclude(&stored, outcome).await,
                    Sent::Declined(error) => {
                        // an earlier attempt, or another operation, may have been mined meanwhile
                        if self.is_used(&stored).await? {
                            continue;
                        }
                        if !self.is_usable(&stored).await? {
                            return self.lose(&stored).await;
                        }
                        // fees and gas of an older day, perhaps: once more with today's
                        if renewed || !self.renew(&mut stored, false).await? {
                            return Err(self.of_account(purpose_of(&stored), error));
                        }
                        (renewed, sent) = (true, false);
                        continue;
                    }
                }
            }
            if started.elapsed() >= self.settings.give_up_after {
                return Err(pending(&stored, note, self));
            }
            tokio::time::sleep(self.rpc.look_every()).await;
        }
    }

    /// Whether its nonce is used, by whatever operation.
    async fn is_used(&self, stored: &StoredOperation) -> Result<bool, SendError> {
        let next = self.counted(key_of(stored.nonce)).await?;
        Ok(sequence_of(next) > sequence_of(stored.nonce))
    }

    /// Whether this permission signed it.
    pub(super) fn is_ours(&self, stored: &StoredOperation) -> bool {
        let own = super::nonce::NonceKey::ordered(mode_of(stored.nonce), self.delegation.permission());
        stored.account == self.delegation.account() && key_of(stored.nonce) == own.key()
    }

    /// Whether an operation that was declined could still be taken: it is ours, and says of the permission what is so.
    /// Refuses, with the owner's reason, when the permission was taken back or its time is over.
    async fn is_usable(&self, stored: &StoredOperation) -> Result<bool, SendError> {
        if !self.is_ours(stored) {
            return Ok(false);
        }
        let now = self.rpc.head().await?.timestamp;
        let standing = self.ready(now).await;
        let standing = standing.map_err(|error| self.of_account(purpose_of(stored), error))?;
        let born = stored.attempts.last().is_some_and(|last| last.birth.is_none());
        Ok(standing.mode == mode_of(stored.nonce) && standing.born == born)
    }

    /// Signs the same calls and nonce again, at today's price or at a better one, and stores it. False if there is
    /// nothing better to offer, or no way to.
    async fn renew(&self, stored: &mut StoredOperation, outbid: bool) -> Result<bool, SendError> {
        let Some(last) = stored.attempts.last().filter(|_| self.is_ours(stored)) else {
            return Ok(false);
        };
        let mut operation = last.clone();
        let before = Before {
            offer: Fees::Dynamic {
                max: last.max_fee_per_gas,
                tip: last.max_priority_fee_per_gas,
            },
            outbid,
            reserved: last.costs_account(),
        };
        operation.paymaster = None;
        let calls = match super::execute::calls_in(&operation.call_data) {
            Some(calls) => self.gas_of(&calls).await.unwrap_or(operation.call_gas_limit),
            None => operation.call_gas_limit,
        };
        let priced = self
            .price(&purpose_of(stored), &mut operation, calls, Some(before))
            .await;
        match priced {
            Ok(()) => {}
            // what was handed over stays as it is: it may have been mined just now, which bundlers call a refusal, or be mined
            // at its price, whatever may be signed from now on
            Err(
                error @ (SendError::TooExpensive { .. }
                | SendError::Denied { .. }
                | SendError::Poor { .. }
                | SendError::Account { .. }),
            ) if outbid => {
                tracing::warn!(purpose = %purpose_of(stored), %error, "not mined yet, and no more can be offered");
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        if operation.hash(stored.chain) == last.hash(stored.chain) {
            return Ok(false);
        }
        self.log.add_attempt(stored, &operation).await?;
        stored.attempts.push(operation);
        Ok(true)
    }

    async fn send(&self, stored: &StoredOperation) -> Result<Sent, SendError> {
        let Some(last) = stored.attempts.last() else {
            return Ok(Sent::Unclear("the stored operation has no attempt".to_owned()));
        };
        match &self.route {
            Route::Bundler(bundler) => self.through(bundler, stored, last).await,
            Route::Own(payer) => self.by_ourselves(payer.as_ref(), stored, last).await,
        }
    }

    async fn through(
        &self,
        bundler: &Bundler,
        stored: &StoredOperation,
        operation: &UserOperation,
    ) -> Result<Sent, SendError> {
        let hash = operation.hash(stored.chain);
        let reception = bundler.send(operation, hash).await;
        Ok(
            match reception.map_err(|error| self.of_account(purpose_of(stored), error))? {
                Reception::Taken => Sent::Taken,
                Reception::Unclear(words) => Sent::Unclear(words),
                Reception::Declined(words) => {
                    Sent::Declined(AccountError::declined(operation.sender, "bundler", Some(hash), &words))
                }
            },
        )
    }

    /// Calls the EntryPoint with a sender of ours, who pays for gas.
    async fn by_ourselves(
        &self,
        payer: &dyn Submit,
        stored: &StoredOperation,
        operation: &UserOperation,
    ) -> Result<Sent, SendError> {
        let hash = operation.hash(stored.chain);
        let call = IEntryPoint::handleOpsCall {
            ops: vec![operation.packed()],
            beneficiary: crate::words::address(payer.caller()),
        };
        let call = Call {
            purpose: Purpose::new(format!("user operation {hash}: {}", purpose_of(stored))),
            to: Some(eth_address(ENTRY_POINT)),
            data: call.abi_encode(),
        };
        match payer.submit(call).await {
            Ok(landed) => Ok(match Outcome::of(hash, landed) {
                Some(outcome) => Sent::Mined(outcome),
                None => Sent::Unclear("the EntryPoint says nothing of it".to_owned()),
            }),
            Err(SendError::WouldRevert { reason, .. } | SendError::Reverted { reason, .. }) => Ok(Sent::Declined(
                AccountError::declined(operation.sender, "EntryPoint", Some(hash), &in_words(&reason)),
            )),
            Err(other) => Err(other),
        }
    }

    /// Whichever attempt was mined: by the bundler's word, and when its nonce is used also by the EntryPoint's.
    async fn look_for(&self, stored: &StoredOperation, used: bool) -> Result<Option<Outcome>, SendError> {
        if let Route::Bundler(bundler) = &self.route {
            for attempt in stored.attempts.iter().rev() {
                let hash = attempt.hash(stored.chain);
                if let Ok(Some(transaction)) = bundler.transaction_of(hash).await
                    && let Some(outcome) = outcome_of(&self.rpc, hash, transaction).await?
                {
                    return Ok(Some(outcome));
                }
            }
        }
        Ok(if used { heard_of(&self.rpc, stored).await? } else { None })
    }

    async fn is_deep_enough(&self, landed: &Landed) -> Result<bool, RpcError> {
        let depth = self.settings.confirmations;
        Ok(depth == 0 || self.rpc.head().await?.number.0 >= landed.block.0.saturating_add(depth))
    }

    async fn conclude(&self, stored: &StoredOperation, outcome: Outcome) -> Result<Concluded, SendError> {
        self.log.settle(stored, outcome.state(), outcome.executed()).await?;
        Ok(Concluded::Mined(outcome))
    }

    async fn lose(&self, stored: &StoredOperation) -> Result<Concluded, SendError> {
        tracing::warn!(purpose = %purpose_of(stored), "the operation's nonce was used by another one, or its permission is used differently now");
        self.log.set_state(stored, OperationState::Lost).await?;
        Ok(Concluded::Lost)
    }
}

/// What came of handing an operation over.
enum Sent {
    Taken,
    Unclear(String),
    Declined(AccountError),
    Mined(Outcome),
}

fn purpose_of(stored: &StoredOperation) -> Purpose {
    match stored.purposes.as_slice() {
        [one] => one.clone(),
        [first, rest @ ..] => Purpose::new(format!("{first} and {} more", rest.len())),
        [] => Purpose::new("nothing"),
    }
}

fn pending(stored: &StoredOperation, note: String, account: &SmartAccount) -> SendError {
    let hash = stored
        .attempts
        .last()
        .map_or(B256::ZERO, |last| last.hash(stored.chain));
    let source = AccountError::Pending {
        account: account.delegation.account(),
        operation: hash,
        note,
    };
    account.of_account(purpose_of(stored), source)
}

/// The EntryPoint's reason, with the account's own error behind it.
fn in_words(reason: &Revert) -> String {
    let inner = super::error::inner_error(reason.data());
    format!("{reason}{inner}")
}
