//! Signing.

use super::{Signature, challenge};
use crate::Fr;
use crate::blake512;
use crate::curve::{Fl, fl_to_fr, mul_base8};
use crate::field::fr_to_le_bytes;
use crate::keys::PrivateKey;
use ark_ff::PrimeField;
use zeroize::{Zeroize, Zeroizing};

/// Signs one field element. The same key and message always give the same signature.
#[must_use]
pub fn sign(private_key: &PrivateKey, message: Fr) -> Signature {
    let expanded = private_key.expand();
    let mut nonce = nonce(&expanded.nonce_key, message);
    let mut signing_scalar = expanded.signing_scalar();
    let public_key = expanded.secret_scalar().public_key().point();

    let r8 = mul_base8(&nonce.into_bigint());
    let challenge = Fl::from_le_bytes_mod_order(&fr_to_le_bytes(&challenge(&r8, &public_key, message)));
    let s = fl_to_fr(&(nonce + challenge * signing_scalar));
    nonce.zeroize();
    signing_scalar.zeroize();
    Signature { r8, s }
}

/// The digest of nonce key and message, modulo the subgroup's order.
fn nonce(nonce_key: &[u8; 32], message: Fr) -> Fl {
    let mut text = Zeroizing::new([0u8; 64]);
    let (key, tail) = text.split_at_mut(32);
    key.copy_from_slice(nonce_key);
    tail.copy_from_slice(&fr_to_le_bytes(&message));
    let digest = Zeroizing::new(blake512::digest(text.as_slice()));
    Fl::from_le_bytes_mod_order(digest.as_slice())
}
