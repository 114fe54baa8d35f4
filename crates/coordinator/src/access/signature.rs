use std::fmt;
use std::str::FromStr;

use alloy::primitives::{B256, Signature, eip191_hash_message};
use maci_protocol::ids::EthAddress;

/// An Ethereum account's signature over a digest: 65 bytes, in the one form wallets write.
///
/// Contract wallets (EIP-1271) sign nothing that could be checked without asking their chain; they cannot log in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AccountSignature(Signature);

/// A text that is no signature, or one that nobody can have made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// Not 65 bytes.
    #[error("a signature is 0x and 130 hexadecimal digits; contract wallets (EIP-1271) cannot log in")]
    Form,
    /// Its last byte is none of the four that say which of two keys it is.
    #[error("the signature's last byte is not 0, 1, 27 or 28")]
    Parity,
    /// It is the second of two equivalent forms, which no wallet writes.
    #[error("the signature's s is in the upper half of the group")]
    Malleable,
    /// No key makes it.
    #[error("no account made this signature")]
    NoSigner,
}

impl AccountSignature {
    /// The account that signed a text as a personal message (EIP-191).
    ///
    /// # Errors
    /// When no account can have.
    pub fn signer_of_message(&self, text: &str) -> Result<EthAddress, BadSignature> {
        self.signer_of_digest(&message_digest(text))
    }

    /// The account that signed a digest.
    ///
    /// # Errors
    /// When no account can have.
    pub fn signer_of_digest(&self, digest: &[u8; 32]) -> Result<EthAddress, BadSignature> {
        let address = self.0.recover_address_from_prehash(&B256::from(*digest));
        address
            .map(|address| EthAddress(address.into_array()))
            .map_err(|_| BadSignature::NoSigner)
    }
}

/// What a wallet signs when it is asked to sign a text: the digest of EIP-191.
#[must_use]
pub fn message_digest(text: &str) -> [u8; 32] {
    eip191_hash_message(text).0
}

impl FromStr for AccountSignature {
    type Err = BadSignature;

    fn from_str(text: &str) -> Result<Self, BadSignature> {
        let mut bytes = [0; 65];
        let digits = text.strip_prefix("0x").ok_or(BadSignature::Form)?;
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| BadSignature::Form)?;
        let [.., parity] = bytes;
        if !matches!(parity, 0 | 1 | 27 | 28) {
            return Err(BadSignature::Parity);
        }
        let signature = Signature::from_raw_array(&bytes).map_err(|_| BadSignature::Parity)?;
        if signature.normalize_s().is_some() {
            return Err(BadSignature::Malleable);
        }
        Ok(Self(signature))
    }
}

impl fmt::Debug for AccountSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // a signature may be a login
        f.write_str("AccountSignature(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use alloy::signers::SignerSync;
    use alloy::signers::local::PrivateKeySigner;

    use super::*;

    fn wallet() -> PrivateKeySigner {
        PrivateKeySigner::from_slice(&[7; 32]).unwrap()
    }

    fn signed(text: &str) -> [u8; 65] {
        wallet().sign_message_sync(text.as_bytes()).unwrap().as_bytes()
    }

    fn read(bytes: &[u8]) -> Result<AccountSignature, BadSignature> {
        format!("0x{}", hex::encode(bytes)).parse()
    }

    #[test]
    fn a_signature_names_the_account_that_made_it() {
        let account = EthAddress(wallet().address().into_array());
        let mut bytes = signed("hello");
        assert_eq!(read(&bytes).unwrap().signer_of_message("hello"), Ok(account));
        // some signers count the parity from 0
        bytes[64] -= 27;
        assert_eq!(read(&bytes).unwrap().signer_of_message("hello"), Ok(account));
        assert_ne!(read(&bytes).unwrap().signer_of_message("hullo"), Ok(account));
    }

    #[test]
    fn the_digest_is_the_one_of_eip_191() {
        // the digest of "message", which the existing service's helper script signs
        let expected = alloy::primitives::keccak256(b"\x19Ethereum Signed Message:\n7message");
        assert_eq!(message_digest("message"), expected.0);
    }

    #[test]
    fn the_other_form_of_a_signature_is_refused() {
        let right = Signature::from_raw_array(&signed("hello")).unwrap();
        let order = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
        let order: alloy::primitives::U256 = order.parse().unwrap();
        let other = Signature::new(right.r(), order - right.s(), !right.v());
        assert_eq!(read(&other.as_bytes()), Err(BadSignature::Malleable));
    }

    #[test]
    fn what_is_not_65_bytes_with_a_parity_is_refused() {
        let mut bytes = signed("hello");
        assert_eq!(read(&bytes[..64]), Err(BadSignature::Form));
        assert_eq!(hex::encode(bytes).parse::<AccountSignature>(), Err(BadSignature::Form));
        bytes[64] = 37;
        assert_eq!(read(&bytes), Err(BadSignature::Parity));
        let nobody = read(&[[0; 64].as_slice(), &[27]].concat()).unwrap();
        assert_eq!(nobody.signer_of_message("hello"), Err(BadSignature::NoSigner));
    }
}
