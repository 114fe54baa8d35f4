use alloy::primitives::{Address, Bytes, U64, U256};
use alloy::providers::Provider;
use alloy::transports::RpcError as Failure;
use maci_protocol::ids::ChainId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::AccountError;
use super::known::ENTRY_POINT;
use super::operation::{Paymaster, UserOperation};
use crate::rpc::{Rpc, RpcError};

/// Somebody who pays for operations instead of the account.
#[derive(Debug, Clone)]
pub enum Sponsor {
    /// By ZeroDev's own method, which estimates gas too.
    ZeroDev(Rpc),
    /// By ERC-7677.
    Erc7677 {
        /// Where.
        rpc: Rpc,
        /// What the sponsor wants to be told, as it says itself.
        context: Value,
    },
}

/// What a sponsor answers, in both ways of asking.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sponsored {
    paymaster: Option<Address>,
    #[serde(default)]
    paymaster_data: Bytes,
    #[serde(default)]
    paymaster_verification_gas_limit: Option<U256>,
    #[serde(default)]
    paymaster_post_op_gas_limit: Option<U256>,
    #[serde(default)]
    is_final: bool,
    #[serde(default)]
    call_gas_limit: Option<U256>,
    #[serde(default)]
    verification_gas_limit: Option<U256>,
    #[serde(default)]
    pre_verification_gas: Option<U256>,
    #[serde(default)]
    max_fee_per_gas: Option<U256>,
    #[serde(default)]
    max_priority_fee_per_gas: Option<U256>,
}

/// What ZeroDev's method is asked with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    chain_id: u64,
    user_op: &'a UserOperation,
    entry_point_address: Address,
    should_override_fee: bool,
    should_consume: bool,
}

/// How far an operation's sponsoring has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sponsoring {
    /// Gas is estimated with this, and the sponsor is asked again afterwards.
    Stub,
    /// The sponsor has said all; gas can still be estimated.
    Final,
    /// The sponsor has estimated gas as well.
    Complete,
}

impl Sponsor {
    /// Asks before gas is estimated, and writes the answer into the operation.
    pub(super) async fn begin(
        &self,
        chain: ChainId,
        operation: &mut UserOperation,
    ) -> Result<Sponsoring, AccountError> {
        let answer = match self {
            Self::ZeroDev(rpc) => {
                let asked = Asked {
                    chain_id: chain.0,
                    user_op: operation,
                    entry_point_address: ENTRY_POINT,
                    should_override_fee: false,
                    should_consume: true,
                };
                ask(rpc, "zd_sponsorUserOperation", &(asked,), operation).await?
            }
            Self::Erc7677 { rpc, context } => {
                let params = (&*operation, ENTRY_POINT, U64::from(chain.0), context);
                ask(rpc, "pm_getPaymasterStubData", &params, operation).await?
            }
        };
        let complete = answer.gas_into(operation);
        let is_final = answer.is_final;
        answer.pay_for(operation);
        Ok(match self {
            Self::ZeroDev(_) if complete => Sponsoring::Complete,
            Self::ZeroDev(_) => Sponsoring::Final,
            Self::Erc7677 { .. } if is_final => Sponsoring::Final,
            Self::Erc7677 { .. } => Sponsoring::Stub,
        })
    }

    /// Asks again, now that the operation has its gas.
    pub(super) async fn complete(&self, chain: ChainId, operation: &mut UserOperation) -> Result<(), AccountError> {
        let Self::Erc7677 { rpc, context } = self else {
            return Ok(());
        };
        let params = (&*operation, ENTRY_POINT, U64::from(chain.0), context);
        let answer = ask(rpc, "pm_getPaymasterData", &params, operation).await?;
        answer.pay_for(operation);
        Ok(())
    }
}

async fn ask(
    rpc: &Rpc,
    method: &'static str,
    params: &impl Serialize,
    operation: &UserOperation,
) -> Result<Sponsored, AccountError> {
    let params = serde_json::to_value(params).unwrap_or_default();
    match rpc.provider().raw_request(method.into(), params).await {
        Ok(answer) => Ok(answer),
        Err(Failure::ErrorResp(payload)) => Err(AccountError::declined(
            operation.sender,
            "sponsor",
            None,
            &payload.message,
        )),
        Err(error) => Err(RpcError::doing("asking the sponsor")(error).into()),
    }
}

impl Sponsored {
    /// Takes the sponsor's gas and fees over; whether all gas is there then.
    fn gas_into(&self, operation: &mut UserOperation) -> bool {
        let fees = [
            (self.max_fee_per_gas, &mut operation.max_fee_per_gas),
            (self.max_priority_fee_per_gas, &mut operation.max_priority_fee_per_gas),
        ];
        for (given, field) in fees {
            *field = given.map_or(*field, small);
        }
        let limits = [
            (self.call_gas_limit, &mut operation.call_gas_limit),
            (self.verification_gas_limit, &mut operation.verification_gas_limit),
            (self.pre_verification_gas, &mut operation.pre_verification_gas),
        ];
        let mut complete = true;
        for (given, field) in limits {
            complete &= given.is_some();
            *field = given.map_or(*field, small);
        }
        complete
    }

    /// Writes the sponsor in; limits that it does not say again stay.
    fn pay_for(self, operation: &mut UserOperation) {
        let before = operation.paymaster.take();
        let Some(paymaster) = self.paymaster.or(before.as_ref().map(|before| before.paymaster)) else {
            return;
        };
        let kept = |given: Option<U256>, before: Option<u128>| given.map(small).or(before).unwrap_or(0);
        operation.paymaster = Some(Paymaster {
            paymaster,
            paymaster_verification_gas_limit: kept(
                self.paymaster_verification_gas_limit,
                before.as_ref().map(|before| before.paymaster_verification_gas_limit),
            ),
            paymaster_post_op_gas_limit: kept(
                self.paymaster_post_op_gas_limit,
                before.as_ref().map(|before| before.paymaster_post_op_gas_limit),
            ),
            paymaster_data: self.paymaster_data,
        });
    }
}

/// Gas and fees fit 128 bits in an operation; what does not is too much for anybody.
pub(super) fn small(number: U256) -> u128 {
    u128::try_from(number).unwrap_or(u128::MAX)
}
