use std::fmt;
use std::sync::Arc;

use alloy::eips::BlockId;
use alloy::primitives::U256;
use alloy::signers::Signer;
use futures::future::{BoxFuture, FutureExt};
use maci_protocol::ids::EthAddress;
use tokio::sync::Mutex;

use super::bindings::IEntryPoint;
use super::bundler::Bundler;
use super::delegation::Delegation;
use super::error::AccountError;
use super::execute::Inner;
use super::follow::Concluded;
use super::found::outcome_in;
use super::known::ENTRY_POINT;
use super::memory::{OperationBegun, OperationLog, OperationState, StoredOperation};
use super::outcome::Outcome;
use super::sponsor::Sponsor;
use super::standing::expect_contracts;
use crate::rpc::{Rpc, RpcError};
use crate::send::{Call, Landed, Permit, Purpose, SendError, SendSettings, Submit, balance_of, most_gas};
use crate::words::address;

/// What signs with a session key.
pub type SessionSigner = Arc<dyn Signer + Send + Sync>;

/// The most calls in one operation.
const MOST_CALLS: usize = 16;

/// What an account has on a chain, in wei, with what it has deposited for gas.
///
/// # Errors
/// When the chain cannot be asked.
pub async fn balance_of_account(rpc: &Rpc, account: EthAddress) -> Result<U256, RpcError> {
    let balance = balance_of(rpc, account).await?;
    let entry_point = IEntryPoint::new(ENTRY_POINT, rpc.provider().clone());
    let deposit = entry_point.balanceOf(address(account)).block(BlockId::latest());
    // a deposit that cannot be read is not counted on
    Ok(balance.saturating_add(deposit.call().await.unwrap_or_default()))
}

/// How often an operation whose nonce was taken is made anew before the caller hears of it.
const TRIES: u32 = 3;

/// A call that the contracts take, as the account makes it.
pub(super) struct Tried<'a> {
    at: usize,
    pub(super) call: &'a Call,
    pub(super) inner: Inner,
    pub(super) gas: u64,
}

/// By what way operations reach the chain.
#[derive(Clone)]
pub enum Route {
    /// A bundler takes them; the account or a sponsor pays.
    Bundler(Bundler),
    /// A sender of ours calls the EntryPoint itself, and pays for gas; the account needs no money.
    Own(Arc<dyn Submit>),
}

/// An operator's smart account, acting by a session key. What has to happen once happens once: an operation is stored
/// before it is sent, and until its nonce is used every try has that nonce.
pub struct SmartAccount {
    pub(super) rpc: Rpc,
    pub(super) delegation: Delegation,
    pub(super) signer: SessionSigner,
    pub(super) route: Route,
    pub(super) sponsor: Option<Sponsor>,
    pub(super) log: Arc<dyn OperationLog>,
    pub(super) settings: SendSettings,
    pub(super) permit: Option<Arc<dyn Permit>>,
    /// One operation at a time: the next one's nonce follows from it.
    turn: Mutex<()>,
}

impl SmartAccount {
    /// An account on a chain that has the contracts it needs.
    ///
    /// # Errors
    /// When the chain has not, or cannot be asked, or the signer is not the session key's.
    pub async fn connect(
        rpc: Rpc,
        delegation: Delegation,
        signer: SessionSigner,
        route: Route,
        log: Arc<dyn OperationLog>,
        settings: SendSettings,
    ) -> Result<Self, AccountError> {
        expect_contracts(&rpc, &delegation).await?;
        let signs_for = crate::words::eth_address(signer.address());
        if signs_for != delegation.session() {
            return Err(AccountError::Signing {
                session: delegation.session(),
                reason: format!("the key that was given is {signs_for}'s"),
            });
        }
        Ok(Self {
            rpc,
            delegation,
            signer,
            route,
            sponsor: None,
            log,
            settings,
            permit: None,
            turn: Mutex::default(),
        })
    }

    /// With somebody else paying for its operations.
    #[must_use]
    pub fn sponsored_by(mut self, sponsor: Option<Sponsor>) -> Self {
        self.sponsor = sponsor;
        self
    }

