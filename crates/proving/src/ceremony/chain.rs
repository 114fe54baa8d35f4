//! Whether each party of a ceremony knew the secret it multiplied δ with.

use ark_bn254::{Fr, G1Affine};
use ark_ec::{AffineRepr, CurveGroup};
use sha2::{Digest, Sha256};

use super::combine::same_ratio;
use super::error::CeremonyError;
use super::transcript::{Stream, Transcript};
use crate::formats::FilePoint;
use crate::formats::zkey::{Beacon, Ceremony, Contribution};

/// A beacon of two to this power iterations takes minutes; more are not recomputed.
const MOST_ITERATIONS: u8 = 34;

/// What is wrong with a contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// Its hash does not follow from what was before.
    #[error("its transcript does not follow from the circuit and the contributions before it")]
    Transcript,
    /// A point that is not in its group.
    #[error("its proof holds a point that is not in the group")]
    NotInGroup,
    /// The proof of knowledge fails.
    #[error("its proof of knowing its secret does not hold")]
    Knowledge,
    /// δ was changed otherwise.
    #[error("its delta is not the one before it times its secret")]
    Delta,
    /// The secret is not the beacon's.
    #[error("its secret is not the one that its beacon gives")]
    Beacon,
    /// The beacon takes too long to recompute.
    #[error("its beacon was hashed 2^{exponent} times, which takes too long to repeat (2^{MOST_ITERATIONS} at most)")]
    LongBeacon {
        /// The exponent.
        exponent: u8,
    },
}

/// A contribution that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributed {
    /// Its number, from 1.
    pub number: usize,
    /// The party's name, as it gave it.
    pub name: Option<String>,
    /// The hash that the party was shown, and may have published.
    pub hash: [u8; 64],
    /// Where its secret came from if it was public randomness.
    pub beacon: Option<Beacon>,
}

/// Checks all contributions; gives δ in G1 after the last one.
pub(super) fn follow(ceremony: &Ceremony) -> Result<(G1Affine, Vec<Contributed>), CeremonyError> {
    let mut transcript = Transcript::default();
    transcript.bytes(&ceremony.circuit_hash);
    let (mut delta, mut checked) = (G1Affine::generator(), Vec::new());
    for (number, contribution) in (1..).zip(&ceremony.contributions) {
        let faulty = |source| CeremonyError::Contribution {
            number,
            name: contribution.name.clone(),
            source,
        };
        contribution.check(&transcript, delta).map_err(faulty)?;
        contribution.add_to(&mut transcript);
        let mut own = Transcript::default();
        contribution.add_to(&mut own);
        delta = contribution.delta;
        checked.push(Contributed {
            number,
            name: contribution.name.clone(),
            hash: own.hash(),
            beacon: contribution.beacon.clone(),
        });
    }
    Ok((delta, checked))
}

impl Contribution {
    fn check(&self, before: &Transcript, delta: G1Affine) -> Result<(), ChainFault> {
        let mut transcript = before.clone();
        transcript.points(&[self.base, self.base_times_secret]);
        if transcript.hash() != self.transcript {
            return Err(ChainFault::Transcript);
        }
        if !self.challenge_times_secret.is_in_group() {
            return Err(ChainFault::NotInGroup);
        }
        let challenge = Stream::of(&self.transcript).g2();
        let by_secret = |base, product| same_ratio(base, product, challenge, self.challenge_times_secret);
        if !by_secret(self.base, self.base_times_secret) {
            return Err(ChainFault::Knowledge);
        }
        if !by_secret(delta, self.delta) {
            return Err(ChainFault::Delta);
        }
        match &self.beacon {
            Some(beacon) => beacon.check(self),
            None => Ok(()),
        }
    }

    fn add_to(&self, transcript: &mut Transcript) {
        transcript.points(&[self.delta, self.base, self.base_times_secret]);
        transcript.point(&self.challenge_times_secret);
        transcript.bytes(&self.transcript);
    }
}

impl Beacon {
    fn check(&self, contribution: &Contribution) -> Result<(), ChainFault> {
        let exponent = self.iterations_exponent;
        if exponent > MOST_ITERATIONS {
            return Err(ChainFault::LongBeacon { exponent });
        }
        let mut value = self.value.clone();
        for _ in 0..1u64 << exponent {
            value = Sha256::digest(&value).to_vec();
        }
        let mut stream = Stream::of(&value);
        let (secret, base): (Fr, G1Affine) = (stream.scalar(), stream.g1());
        let product = (base * secret).into_affine();
        if base != contribution.base || product != contribution.base_times_secret {
            return Err(ChainFault::Beacon);
        }
        Ok(())
    }
}
