//! Curve points of arkworks and the plain coordinates that the protocol knows.

use ark_bn254::{Bn254, Fq, Fq2, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use maci_protocol::groth16::{G1, G2, Proof, VerifyingKey};

use crate::formats::zkey::ZKeyHeader;

/// A point's coordinates.
pub(crate) fn g1_to_plain(point: &G1Affine) -> G1 {
    point.xy().map_or(G1::INFINITY, |(x, y)| G1 { x, y })
}

/// A point's coordinates.
pub(crate) fn g2_to_plain(point: &G2Affine) -> G2 {
    let pair = |value: Fq2| [value.c0, value.c1];
    point.xy().map_or(G2::INFINITY, |(x, y)| G2 { x: pair(x), y: pair(y) })
}

/// The point, if it is on the curve; all of the curve is the group.
pub(crate) fn g1_from_plain(plain: &G1) -> Option<G1Affine> {
    if *plain == G1::INFINITY {
        return Some(G1Affine::identity());
    }
    let point = G1Affine::new_unchecked(plain.x, plain.y);
    point.is_on_curve().then_some(point)
}

/// The point, if it is on the curve and in the group of prime order.
pub(crate) fn g2_from_plain(plain: &G2) -> Option<G2Affine> {
    if *plain == G2::INFINITY {
        return Some(G2Affine::identity());
    }
    let pair = |[real, imaginary]: [Fq; 2]| Fq2::new(real, imaginary);
    let point = G2Affine::new_unchecked(pair(plain.x), pair(plain.y));
    (point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve()).then_some(point)
}

/// A proof's coordinates.
pub(crate) fn proof_to_plain(proof: &ark_groth16::Proof<Bn254>) -> Proof {
    Proof {
        a: g1_to_plain(&proof.a),
        b: g2_to_plain(&proof.b),
        c: g1_to_plain(&proof.c),
    }
}

/// The verifying key in a zkey.
pub(crate) fn verifying_key_of(header: &ZKeyHeader, ic: &[G1Affine]) -> VerifyingKey {
    VerifyingKey {
        alpha1: g1_to_plain(&header.alpha1),
        beta2: g2_to_plain(&header.beta2),
        gamma2: g2_to_plain(&header.gamma2),
        delta2: g2_to_plain(&header.delta2),
        ic: ic.iter().map(g1_to_plain).collect(),
    }
}

/// The bytes that identify a proving key: its verifying key. δ and the IC points come from the
/// secrets of one set-up of one circuit.
pub(crate) fn key_bytes(key: &VerifyingKey) -> Vec<u8> {
    let solidity = key.to_solidity();
    let fixed = [solidity.beta2, solidity.gamma2, solidity.delta2];
    let words = solidity
        .alpha1
        .iter()
        .chain(fixed.iter().flatten().flatten())
        .chain(solidity.ic.iter().flatten());
    words.flatten().copied().collect()
}
