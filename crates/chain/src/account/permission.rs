use std::fmt;

use alloy::primitives::{Address, Bytes, FixedBytes, keccak256};
use alloy::sol_types::SolValue;

use super::known::ECDSA_SIGNER;
use super::policy::Policy;

/// The name by which an account knows a permission: a hash of its policies and its session key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PermissionId(pub FixedBytes<4>);

impl fmt::Display for PermissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a session key may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The conditions, all of which have to hold.
    pub policies: Vec<Policy>,
    /// The session key's address.
    pub session: Address,
}

impl Permission {
    /// Its name.
    pub fn id(&self) -> PermissionId {
        let parts = [self.policy_id(), Bytes::from_static(&[0, 0]), self.signer_id()];
        let hash = keccak256(parts.to_vec().abi_encode());
        PermissionId(FixedBytes::from_slice(&hash[..4]))
    }

    /// The name of its policies.
    pub(super) fn policy_id(&self) -> Bytes {
        let policies: Vec<Bytes> = self.policies.iter().map(Policy::whole).collect();
        policies.abi_encode().into()
    }

    /// The name of its session key.
    pub(super) fn signer_id(&self) -> Bytes {
        self.signer().abi_encode().into()
    }

    /// What the account is told to install it.
    pub(super) fn enable_data(&self) -> Bytes {
        let mut parts: Vec<Bytes> = self.policies.iter().map(Policy::whole).collect();
        parts.push([&[0, 0][..], &self.signer()].concat().into());
        parts.abi_encode().into()
    }

    /// How the account names what validates an operation: kind 2, then the permission's name.
    pub(super) fn validation_id(&self) -> FixedBytes<21> {
        validation_id(self.id())
    }

    fn signer(&self) -> Bytes {
        [&ECDSA_SIGNER[..], &self.session[..]].concat().into()
    }
}

/// How an account names what validates an operation of this permission.
pub(super) fn validation_id(id: PermissionId) -> FixedBytes<21> {
    let mut bytes = [0; 21];
    let parts = [2].into_iter().chain(id.0.0);
    bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
    FixedBytes(bytes)
}
