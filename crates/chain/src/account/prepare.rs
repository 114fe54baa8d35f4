use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::network::TransactionBuilder;
use alloy::primitives::aliases::U192;
use alloy::primitives::{Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use futures::future::try_join_all;
use maci_protocol::ids::BlockNumber;
use maci_protocol::time::Timestamp;

use super::approval::Consent;
use super::error::AccountError;
use super::execute::{Inner, call_data};
use super::found::counted;
use super::nonce::{Mode, NonceKey, mode_of};
use super::operation::{FactoryCall, UserOperation};
use super::sender::{Route, SmartAccount, Tried};
use super::signature;
use super::sponsor::{Sponsoring, small};
use super::standing::AccountStanding;
use crate::rpc::RpcError;
use crate::send::{Call, Fees, Purpose, Revert, SendError, Spending};
use crate::words::eth_address;

/// Gas for the account's own work around a call: finding the permission, unpacking, calling.
const AROUND_A_CALL: u128 = 60_000;

/// Gas to check a signature, without a bundler that would estimate it; an operation pays for what it uses.
const CHECKING: u128 = 1_000_000;

/// The same when the permission installs itself, perhaps with the account.
const ENABLING: u128 = 3_500_000;

/// What was signed for an operation before.
pub(super) struct Before {
    /// What it offered.
    pub(super) offer: Fees,
    /// Whether more has to be offered.
    pub(super) outbid: bool,
    /// What of the account's money was reserved for it, in wei.
    pub(super) reserved: u128,
}

impl SmartAccount {
    /// Runs a call on the newest block as the account, to hear a refusal in the contract's own words before anything is
    /// signed; and the gas it takes.
    pub(super) async fn try_out(&self, call: &Call) -> Result<(Inner, u64), SendError> {
        let inner = Inner::of(call, self.delegation.creation());
        if !self.delegation.knows(&inner) {
            let error = AccountError::NotAllowed {
                account: self.delegation.account(),
                contract: eth_address(inner.to),
                selector: inner.selector(),
            };
            return Err(self.of_account(call.purpose.clone(), error));
        }
        let request = TransactionRequest::default()
            .with_from(self.delegation.address())
            .with_to(inner.to)
            .with_input(inner.data.clone());
        let latest = BlockId::Number(BlockNumberOrTag::Latest);
        let provider = self.rpc.provider();
        let refused = |error| match Revert::from_failure(&error) {
            Some(reason) => SendError::WouldRevert {
                purpose: call.purpose.clone(),
                reason,
            },
            None => RpcError::doing("trying a call out")(error).into(),
        };
        match provider.estimate_gas(request.clone()).block(latest).await {
            Ok(gas) => Ok((inner, gas)),
            // some nodes do not give the contract's reason with an estimate; a call has it
            Err(error) if Revert::from_failure(&error).is_none_or(|reason| reason.data().is_empty()) => {
                provider.call(request).block(latest).await.map_err(refused)?;
                Err(refused(error))
            }
            Err(error) => Err(refused(error)),
        }
    }

    /// One operation of the calls, priced and signed; and the newest block, before which it can be in none.
    pub(super) async fn prepare(&self, group: &[Tried<'_>]) -> Result<(UserOperation, BlockNumber), SendError> {
        let purpose = group
            .first()
            .map_or_else(|| Purpose::new("nothing"), |one| one.call.purpose.clone());
        let head = self.rpc.head().await?;
        let standing = self.ready(head.timestamp).await;
        let AccountStanding { born, mode } = standing.map_err(|error| self.of_account(purpose.clone(), error))?;
        let inner: Vec<Inner> = group.iter().map(|one| one.inner.clone()).collect();
        let birth = &self.delegation.approval().birth;
        let mut operation = UserOperation {
            sender: self.delegation.address(),
            nonce: self.next_nonce(mode).await?,
            birth: (!born).then(|| FactoryCall {
                factory: birth.factory(),
                factory_data: birth.factory_data(),
            }),
            call_data: call_data(&inner),
            call_gas_limit: 0,
            verification_gas_limit: 0,
            pre_verification_gas: 0,
            max_fee_per_gas: 0,
            max_priority_fee_per_gas: 0,
            paymaster: None,
            signature: Bytes::new(),
        };
        let calls = group
            .iter()
            .map(|one| u128::from(one.gas).saturating_add(AROUND_A_CALL))
            .sum();
        self.price(&purpose, &mut operation, calls, None).await?;
        Ok((operation, head.number))
    }

    /// Whether the permission can be used now, and how.
    pub(super) async fn ready(&self, now: u64) -> Result<AccountStanding, AccountError> {
        self.delegation.expect_unexpired(Timestamp::from_unix_seconds(now))?;
        if let Some(from) = self.delegation.from().filter(|from| *from > now) {
            return Err(AccountError::NotYet {
                account: self.delegation.account(),
                from,
            });
        }
        self.delegation.standing(&self.rpc).await
    }

    /// Gas, fees, sponsor and signature for what the operation does. `calls` is the gas that its calls take, and
    /// `before` what was signed for it already. Nothing is signed that the operator's rules forbid.
    pub(super) async fn price(
        &self,
        purpose: &Purpose,
        operation: &mut UserOperation,
        calls: u128,
        before: Option<Before>,
    ) -> Result<(), SendError> {
        let reserved = before.as_ref().map_or(0, |before| before.reserved);
        let outbid = before.filter(|before| before.outbid).map(|before| before.offer);
        let failed = |error| self.of_account(purpose.clone(), error);
        let mode = mode_of(operation.nonce);
        match &self.route {
            Route::Own(_) => {
                // whoever calls the EntryPoint pays for all of it
                operation.call_gas_limit = self.with_margin(calls);
                operation.verification_gas_limit = match mode {
                    Mode::Enable => ENABLING,
                    Mode::Use if operation.birth.is_some() => ENABLING,
                    Mode::Use => CHECKING,
                };
            }
            Route::Bundler(bundler) => {
                let (permission, consent) = (self.delegation.granted(), self.consent());
                operation.signature = signature::dummy(mode, permission, consent);
                self.offer(purpose, operation, outbid).await?;
                let sponsoring = match &self.sponsor {
                    Some(sponsor) => Some(sponsor.begin(self.rpc.chain(), operation).await.map_err(failed)?),
                    None => None,
                };
                if sponsoring != Some(Sponsoring::Complete) {
                    let estimate = match bundler.estimate(operation).await? {
                        Ok(estimate) => estimate,
                        Err(words) => return Err(self.not_estimated(purpose, operation, calls, &words).await),
                    };
                    operation.call_gas_limit = self.with_margin(calls.max(small(estimate.call_gas_limit)));
                    operation.verification_gas_limit = self.with_margin(small(estimate.verification_gas_limit));
                    operation.pre_verification_gas = self.with_margin(small(estimate.pre_verification_gas));
                    if let (Some(paymaster), Some(Sponsoring::Stub)) = (&mut operation.paymaster, sponsoring) {
                        let limits = [
                            (
                                &mut paymaster.paymaster_verification_gas_limit,
                                estimate.paymaster_verification_gas_limit,
                            ),
                            (
                                &mut paymaster.paymaster_post_op_gas_limit,
                                estimate.paymaster_post_op_gas_limit,
                            ),
                        ];
                        for (limit, estimated) in limits {
                            *limit = estimated.map_or(*limit, |gas| self.with_margin(small(gas)).max(*limit));
                        }
                    }
                }
                if let (Some(sponsor), Some(Sponsoring::Stub)) = (&self.sponsor, sponsoring) {
                    sponsor.complete(self.rpc.chain(), operation).await.map_err(failed)?;
                }
                self.affordable(purpose, operation).await?;
            }
        }
        if let Some(words) = self.delegation.would_refuse(operation) {
            let refused = AccountError::declined(operation.sender, "approval", None, &words);
            return Err(failed(refused));
        }
        self.permitted(Spending {
            purpose: purpose.clone(),
            chain: self.rpc.chain(),
            sender: self.delegation.account(),
            most: operation.costs_account(),
            reserved,
        })
        .await?;
        self.sign(operation).await.map_err(failed)
    }

    /// Writes what is offered per unit of gas: what the bundler wants, else the market, and never beyond the cap.
    async fn offer(
        &self,
        purpose: &Purpose,
        operation: &mut UserOperation,
        outbid: Option<Fees>,
    ) -> Result<(), SendError> {
        let asked = match &self.route {
            Route::Bundler(bundler) => bundler.fees().await,
            Route::Own(_) => None,
        };
        let market = match asked {
            Some(fees) => Fees::Dynamic {
                max: small(fees.max_fee_per_gas),
                tip: small(fees.max_priority_fee_per_gas),
            },
            None => self.settings.fees.offer(&self.rpc).await?,
        };
        let cap = self.settings.fee_cap;
        let too_expensive = |asked| SendError::TooExpensive {
            purpose: purpose.clone(),
            asked,
            cap: cap.0,
        };
        let offer = match outbid {
            Some(before) => before
                .outbid(market, cap)
                .ok_or_else(|| too_expensive(before.most().max(market.most())))?,
            None if market.most() > cap.0 && asked.is_some() => return Err(too_expensive(market.most())),
            None => market.under(cap),
        };
        (operation.max_fee_per_gas, operation.max_priority_fee_per_gas) = match offer {
            Fees::Dynamic { max, tip } => (max, tip.min(max)),
            Fees::Flat { price } => (price, price),
        };
        Ok(())
    }

    /// Why a bundler does not estimate: that the account cannot pay is told with what it needs, about.
    async fn not_estimated(&self, purpose: &Purpose, operation: &UserOperation, calls: u128, words: &str) -> SendError {
        if words.contains("AA21") {
            let checking = match mode_of(operation.nonce) {
                Mode::Enable => ENABLING,
                Mode::Use => CHECKING,
            };
            let about = UserOperation {
                call_gas_limit: self.with_margin(calls),
                verification_gas_limit: checking,
                ..operation.clone()
            };
            if let Err(poor) = self.affordable(purpose, &about).await {
                return poor;
            }
        }
        let error = AccountError::declined(operation.sender, "bundler", None, words);
        self.of_account(purpose.clone(), error)
    }

    /// Asks the operator's rules.
    async fn permitted(&self, spending: Spending) -> Result<(), SendError> {
        let Some(permit) = &self.permit else {
            return Ok(());
        };
        permit.permit(&spending).await.map_err(|reason| SendError::Denied {
            purpose: spending.purpose.clone(),
            reason,
        })
    }

    async fn affordable(&self, purpose: &Purpose, operation: &UserOperation) -> Result<(), SendError> {
        if operation.paymaster.is_some() {
            return Ok(());
        }
        let needed = operation
            .highest_cost()
            .saturating_add(U256::from(self.settings.min_balance));
        let balance = self.balance().await?;
        if balance >= needed {
            return Ok(());
        }
        Err(SendError::Poor {
            purpose: purpose.clone(),
            sender: self.delegation.account(),
            balance: balance.to_string(),
            needed: needed.to_string(),
        })
    }

    /// Signs an operation as it is.
    pub(super) async fn sign(&self, operation: &mut UserOperation) -> Result<(), AccountError> {
        let hash = operation.hash(self.rpc.chain());
        let signed = self.signer.sign_message(&hash[..]).await;
        let own = signed.map_err(|error| AccountError::Signing {
            session: self.delegation.session(),
            reason: error.to_string(),
        })?;
        let mode = mode_of(operation.nonce);
        operation.signature = signature::whole(mode, self.delegation.granted(), self.consent(), &own.as_bytes());
        Ok(())
    }

    /// The next nonce of a mode, as the EntryPoint counts.
    pub(super) async fn next_nonce(&self, mode: Mode) -> Result<U256, SendError> {
        let key = NonceKey::ordered(mode, self.delegation.permission()).key();
        self.counted(key).await
    }

    /// The next nonce of a key.
    pub(super) async fn counted(&self, key: U192) -> Result<U256, SendError> {
        let nonce = counted(&self.rpc, self.delegation.address(), key).await;
        nonce.map_err(|error| self.of_account(Purpose::new("the next operation"), error))
    }

    /// The gas of several calls, each tried out alone.
    pub(super) async fn gas_of(&self, calls: &[Inner]) -> Result<u128, SendError> {
        let latest = BlockId::Number(BlockNumberOrTag::Latest);
        let each = calls.iter().map(|inner| async move {
            let request = TransactionRequest::default()
                .with_from(self.delegation.address())
                .with_to(inner.to)
                .with_input(inner.data.clone());
            let gas = self.rpc.provider().estimate_gas(request).block(latest).await;
            gas.map_err(RpcError::doing("trying a call out"))
        });
        let gas = try_join_all(each).await?;
        Ok(gas
            .into_iter()
            .map(|gas| u128::from(gas).saturating_add(AROUND_A_CALL))
            .sum())
    }

    fn with_margin(&self, gas: u128) -> u128 {
        let percent = u128::from(self.settings.gas_margin_percent);
        gas.saturating_add(gas.saturating_mul(percent) / 100)
    }

    fn consent(&self) -> &Consent {
        &self.delegation.approval().consent
    }
}