    /// Asking these rules before anything is signed.
    #[must_use]
    pub fn permitted_by(mut self, permit: Arc<dyn Permit>) -> Self {
        self.permit = Some(permit);
        self
    }

    /// What it may do.
    pub fn delegation(&self) -> &Delegation {
        &self.delegation
    }

    /// What the account has, in wei, with what it has deposited for gas.
    ///
    /// # Errors
    /// When the chain cannot be asked.
    pub async fn balance(&self) -> Result<U256, RpcError> {
        balance_of_account(&self.rpc, self.delegation.account()).await
    }

    /// Does the calls unless they have been done, as many as fit in one operation, and answers for each.
    pub async fn send_all(&self, calls: &[Call]) -> Vec<Result<Landed, SendError>> {
        let _one_at_a_time = self.turn.lock().await;
        let mut answers: Vec<(usize, Result<Landed, SendError>)> = Vec::with_capacity(calls.len());
        let mut rest: Vec<(usize, &Call)> = Vec::new();
        for (at, call) in calls.iter().enumerate() {
            match self.taken_up(call).await {
                Ok(Some(landed)) => answers.push((at, Ok(landed))),
                Ok(None) => rest.push((at, call)),
                Err(error) => answers.push((at, Err(error))),
            }
        }
        let mut tried: Vec<Tried<'_>> = Vec::new();
        for (at, call) in rest {
            match self.try_out(call).await {
                Ok((inner, gas)) => tried.push(Tried { at, call, inner, gas }),
                Err(error) => answers.push((at, Err(error))),
            }
        }
        while !tried.is_empty() {
            let group = match self.fitting(&tried).await {
                Ok(count) => tried.drain(..count).collect::<Vec<_>>(),
                Err(error) => {
                    let first = tried.remove(0);
                    answers.push((first.at, Err(error.into())));
                    continue;
                }
            };
            self.do_together(&group, &mut answers).await;
        }
        answers.sort_by_key(|(at, _)| *at);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    /// Does a group in one operation; if that fails as a whole, each alone, so that each hears its own reason.
    async fn do_together(&self, group: &[Tried<'_>], answers: &mut Vec<(usize, Result<Landed, SendError>)>) {
        match self.perform(group).await {
            Ok(outcome) => answers.extend(group.iter().map(|one| (one.at, self.answer(one.call, &outcome)))),
            Err(error) => match group {
                [one] => answers.push((one.at, Err(error))),
                _ => {
                    tracing::warn!(%error, "a batch failed; its calls are done one by one");
                    for one in group {
                        let outcome = self.perform(std::slice::from_ref(one)).await;
                        let answer = outcome.and_then(|outcome| self.answer(one.call, &outcome));
                        answers.push((one.at, answer));
                    }
                }
            },
        }
    }

    /// How many of the calls, from the first, fit in one operation: by gas, and no contract twice, so that what
    /// contracts say can be told apart.
    async fn fitting(&self, calls: &[Tried<'_>]) -> Result<usize, RpcError> {
        let most = most_gas(&self.rpc).await?;
        let (mut sum, mut called, mut count) = (0_u64, Vec::new(), 0);
        for Tried { call, inner, gas, .. } in calls {
            sum = sum.saturating_add(*gas);
            let again = called.contains(&inner.to) && !self.has_own_address(call);
            if count > 0 && (sum > most || again || count == MOST_CALLS) {
                break;
            }
            called.push(inner.to);
            count += 1;
        }
        Ok(count)
    }

    /// Whether the call makes a contract whose address tells it from others.
    fn has_own_address(&self, call: &Call) -> bool {
        call.to.is_none() && self.delegation.creation() == super::Creation::Create2
    }

    /// What became of a call that was begun before; none if it has to be begun.
    async fn taken_up(&self, call: &Call) -> Result<Option<Landed>, SendError> {
        let Some(mut stored) = self.log.newest(self.rpc.chain(), &call.purpose).await? else {
            return Ok(None);
        };
        match stored.state {
            OperationState::Lost | OperationState::Reverted(_) => return Ok(None),
            OperationState::Landed(transaction) => {
                if let Some(outcome) = outcome_in(&self.rpc, &stored, transaction).await? {
                    return self.answer(call, &outcome).map(Some);
                }
                tracing::warn!(purpose = %call.purpose, "an operation is gone with its block; sending it again");
                self.log.set_state(&stored, OperationState::Live).await?;
                stored.state = OperationState::Live;
            }
            OperationState::Live => {}
        }
        match self.follow(stored).await? {
            Concluded::Mined(outcome) => self.answer(call, &outcome).map(Some),
            Concluded::Lost => Ok(None),
        }
    }

    /// Makes one operation of the calls, stores it, and follows it to its end.
    async fn perform(&self, group: &[Tried<'_>]) -> Result<Outcome, SendError> {
        let purposes: Vec<_> = group.iter().map(|one| one.call.purpose.clone()).collect();
        for _ in 0..TRIES {
            self.clear().await?;
            let (operation, since) = self.prepare(group).await?;
            let new = StoredOperation {
                chain: self.rpc.chain(),
                account: self.delegation.account(),
                nonce: operation.nonce,
                purposes: purposes.clone(),
                since,
                state: OperationState::Live,
                attempts: vec![operation],
            };
            let stored = match self.log.begin(&new).await? {
                OperationBegun::Stored => new,
                // another process is at it: its operation comes first
                OperationBegun::NonceTaken => continue,
                OperationBegun::PurposeTaken(purpose) => match self.log.newest(self.rpc.chain(), &purpose).await? {
                    Some(other) => other,
                    None => continue,
                },
            };
            let same = stored.purposes == purposes;
            match self.follow(stored).await? {
                Concluded::Mined(outcome) if same => return Ok(outcome),
                Concluded::Mined(_) | Concluded::Lost => {}
            }
        }
        Err(SendError::Superseded {
            purpose: group
                .first()
                .map_or_else(|| Purpose::new("nothing"), |one| one.call.purpose.clone()),
            sender: self.delegation.account(),
            nonce: 0,
        })
    }

    /// Brings every operation of this permission to its end first: the next nonce follows from it.
    async fn clear(&self) -> Result<(), SendError> {
        for other in self.log.live(self.rpc.chain(), self.delegation.account()).await? {
            if self.is_ours(&other) {
                self.follow(other).await?;
            }
        }
        Ok(())
    }

    fn answer(&self, call: &Call, outcome: &Outcome) -> Result<Landed, SendError> {
        if let Some(reason) = &outcome.refused {
            return Err(SendError::Reverted {
                purpose: call.purpose.clone(),
                transaction: outcome.bundle().transaction,
                reason: reason.clone(),
            });
        }
        let landed = outcome.landed(call, self.delegation.account(), self.delegation.creation());
        landed.map_err(|error| self.of_account(call.purpose.clone(), error))
    }

    pub(super) fn of_account(&self, purpose: Purpose, source: AccountError) -> SendError {
        match source {
            AccountError::Rpc(error) => SendError::Rpc(error),
            source => SendError::Account {
                purpose,
                source: Box::new(source),
            },
        }
    }
}

impl Submit for SmartAccount {
    fn caller(&self) -> EthAddress {
        self.delegation.account()
    }

    fn submit(&self, call: Call) -> BoxFuture<'_, Result<Landed, SendError>> {
        async move {
            let purpose = call.purpose.clone();
            let mut answers = self.send_all(&[call]).await;
            answers.pop().unwrap_or(Err(SendError::Superseded {
                purpose,
                sender: self.delegation.account(),
                nonce: 0,
            }))
        }
        .boxed()
    }

    fn submit_all(&self, calls: Vec<Call>) -> BoxFuture<'_, Vec<Result<Landed, SendError>>> {
        async move { self.send_all(&calls).await }.boxed()
    }
}

impl fmt::Debug for SmartAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmartAccount")
            .field("chain", &self.rpc.chain())
            .field("account", &self.delegation.account())
            .field("session", &self.delegation.session())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundler(_) => f.write_str("Bundler"),
            Self::Own(payer) => write!(f, "Own({})", payer.caller()),
        }
    }
}
