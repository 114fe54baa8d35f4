//! An Ethereum account that signs what a browser's wallet would.

use alloy::consensus::{SignableTransaction, TxEip1559};
use alloy::primitives::{B256, TxKind, U256};
use alloy::signers::local::PrivateKeySigner;
use alloy::signers::{Error, SignerSync};

/// An account with its key.
#[derive(Debug, Clone)]
pub struct Wallet(PrivateKeySigner);

/// A transaction's signature, as anybody reads it on chain.
#[derive(Debug, Clone)]
pub struct Published {
    /// The digest that was signed.
    pub digest: [u8; 32],
    /// The signature: `0x` and 130 hexadecimal digits.
    pub signature: String,
}

impl Wallet {
    /// The account of a number; the same every time.
    ///
    /// # Errors
    /// For 0, which is nobody's.
    pub fn numbered(number: u8) -> Result<Self, Error> {
        PrivateKeySigner::from_slice(&[number; 32])
            .map(Self)
            .map_err(Error::other)
    }

    /// Its address, with the checksum's capitals.
    #[must_use]
    pub fn address(&self) -> String {
        self.0.address().to_checksum(None)
    }

    /// A personal message's signature (EIP-191).
    ///
    /// # Errors
    /// When the library fails.
    pub fn sign_message(&self, text: &str) -> Result<String, Error> {
        let signature = self.0.sign_message_sync(text.as_bytes())?;
        Ok(spelled(&signature.as_bytes()))
    }

    /// A digest's signature, such as one of EIP-712.
    ///
    /// # Errors
    /// When the library fails.
    pub fn sign_digest(&self, digest: &[u8; 32]) -> Result<String, Error> {
        let signature = self.0.sign_hash_sync(&B256::from(*digest))?;
        Ok(spelled(&signature.as_bytes()))
    }

    /// A transaction that was sent and is on chain for everybody to read.
    ///
    /// # Errors
    /// When the library fails.
    pub fn published_transaction(&self) -> Result<Published, Error> {
        let transaction = TxEip1559 {
            chain_id: 1,
            nonce: 7,
            gas_limit: 21_000,
            max_fee_per_gas: 1_000_000_000,
            max_priority_fee_per_gas: 1,
            to: TxKind::Call(self.0.address()),
            value: U256::from(1),
            ..TxEip1559::default()
        };
        let digest = transaction.signature_hash().0;
        Ok(Published {
            digest,
            signature: self.sign_digest(&digest)?,
        })
    }
}

fn spelled(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}
