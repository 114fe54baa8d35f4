//! The key behind a stand-in.

use alloy::signers::k256::ecdsa::signature::hazmat::PrehashSigner;
use alloy::signers::k256::ecdsa::{Signature, SigningKey};
use alloy::signers::k256::elliptic_curve::generic_array::GenericArray;
use alloy::signers::local::PrivateKeySigner;

/// What stands before a point of secp256k1 in a public key's DER (SubjectPublicKeyInfo).
const SPKI: &str = "3056301006072a8648ce3d020106052b8104000a034200";

/// A key that signs digests as clouds do.
#[derive(Debug, Clone)]
pub(super) struct Key(pub(super) PrivateKeySigner);

impl Key {
    pub(super) fn address(&self) -> String {
        self.0.address().to_checksum(None)
    }

    /// The public key in DER.
    pub(super) fn spki(&self) -> Vec<u8> {
        let point = self.0.credential().verifying_key().to_encoded_point(false);
        let mut der = hex::decode(SPKI).unwrap_or_default();
        der.extend_from_slice(point.as_bytes());
        der
    }

    /// A digest's signature in DER. Clouds do not keep `s` low: here every second digest has it high.
    pub(super) fn sign(&self, digest: &[u8; 32]) -> Option<Vec<u8>> {
        let key: &SigningKey = self.0.credential();
        let low: Signature = key.sign_prehash(digest).ok()?;
        let low = low.normalize_s().unwrap_or(low);
        let is_even = digest.last().is_some_and(|byte| byte % 2 == 0);
        let signature = if is_even { low } else { high(&low)? };
        Some(signature.to_der().as_bytes().to_vec())
    }
}

/// The other signature of the same digest: `n - s` in place of `s`.
fn high(low: &Signature) -> Option<Signature> {
    let s = -*low.s();
    Signature::from_scalars(GenericArray::clone_from_slice(&low.r().to_bytes()), s.to_bytes()).ok()
}
