use alloy::eips::BlockId;
use alloy::primitives::{Address, B256};
use alloy::providers::Provider;

use super::approval::Consent;
use super::bindings::IKernel::{self, IKernelInstance};
use super::delegation::Delegation;
use super::error::{AccountError, Revocation};
use super::known::{CREATE_CALL, ECDSA_SIGNER, ENTRY_POINT};
use super::nonce::Mode;
use crate::rpc::{Rpc, RpcError};

/// How an account and its permission stand on the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountStanding {
    /// Whether the account is there.
    pub born: bool,
    /// Whether the permission is installed, or has to be with the next operation.
    pub mode: Mode,
}

impl Delegation {
    /// Asks the chain how account and permission stand.
    ///
    /// # Errors
    /// [`AccountError::Revoked`] and [`AccountError::NonceMoved`] when the owner took it back; or that the chain cannot
    /// be asked.
    pub async fn standing(&self, rpc: &Rpc) -> Result<AccountStanding, AccountError> {
        if !has_code(rpc, self.address()).await? {
            return match self.consent() {
                Consent::Signed(_) => self.expect_nonce(1).map(|()| standing(false, Mode::Enable)),
                // the permission comes with the account
                Consent::Installed => Ok(standing(false, Mode::Use)),
            };
        }
        let account = IKernel::new(self.address(), rpc.provider().clone());
        let (id, permission) = (self.granted().validation_id(), self.permission());
        let latest = BlockId::latest();
        let config = account.validationConfig(id).block(latest).call().await;
        let config = config.map_err(asking("reading an account's permission"))?;
        let revoked = |how| AccountError::Revoked {
            account: self.account(),
            permission,
            how,
        };
        if config.hook.is_zero() && config.nonce != 0 {
            return Err(revoked(Revocation::Uninstalled));
        }
        if config.hook.is_zero() {
            return match self.consent() {
                Consent::Signed(_) => {
                    self.expect_nonce(current_nonce(&account).await?)?;
                    Ok(standing(true, Mode::Enable))
                }
                Consent::Installed => Err(AccountError::NotInstalled {
                    account: self.account(),
                    permission,
                }),
            };
        }
        let valid_from = account.validNonceFrom().block(latest).call().await;
        let valid_from = valid_from.map_err(asking("reading an account's nonce"))?;
        if config.nonce < valid_from {
            let nonce = config.nonce;
            return Err(revoked(Revocation::Invalidated { nonce, valid_from }));
        }
        let installed = account.permissionConfig(permission.0).block(latest).call().await;
        let installed = installed.map_err(asking("reading an account's permission"))?;
        if installed.signer != ECDSA_SIGNER {
            return Err(revoked(Revocation::Uninstalled));
        }
        Ok(standing(true, Mode::Use))
    }

    fn expect_nonce(&self, current: u32) -> Result<(), AccountError> {
        match self.nonce() {
            Some(signed) if signed != current => Err(AccountError::NonceMoved {
                account: self.account(),
                signed,
                current,
            }),
            Some(_) | None => Ok(()),
        }
    }
}

const fn standing(born: bool, mode: Mode) -> AccountStanding {
    AccountStanding { born, mode }
}

/// The nonce that approvals have to be signed for; an account that never used one says 0 and means 1.
async fn current_nonce<P: Provider>(account: &IKernelInstance<P>) -> Result<u32, AccountError> {
    let nonce = account.currentNonce().block(BlockId::latest()).call().await;
    nonce
        .map(|nonce| nonce.max(1))
        .map_err(asking("reading an account's nonce"))
}

/// Refuses chains without the contracts every operation needs.
pub(super) async fn expect_contracts(rpc: &Rpc, delegation: &Delegation) -> Result<(), AccountError> {
    let factory = delegation.approval().birth.factory();
    let needed = [
        ("EntryPoint v0.7", ENTRY_POINT),
        ("factory of Kernel accounts", factory),
        ("CreateCall", CREATE_CALL),
    ];
    for (what, address) in needed {
        if !has_code(rpc, address).await? {
            return Err(AccountError::NoContract { what, address });
        }
    }
    Ok(())
}

pub(super) async fn has_code(rpc: &Rpc, address: Address) -> Result<bool, RpcError> {
    let code = rpc.provider().get_code_at(address).latest().await;
    let code = code.map_err(RpcError::doing("looking for a contract's code"))?;
    Ok(!code.is_empty() && code.as_ref() != B256::ZERO.as_slice())
}

pub(super) fn asking(doing: &'static str) -> impl FnOnce(alloy::contract::Error) -> AccountError {
    move |error| {
        let source = match error {
            alloy::contract::Error::TransportError(source) => source,
            other => alloy::transports::TransportErrorKind::custom_str(&other.to_string()),
        };
        AccountError::Rpc(RpcError::Failed { doing, source })
    }
}
