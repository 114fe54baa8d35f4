use std::fmt;

use alloy::signers::Signer;
use alloy::signers::local::{MnemonicBuilder, PrivateKeySigner};
use maci_protocol::ids::{ChainId, EthAddress};
use zeroize::Zeroizing;

use super::samples::is_published;
use crate::DEVELOPMENT_CHAINS;
use crate::error::CustodyError;

/// A key that signs transactions. Erased when dropped; its `Debug` tells only the address.
#[derive(Clone)]
pub struct SenderKey(PrivateKeySigner);

impl SenderKey {
    /// A raw private key, as a text from the environment: 64 hexadecimal digits, with or without
    /// `0x`.
    ///
    /// # Errors
    /// When it is none; the error does not repeat it.
    pub fn from_private_key(text: &str) -> Result<Self, CustodyError> {
        let text = text.trim();
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut bytes[..])
            .map_err(|_| CustodyError::NotAnEthereumKey)?;
        Self::from_bytes(&bytes)
    }

    /// The account of a mnemonic from the environment, at `m/44'/60'/0'/0/<index>`.
    ///
    /// # Errors
    /// When it is none; the error does not repeat it.
    pub fn from_mnemonic(phrase: &str, index: u32) -> Result<Self, CustodyError> {
        MnemonicBuilder::try_from_phrase_nth(phrase.trim(), index)
            .map(Self)
            .map_err(|_| CustodyError::NotAMnemonic)
    }

    /// The account's address.
    pub fn address(&self) -> EthAddress {
        EthAddress(self.0.address().into_array())
    }

    /// A signer bound to a chain: it refuses to sign for another one.
    ///
    /// # Errors
    /// When the key is published with development tools and the chain is not one of
    /// [`DEVELOPMENT_CHAINS`].
    pub fn on_chain(&self, chain: ChainId) -> Result<PrivateKeySigner, CustodyError> {
        let address = self.address();
        if !DEVELOPMENT_CHAINS.contains(&chain) && is_published(&address) {
            return Err(CustodyError::PublishedAccount { address, chain });
        }
        Ok(self.0.clone().with_chain_id(Some(chain.0)))
    }

    /// The secret, for a backup.
    pub(crate) fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().0)
    }

    pub(crate) fn from_bytes(bytes: &Zeroizing<[u8; 32]>) -> Result<Self, CustodyError> {
        // of the numbers of 32 bytes only zero and those above the curve's order are no keys
        PrivateKeySigner::from_slice(&bytes[..])
            .map(Self)
            .map_err(|_| CustodyError::NotAnEthereumKey)
    }
}

impl From<PrivateKeySigner> for SenderKey {
    fn from(signer: PrivateKeySigner) -> Self {
        Self(signer)
    }
}

impl fmt::Debug for SenderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SenderKey({})", self.address())
    }
}
