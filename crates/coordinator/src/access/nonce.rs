use std::fmt;
use std::time::Duration;

use alloy::primitives::{B256, keccak256};
use maci_protocol::time::Timestamp;
use subtle::ConstantTimeEq;

use super::AccessError;
use super::token::random;

/// Bytes of time and chance in a number; as many of proof that this service made it follow.
const HALF: usize = 16;

/// Bytes of time among them: milliseconds, big-endian.
const TIME: usize = 6;

/// Numbers for logins. They are remembered by their form, not by storing them, so that asking for many costs nothing. All
/// processes of a service make them with one secret, so that each takes what another gave out, and a restart ends none.
#[derive(Clone)]
pub struct LoginNonces {
    secret: B256,
}

/// A number that no login may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NonceRefused {
    /// It was not given out by this service.
    #[error("the nonce was not given out by this service; ask for a new one")]
    Foreign,
    /// It was given out too long ago.
    #[error("the nonce is older than five minutes; ask for a new one")]
    Expired,
}

impl LoginNonces {
    /// How long a number may be used after it was given out.
    pub const LIFETIME: Duration = Duration::from_secs(5 * 60);

    /// Numbers made with a secret.
    #[must_use]
    pub(super) fn made_with(secret: [u8; 32]) -> Self {
        Self {
            secret: B256::from(secret),
        }
    }

    /// A number for one login: 64 hexadecimal digits, good for five minutes.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn give(&self, now: Timestamp) -> Result<String, AccessError> {
        let chance = random()?;
        let mut stem = [0; HALF];
        let (time, rest) = stem.split_at_mut(TIME);
        let [_, _, millis @ ..] = now.0.to_be_bytes();
        time.copy_from_slice(&millis);
        rest.iter_mut().zip(chance).for_each(|(to, from)| *to = from);
        Ok(hex::encode([stem, self.proof(&stem)].concat()))
    }

    /// Whether a login may still use a number; the moment it may no longer.
    ///
    /// # Errors
    /// Why it may not.
    pub fn check(&self, nonce: &str, now: Timestamp) -> Result<Timestamp, NonceRefused> {
        let mut bytes = [0; 2 * HALF];
        hex::decode_to_slice(nonce, &mut bytes).map_err(|_| NonceRefused::Foreign)?;
        let (stem, proof) = bytes.split_first_chunk::<HALF>().ok_or(NonceRefused::Foreign)?;
        if !bool::from(self.proof(stem).ct_eq(proof)) {
            return Err(NonceRefused::Foreign);
        }
        let millis = stem.iter().take(TIME).fold(0, |sum, byte| sum << 8 | i64::from(*byte));
        let ends = Timestamp(millis).after(Self::LIFETIME);
        // upper-case digits would make the same number twice
        let is_canonical = hex::encode(bytes) == nonce;
        match now < ends {
            _ if !is_canonical => Err(NonceRefused::Foreign),
            true => Ok(ends),
            false => Err(NonceRefused::Expired),
        }
    }

    fn proof(&self, stem: &[u8; HALF]) -> [u8; HALF] {
        // Keccak is no Merkle-Damgård hash: a key in front makes a code of it
        let code = keccak256([self.secret.as_slice(), stem].concat());
        let mut proof = [0; HALF];
        proof.iter_mut().zip(code).for_each(|(to, from)| *to = from);
        proof
    }
}

impl fmt::Debug for LoginNonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginNonces(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_123);

    #[test]
    fn a_number_is_good_for_five_minutes() {
        let nonces = LoginNonces::made_with([7; 32]);
        let nonce = nonces.give(NOW).unwrap();
        let ends = NOW.after(LoginNonces::LIFETIME);
        assert_eq!(nonces.check(&nonce, NOW), Ok(ends));
        assert_eq!(nonces.check(&nonce, Timestamp(ends.0 - 1)), Ok(ends));
        assert_eq!(nonces.check(&nonce, ends), Err(NonceRefused::Expired));
    }

    #[test]
    fn no_two_numbers_are_the_same() {
        let nonces = LoginNonces::made_with([7; 32]);
        assert_ne!(nonces.give(NOW).unwrap(), nonces.give(NOW).unwrap());
    }

    #[test]
    fn another_process_with_the_same_secret_takes_it() {
        let nonce = LoginNonces::made_with([7; 32]).give(NOW).unwrap();
        assert!(LoginNonces::made_with([7; 32]).check(&nonce, NOW).is_ok());
    }

    #[test]
    fn a_changed_or_foreign_number_is_refused() {
        let nonces = LoginNonces::made_with([7; 32]);
        let nonce = nonces.give(NOW).unwrap();
        let foreign = LoginNonces::made_with([8; 32]).give(NOW).unwrap();
        let later = format!("ff{}", &nonce[2..]);
        for text in [
            foreign,
            later,
            nonce.to_uppercase(),
            nonce[2..].to_owned(),
            String::new(),
            "é".repeat(32),
        ] {
            assert_eq!(nonces.check(&text, NOW), Err(NonceRefused::Foreign), "{text}");
        }
    }
}
