use alloy::primitives::{Address, B256, Bytes, FixedBytes, U256, keccak256};
use alloy::sol_types::{SolCall, SolValue};

use super::bindings::{Execution, ICreateCall, IKernel};
use super::known::CREATE_CALL;
use crate::send::{Call, Purpose};
use crate::words::address;

/// One call as the account makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inner {
    pub(super) to: Address,
    pub(super) data: Bytes,
}

/// How an account makes contracts, which has no transaction of its own for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creation {
    /// At an address that follows from purpose and code.
    Create2,
    /// At the next address of the contract that makes contracts; known afterwards.
    Create,
}

/// `execute` of one call or of several, all or nothing.
pub(super) fn call_data(calls: &[Inner]) -> Bytes {
    let call = match calls {
        [one] => IKernel::executeCall {
            mode: mode(0),
            executionCalldata: [&one.to[..], &[0; 32], &one.data].concat().into(),
        },
        several => IKernel::executeCall {
            mode: mode(1),
            executionCalldata: several
                .iter()
                .map(Inner::execution)
                .collect::<Vec<_>>()
                .abi_encode()
                .into(),
        },
    };
    call.abi_encode().into()
}

/// Call type, then zeros: what fails reverts everything.
fn mode(call_type: u8) -> B256 {
    let mut bytes = [0; 32];
    bytes[0] = call_type;
    B256::from(bytes)
}

impl Inner {
    /// A call as the account makes it; a new contract through the contract that makes contracts.
    pub(super) fn of(call: &Call, creation: Creation) -> Self {
        match call.to {
            Some(to) => Self {
                to: address(to),
                data: call.data.clone().into(),
            },
            None => Self {
                to: CREATE_CALL,
                data: match creation {
                    Creation::Create2 => create2(&call.data, salt(&call.purpose)),
                    Creation::Create => create(&call.data),
                },
            },
        }
    }

    fn execution(&self) -> Execution {
        Execution {
            target: self.to,
            value: U256::ZERO,
            callData: self.data.clone(),
        }
    }

    pub(super) fn selector(&self) -> FixedBytes<4> {
        FixedBytes(self.data.first_chunk::<4>().copied().unwrap_or_default())
    }
}

pub(super) fn create2(code: &[u8], salt: B256) -> Bytes {
    let call = ICreateCall::performCreate2Call {
        value: U256::ZERO,
        deploymentData: Bytes::copy_from_slice(code),
        salt,
    };
    call.abi_encode().into()
}

pub(super) fn create(code: &[u8]) -> Bytes {
    let call = ICreateCall::performCreateCall {
        value: U256::ZERO,
        deploymentData: Bytes::copy_from_slice(code),
    };
    call.abi_encode().into()
}

/// A purpose has one contract, however often it is asked for.
fn salt(purpose: &Purpose) -> B256 {
    keccak256(purpose.as_str())
}

/// Where a call's new contract will be.
pub(super) fn predicted(call: &Call) -> Address {
    CREATE_CALL.create2(salt(&call.purpose), keccak256(&call.data))
}

/// The calls in an account's call data; none if it is not of ours.
pub(super) fn calls_in(data: &Bytes) -> Option<Vec<Inner>> {
    let call = IKernel::executeCall::abi_decode(data).ok()?;
    if call.mode == mode(1) {
        let several = <Vec<Execution>>::abi_decode(&call.executionCalldata).ok()?;
        let inner = |one: Execution| Inner {
            to: one.target,
            data: one.callData,
        };
        return Some(several.into_iter().map(inner).collect());
    }
    let (to, rest) = call.executionCalldata.split_first_chunk::<20>()?;
    let (_value, data) = rest.split_first_chunk::<32>()?;
    Some(vec![Inner {
        to: Address::from(*to),
        data: Bytes::copy_from_slice(data),
    }])
}
