use alloy::primitives::{Address, B256};
use alloy::sol_types::SolEvent;
use maci_protocol::ids::EthAddress;
use maci_protocol::ledger::RawLog;

use super::bindings::{ICreateCall, IEntryPoint};
use super::error::AccountError;
use super::execute::{Creation, predicted};
use super::known::{CREATE_CALL, ENTRY_POINT};
use super::memory::{Executed, OperationState};
use super::sponsor::small;
use crate::send::{Call, Landed, Paid, Revert};
use crate::words::{address, eth_address};

/// What became of an operation in the transaction that it is in. That transaction's own success says nothing about it.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// The operation.
    hash: B256,
    /// The transaction; its logs are the operation's own.
    own: Landed,
    /// Why the account's calls were reverted, if they were.
    pub(super) refused: Option<Revert>,
    /// What the account paid, in wei; nothing where somebody sponsors.
    cost: u128,
}

impl Outcome {
    /// Looks an operation up in a transaction; none if it is not in it.
    pub(super) fn of(hash: B256, bundle: Landed) -> Option<Self> {
        let from_entry_point = |log: &&RawLog| address(log.address) == ENTRY_POINT;
        let mut own: Vec<&RawLog> = Vec::new();
        for log in &bundle.logs {
            if !from_entry_point(&log) {
                own.push(log);
                continue;
            }
            if decode::<IEntryPoint::BeforeExecution>(log).is_some() {
                own.clear();
            }
            let Some(event) = decode::<IEntryPoint::UserOperationEvent>(log) else {
                own.push(log);
                continue;
            };
            if event.userOpHash != hash {
                own.clear();
                continue;
            }
            let reason = || {
                let words = own
                    .iter()
                    .filter_map(|log| decode::<IEntryPoint::UserOperationRevertReason>(log));
                let data = words.filter(|event| event.userOpHash == hash).last();
                Revert::from_data(&data.map(|event| event.revertReason).unwrap_or_default())
            };
            let refused = (!event.success).then(reason);
            let gas_used = u64::try_from(event.actualGasUsed).unwrap_or(u64::MAX);
            let logs = own.into_iter().cloned().collect();
            let own = Landed {
                gas_used,
                created: None,
                logs,
                ..bundle
            };
            let cost = if event.paymaster.is_zero() {
                small(event.actualGasCost)
            } else {
                0
            };
            return Some(Self {
                hash,
                own,
                refused,
                cost,
            });
        }
        None
    }

    /// Where one of the operation's calls landed. A call that made a contract is told its address, which has to be the
    /// one that was computed before.
    pub(super) fn landed(&self, call: &Call, account: EthAddress, creation: Creation) -> Result<Landed, AccountError> {
        let mut landed = self.own.clone();
        if call.to.is_some() {
            return Ok(landed);
        }
        let made: Vec<Address> = self
            .own
            .logs
            .iter()
            .filter(|log| address(log.address) == CREATE_CALL)
            .filter_map(|log| decode::<ICreateCall::ContractCreation>(log).map(|event| event.newContract))
            .collect();
        let expected = predicted(call);
        let at = match creation {
            Creation::Create2 => made.into_iter().find(|at| *at == expected),
            Creation::Create => made.first().copied(),
        };
        let at = at.ok_or(AccountError::NotCreated {
            account,
            expected,
            operation: self.hash,
        })?;
        landed.created = Some(eth_address(at));
        Ok(landed)
    }

    /// What was executed, and what it cost.
    pub(super) fn executed(&self) -> Executed {
        Executed {
            operation: self.hash,
            paid: Paid {
                block: self.own.block,
                gas_used: self.own.gas_used,
                wei: self.cost,
            },
        }
    }

    /// How an operation stands of which this became.
    pub(super) fn state(&self) -> OperationState {
        let transaction = self.own.transaction;
        match &self.refused {
            None => OperationState::Landed(transaction),
            Some(_) => OperationState::Reverted(transaction),
        }
    }

    /// The transaction.
    pub(super) fn bundle(&self) -> &Landed {
        &self.own
    }
}

fn decode<E: SolEvent>(log: &RawLog) -> Option<E> {
    let topics = log.topics.iter().copied().map(B256::from);
    E::decode_raw_log(topics, &log.data).ok()
}
