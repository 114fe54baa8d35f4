//! Checks proofs. A [`VerifiedProof`] exists only because a check succeeded.

use ark_bn254::{Bn254, Fr, G1Affine};
use ark_groth16::{Groth16, PreparedVerifyingKey};
use maci_protocol::groth16::{Proof, VerifyingKey};

use super::points::{g1_from_plain, g2_from_plain};

/// A verifying key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the verifying key's {point} is not a point of BN254's groups")]
pub struct UnusableKey {
    point: &'static str,
}

/// Why a proof is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofRejected {
    /// A point of the proof is not in its group.
    #[error("{point} of the proof is not a point of BN254's groups")]
    NotAPoint {
        /// A, B or C.
        point: &'static str,
    },
    /// The proof has another number of public values.
    #[error("{found} public values, the verifying key takes {expected}")]
    Publics {
        /// What the key takes.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// The pairing equation does not hold.
    #[error("the proof does not prove these public values under this verifying key")]
    Invalid,
}

/// A verifying key, ready to check many proofs.
#[derive(Debug, Clone)]
pub struct Verifier {
    pub(super) prepared: PreparedVerifyingKey<Bn254>,
}

impl Verifier {
    /// Prepares a key; its points are checked.
    pub fn new(key: &VerifyingKey) -> Result<Self, UnusableKey> {
        let g1 = |point, plain| g1_from_plain(plain).ok_or(UnusableKey { point });
        let g2 = |point, plain| g2_from_plain(plain).ok_or(UnusableKey { point });
        let ic: Result<Vec<G1Affine>, _> = key.ic.iter().map(|plain| g1("IC", plain)).collect();
        let key = ark_groth16::VerifyingKey {
            alpha_g1: g1("alpha", &key.alpha1)?,
            beta_g2: g2("beta", &key.beta2)?,
            gamma_g2: g2("gamma", &key.gamma2)?,
            delta_g2: g2("delta", &key.delta2)?,
            gamma_abc_g1: ic?,
        };
        if key.gamma_abc_g1.is_empty() {
            return Err(UnusableKey { point: "IC" });
        }
        Ok(Self {
            prepared: ark_groth16::prepare_verifying_key(&key),
        })
    }

    /// Checks a proof.
    pub fn check(&self, publics: &[Fr], proof: Proof) -> Result<VerifiedProof, ProofRejected> {
        let points = self.points(publics, &proof)?;
        match Groth16::<Bn254>::verify_proof(&self.prepared, &points, publics) {
            Ok(true) => Ok(VerifiedProof {
                proof,
                publics: publics.to_vec(),
            }),
            Ok(false) | Err(_) => Err(ProofRejected::Invalid),
        }
    }

    /// The proof's points, each checked to be in its group, if it has as many public values as the key takes.
    pub(super) fn points(&self, publics: &[Fr], proof: &Proof) -> Result<ark_groth16::Proof<Bn254>, ProofRejected> {
        let expected = self.prepared.vk.gamma_abc_g1.len() - 1;
        if publics.len() != expected {
            return Err(ProofRejected::Publics {
                expected,
                found: publics.len(),
            });
        }
        let not_a_point = |point| ProofRejected::NotAPoint { point };
        Ok(ark_groth16::Proof {
            a: g1_from_plain(&proof.a).ok_or(not_a_point("A"))?,
            b: g2_from_plain(&proof.b).ok_or(not_a_point("B"))?,
            c: g1_from_plain(&proof.c).ok_or(not_a_point("C"))?,
        })
    }
}

/// A proof that this process has checked, with the public values it proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedProof {
    pub(super) proof: Proof,
    pub(super) publics: Vec<Fr>,
}

impl VerifiedProof {
    /// Checks a proof against a verifying key.
    pub fn check(key: &VerifyingKey, publics: &[Fr], proof: Proof) -> Result<Self, CheckError> {
        Ok(Verifier::new(key)?.check(publics, proof)?)
    }

    /// The proof.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The public values it proves, outputs first.
    pub fn publics(&self) -> &[Fr] {
        &self.publics
    }
}

/// Why a check did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// The key is at fault.
    #[error(transparent)]
    Key(#[from] UnusableKey),
    /// The proof is at fault.
    #[error(transparent)]
    Proof(#[from] ProofRejected),
}
