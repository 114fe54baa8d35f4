use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use maci_crypto::Fr;
use maci_crypto::field::{fr_from_be_bytes_mod_order, fr_to_be_bytes};
use maci_crypto::keys::PrivateKey;
use sha2::Sha512;
use zeroize::Zeroizing;

use super::{SaltSlot, Salts};
use crate::ids::PollRef;

/// Separates these keys from every other use of the coordinator's key.
const CONTEXT: &[u8] = b"maci-coordinator salt v1";

/// Salts derived from the coordinator's private key.
///
/// `key  = HKDF-SHA-512(salt = none, input = the key's 32-byte seed, info = CONTEXT), 64 bytes`
/// `text = chain id (8) ‖ MACI address (20) ‖ poll id (8) ‖ role (1) ‖ batch (8) ‖ chain hash (32)`
/// `salt = HMAC-SHA-512(key, text) mod p`
///
/// All numbers and field elements are big-endian, as is the reading of the 64 bytes that come out.
/// A padding key's seed is the first 32 of those bytes.
pub struct DerivedSalts {
    key: Zeroizing<[u8; 64]>,
    poll: PollRef,
}

impl DerivedSalts {
    /// The salts of one poll under one coordinator key.
    pub fn new(coordinator: &PrivateKey, poll: PollRef) -> Self {
        let mut key = Zeroizing::new([0; 64]);
        let hkdf = Hkdf::<Sha512>::new(None, coordinator.expose_seed());
        // HKDF refuses only outputs longer than 255 digests.
        let expanded = hkdf.expand(CONTEXT, key.as_mut_slice());
        debug_assert!(expanded.is_ok());
        Self { key, poll }
    }

    fn bytes(&self, slot: &SaltSlot) -> Zeroizing<[u8; 64]> {
        // HMAC takes keys of any length; `None` cannot occur.
        let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(self.key.as_slice()) else {
            return Zeroizing::new([0; 64]);
        };
        mac.update(&self.poll.chain.0.to_be_bytes());
        mac.update(&self.poll.maci.0);
        mac.update(&self.poll.poll.0.to_be_bytes());
        mac.update(&[slot.role as u8]);
        mac.update(&slot.batch.to_be_bytes());
        mac.update(&fr_to_be_bytes(&slot.chain_hash));
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

impl Salts for DerivedSalts {
    fn salt(&self, slot: &SaltSlot) -> Fr {
        fr_from_be_bytes_mod_order(self.bytes(slot).as_slice())
    }

    fn padding_key(&self, slot: &SaltSlot) -> PrivateKey {
        let mut seed = Zeroizing::new([0; 32]);
        for (place, byte) in seed.iter_mut().zip(self.bytes(slot).iter()) {
            *place = *byte;
        }
        PrivateKey::from_seed(*seed)
    }
}

impl std::fmt::Debug for DerivedSalts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DerivedSalts")
            .field("poll", &self.poll)
            .finish_non_exhaustive()
    }
}
