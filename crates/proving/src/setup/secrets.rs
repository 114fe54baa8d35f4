//! The numbers of a set-up, which allow forging proofs: wiped when dropped, never printed.

use std::fmt;

use ark_bn254::Fr;
use ark_ff::{Field, PrimeField, Zero};
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, Zeroizing};

/// The operating system gave no random bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random numbers: {reason}")]
pub struct NoRandomness {
    reason: String,
}

impl NoRandomness {
    pub(crate) fn because(error: &getrandom::Error) -> Self {
        Self {
            reason: error.to_string(),
        }
    }
}

/// What a set-up must forget.
pub struct Secrets {
    pub(super) tau: Fr,
    pub(super) alpha: Fr,
    pub(super) beta: Fr,
    pub(super) delta: Fr,
}

impl Secrets {
    /// Draws them from the operating system.
    pub fn draw() -> Result<Self, NoRandomness> {
        let mut seed = Zeroizing::new([0; 64]);
        getrandom::fill(seed.as_mut()).map_err(|error| NoRandomness::because(&error))?;
        Ok(Self::from_seed(seed.as_ref()))
    }

    /// Derives them from a seed, so that a test can make the same key twice. Whoever knows the seed
    /// can forge proofs.
    pub fn from_seed(seed: &[u8]) -> Self {
        Self {
            tau: derive(seed, "tau"),
            alpha: derive(seed, "alpha"),
            beta: derive(seed, "beta"),
            delta: derive(seed, "delta"),
        }
    }
}

/// A number that is neither zero nor in any evaluation domain, for each of which some division of
/// the set-up would fail.
fn derive(seed: &[u8], name: &str) -> Fr {
    let draw = |attempt: u32| {
        let mut hash = Sha512::new();
        for part in [
            b"maci-proving set-up v1".as_slice(),
            name.as_bytes(),
            &attempt.to_le_bytes(),
            seed,
        ] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Fr::from_le_bytes_mod_order(&Zeroizing::new(<[u8; 64]>::from(hash.finalize()))[..])
    };
    let largest_domain = [1u64 << 28];
    let usable = |value: &Fr| !value.is_zero() && value.pow(largest_domain) != Fr::ONE;
    (0..).map(draw).find(usable).unwrap_or_default()
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        for secret in [&mut self.tau, &mut self.alpha, &mut self.beta, &mut self.delta] {
            secret.zeroize();
        }
    }
}
