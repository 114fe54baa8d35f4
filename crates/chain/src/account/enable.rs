use alloy::primitives::{Address, B256, Bytes, FixedBytes};
use alloy::sol_types::{Eip712Domain, SolStruct, SolValue, eip712_domain};

use super::bindings::Enable;
use super::known::EXECUTE;
use super::permission::Permission;

/// What the owner signs so that a permission installs itself with its first operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enabling<'a> {
    pub(super) permission: &'a Permission,
    pub(super) account: Address,
    pub(super) chain: u64,
    /// The account's own nonce, which an owner raises to revoke.
    pub(super) nonce: u32,
}

impl Enabling<'_> {
    /// The hash that is signed.
    pub(super) fn digest(&self) -> B256 {
        self.message().eip712_signing_hash(&domain(self.chain, self.account))
    }

    pub(super) fn message(&self) -> Enable {
        Enable {
            validationId: self.permission.validation_id(),
            nonce: self.nonce,
            hook: Address::ZERO,
            validatorData: self.permission.enable_data(),
            hookData: Bytes::new(),
            selectorData: selector_data(),
        }
    }
}

/// Kernel v3.1's domain.
pub(super) fn domain(chain: u64, account: Address) -> Eip712Domain {
    eip712_domain! {
        name: "Kernel",
        version: "0.3.1",
        chain_id: chain,
        verifying_contract: account,
    }
}

/// Which function the permission is for, and that no hook is asked: `execute`, the account itself, and two placeholders.
pub(super) fn selector_data() -> Bytes {
    let hooks = (Bytes::from_static(&[0xff]), Bytes::from_static(&[0, 0])).abi_encode_params();
    let parts: [&[u8]; 4] = [
        &EXECUTE[..],
        &FixedBytes::<20>::ZERO[..],
        &FixedBytes::<20>::ZERO[..],
        &hooks,
    ];
    parts.concat().into()
}
