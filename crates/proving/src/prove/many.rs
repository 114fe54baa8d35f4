//! Many proofs under one key, checked at once.
//!
//! Each proof's equation is raised to a random power of 128 bits and all are multiplied: if one does not hold, the product
//! holds with a chance of 2⁻¹²⁸, provided that whoever made the proofs could not know the powers. A product costs one
//! Miller loop per proof in place of three, and one final exponentiation in all.

use ark_bn254::{Bn254, Fr, G1Affine, G1Projective};
use ark_ec::pairing::{Pairing, PairingOutput};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::Zero;
use maci_protocol::groth16::Proof;

use super::{ProofRejected, VerifiedProof, Verifier};

/// A proof, and what it is said to prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The public values.
    pub publics: Vec<Fr>,
    /// The proof.
    pub proof: Proof,
}

/// A claim whose points are in their groups.
struct Ready {
    /// Its place among the claims.
    place: usize,
    claim: Claim,
    points: ark_groth16::Proof<Bn254>,
}

impl Verifier {
    /// Checks many proofs, and says of each whether it holds; as [`Self::check`] for each of them, in less time. When some
    /// do not hold they are searched for by halves.
    ///
    /// `random` must give numbers that nobody who makes proofs can know beforehand.
    pub fn check_all(
        &self,
        claims: Vec<Claim>,
        random: &mut dyn FnMut() -> u128,
    ) -> Vec<Result<VerifiedProof, ProofRejected>> {
        let mut verdicts: Vec<Result<VerifiedProof, ProofRejected>> =
            claims.iter().map(|_| Err(ProofRejected::Invalid)).collect();
        let mut ready = Vec::with_capacity(claims.len());
        for (place, claim) in claims.into_iter().enumerate() {
            match self.points(&claim.publics, &claim.proof) {
                Ok(points) => ready.push(Ready { place, claim, points }),
                Err(refused) => set(&mut verdicts, place, Err(refused)),
            }
        }
        self.settle(ready, random, &mut verdicts);
        verdicts
    }

    fn settle(
        &self,
        mut ready: Vec<Ready>,
        random: &mut dyn FnMut() -> u128,
        verdicts: &mut [Result<VerifiedProof, ProofRejected>],
    ) {
        if ready.len() < 2 {
            for Ready { place, claim, .. } in ready {
                set(verdicts, place, self.check(&claim.publics, claim.proof));
            }
        } else if self.hold(&ready, random) {
            for Ready { place, claim, .. } in ready {
                let Claim { publics, proof } = claim;
                set(verdicts, place, Ok(VerifiedProof { proof, publics }));
            }
        } else {
            let second = ready.split_off(ready.len() / 2);
            self.settle(ready, random, verdicts);
            self.settle(second, random, verdicts);
        }
    }

    /// Whether all of them hold.
    fn hold(&self, ready: &[Ready], random: &mut dyn FnMut() -> u128) -> bool {
        let key = &self.prepared;
        let Some((first, rest)) = key.vk.gamma_abc_g1.split_first() else {
            return false;
        };
        let (mut total, mut publics) = (Fr::zero(), vec![Fr::zero(); rest.len()]);
        let mut left: Vec<G1Projective> = Vec::with_capacity(ready.len() + 2);
        let mut last = G1Projective::zero();
        for one in ready {
            let power = random();
            let limbs = [power as u64, (power >> 64) as u64];
            let power = Fr::from(power);
            total += power;
            for (sum, public) in publics.iter_mut().zip(&one.claim.publics) {
                *sum += power * public;
            }
            left.push(one.points.a.mul_bigint(limbs));
            last += one.points.c.mul_bigint(limbs);
        }
        let inputs = rest.iter().zip(&publics);
        let inputs = inputs.fold(*first * total, |sum, (point, public)| sum + *point * public);
        left.extend([inputs, last]);
        let left: Vec<G1Affine> = G1Projective::normalize_batch(&left);
        let right = ready.iter().map(|one| one.points.b.into());
        let right = right.chain([key.gamma_g2_neg_pc.clone(), key.delta_g2_neg_pc.clone()]);
        let loops = Bn254::multi_miller_loop(left, right.collect::<Vec<<Bn254 as Pairing>::G2Prepared>>());
        let product = Bn254::final_exponentiation(loops);
        product.is_some_and(|product| product == PairingOutput::<Bn254>(key.alpha_g1_beta_g2) * total)
    }
}

fn set(
    verdicts: &mut [Result<VerifiedProof, ProofRejected>],
    place: usize,
    verdict: Result<VerifiedProof, ProofRejected>,
) {
    if let Some(known) = verdicts.get_mut(place) {
        *known = verdict;
    }
}
