//! The two numbers that hide the witness in a proof.
//!
//! They are not drawn but derived, as RFC 6979 does for signatures: a batch that is proved again
//! after a crash, or on another machine, gives the same bytes. The witness holds secrets (private
//! keys and salts), so nobody without it can compute them; another witness or another key gives
//! others.

use std::fmt;

use ark_bn254::Fr;
use ark_ff::PrimeField;
use hmac::{Hmac, Mac};
use sha2::Sha512;
use zeroize::{Zeroize, Zeroizing};

use crate::formats::fields::scalar_to_plain;
use crate::witness::Witness;

/// Separates these numbers from all others derived from the same secrets.
const DOMAIN: &[u8] = b"maci-proving groth16 blinding v1";

/// A proof's two blinding factors. Who knows them learns about the witness: wiped when dropped,
/// never printed.
pub struct Blinding {
    /// Hides A.
    pub r: Fr,
    /// Hides B.
    pub s: Fr,
}

impl Blinding {
    /// Derives them from the witness and from the bytes that identify the proving key.
    pub fn derive(key: &[u8], witness: &Witness) -> Self {
        let mut extract = mac(DOMAIN);
        extract.update(&(key.len() as u64).to_le_bytes());
        extract.update(key);
        for value in witness.values() {
            extract.update(&Zeroizing::new(scalar_to_plain(value))[..]);
        }
        let secret = Zeroizing::new(<[u8; 64]>::from(extract.finalize().into_bytes()));
        let expand = |label: &[u8]| {
            let mut expand = mac(&secret[..]);
            expand.update(label);
            let wide = Zeroizing::new(<[u8; 64]>::from(expand.finalize().into_bytes()));
            Fr::from_le_bytes_mod_order(&wide[..])
        };
        Self {
            r: expand(b"r"),
            s: expand(b"s"),
        }
    }
}

fn mac(key: &[u8]) -> Hmac<Sha512> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

impl fmt::Debug for Blinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blinding(…)")
    }
}

impl Drop for Blinding {
    fn drop(&mut self) {
        self.r.zeroize();
        self.s.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived(key: &[u8], values: &[u64]) -> (Fr, Fr) {
        let witness = Witness::new(values.iter().copied().map(Fr::from).collect());
        let blinding = Blinding::derive(key, &witness);
        (blinding.r, blinding.s)
    }

    #[test]
    fn the_same_witness_and_key_give_the_same_numbers_and_others_give_others() {
        let (r, s) = derived(b"key", &[1, 2, 3]);
        assert_eq!((r, s), derived(b"key", &[1, 2, 3]));
        assert_ne!(r, s);
        for other in [
            derived(b"key", &[1, 2, 4]),
            derived(b"kez", &[1, 2, 3]),
            derived(b"key", &[1, 2, 3, 0]),
        ] {
            assert_ne!(r, other.0);
            assert_ne!(s, other.1);
        }
    }
}
