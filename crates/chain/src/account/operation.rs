use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::SolValue;
use maci_protocol::ids::ChainId;
use serde::{Deserialize, Serialize};

use super::bindings::PackedUserOperation;
use super::known::ENTRY_POINT;
use crate::send::Offer;

/// A user operation of EntryPoint v0.7, as bundlers take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserOperation {
    /// The account.
    pub sender: Address,
    /// Mode, permission and sequence.
    pub nonce: U256,
    /// How the account is made, while it is not there.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<FactoryCall>,
    /// What the account is told to do.
    pub call_data: Bytes,
    /// Gas for that.
    #[serde(with = "alloy::serde::quantity")]
    pub call_gas_limit: u128,
    /// Gas for checking the signature, and for what goes with it.
    #[serde(with = "alloy::serde::quantity")]
    pub verification_gas_limit: u128,
    /// Gas that the bundler is paid beside.
    #[serde(with = "alloy::serde::quantity")]
    pub pre_verification_gas: u128,
    /// The most paid per unit of gas, in wei.
    #[serde(with = "alloy::serde::quantity")]
    pub max_fee_per_gas: u128,
    /// The part of it that is the bundler's.
    #[serde(with = "alloy::serde::quantity")]
    pub max_priority_fee_per_gas: u128,
    /// Who pays instead of the account.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub paymaster: Option<Paymaster>,
    /// The session key's signature, and what has to go with it.
    pub signature: Bytes,
}

/// How an account is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FactoryCall {
    /// Who makes it.
    pub factory: Address,
    /// What it is told.
    pub factory_data: Bytes,
}

/// Who pays instead of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Paymaster {
    /// The contract.
    pub paymaster: Address,
    /// Gas for asking it.
    #[serde(with = "alloy::serde::quantity")]
    pub paymaster_verification_gas_limit: u128,
    /// Gas for telling it afterwards.
    #[serde(with = "alloy::serde::quantity")]
    pub paymaster_post_op_gas_limit: u128,
    /// What it is told.
    #[serde(default)]
    pub paymaster_data: Bytes,
}

impl UserOperation {
    /// As the EntryPoint takes it.
    pub fn packed(&self) -> PackedUserOperation {
        PackedUserOperation {
            sender: self.sender,
            nonce: self.nonce,
            initCode: self.birth.as_ref().map(FactoryCall::packed).unwrap_or_default(),
            callData: self.call_data.clone(),
            accountGasLimits: pair(self.verification_gas_limit, self.call_gas_limit),
            preVerificationGas: U256::from(self.pre_verification_gas),
            gasFees: pair(self.max_priority_fee_per_gas, self.max_fee_per_gas),
            paymasterAndData: self.paymaster.as_ref().map(Paymaster::packed).unwrap_or_default(),
            signature: self.signature.clone(),
        }
    }

    /// Its hash on a chain, of which the signature is no part.
    pub fn hash(&self, chain: ChainId) -> B256 {
        let inner = keccak256(self.hashed_fields());
        keccak256((inner, ENTRY_POINT, U256::from(chain.0)).abi_encode_params())
    }

    /// What the inner hash is of.
    pub(super) fn hashed_fields(&self) -> Vec<u8> {
        let packed = self.packed();
        (
            packed.sender,
            packed.nonce,
            keccak256(&packed.initCode),
            keccak256(&packed.callData),
            packed.accountGasLimits,
            packed.preVerificationGas,
            packed.gasFees,
            keccak256(&packed.paymasterAndData),
        )
            .abi_encode_params()
    }

    /// What it offers: all its gas, at its price.
    pub fn offer(&self) -> Offer {
        Offer {
            gas: u64::try_from(self.gas()).unwrap_or(u64::MAX),
            max_fee: self.max_fee_per_gas,
            tip: Some(self.max_priority_fee_per_gas),
        }
    }

    /// The most that it can cost the account, in wei: nothing where somebody sponsors, or where it offers nothing because
    /// whoever hands it in pays.
    pub fn costs_account(&self) -> u128 {
        match self.paymaster {
            Some(_) => 0,
            None => u128::try_from(self.highest_cost()).unwrap_or(u128::MAX),
        }
    }

    /// The most that all its gas can cost, in wei.
    pub(super) fn highest_cost(&self) -> U256 {
        self.gas().saturating_mul(U256::from(self.max_fee_per_gas))
    }

    fn gas(&self) -> U256 {
        let paymaster = self.paymaster.as_ref();
        let gas = [
            self.call_gas_limit,
            self.verification_gas_limit,
            self.pre_verification_gas,
            paymaster.map_or(0, |paymaster| paymaster.paymaster_verification_gas_limit),
            paymaster.map_or(0, |paymaster| paymaster.paymaster_post_op_gas_limit),
        ];
        gas.into_iter().map(U256::from).sum()
    }
}

impl FactoryCall {
    fn packed(&self) -> Bytes {
        [&self.factory[..], &self.factory_data].concat().into()
    }
}

impl Paymaster {
    fn packed(&self) -> Bytes {
        let (verification, after) = (self.paymaster_verification_gas_limit, self.paymaster_post_op_gas_limit);
        let limits = pair(verification, after);
        [&self.paymaster[..], &limits[..], &self.paymaster_data].concat().into()
    }
}

/// Two numbers in one word.
fn pair(high: u128, low: u128) -> B256 {
    let mut word = [0; 32];
    let bytes = high.to_be_bytes().into_iter().chain(low.to_be_bytes());
    word.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    B256::from(word)
}
