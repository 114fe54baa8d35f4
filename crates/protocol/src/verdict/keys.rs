use maci_crypto::curve::Point;
use maci_crypto::eddsa::{self, Signature};
use maci_crypto::keys::SecretScalar;
use maci_crypto::{Fr, ecdh};

use super::NoWitness;
use crate::circuit::Profile;

/// The key under which the circuit opens a message.
///
/// # Errors
/// Under a foreign profile, encryption keys for which its multiplication has no witness.
pub fn shared_key(
    profile: Profile,
    coordinator: &SecretScalar,
    encryption_public_key: &Point,
) -> Result<Point, NoWitness> {
    ecdh::circuit_shared_key(profile.into(), coordinator, encryption_public_key).map_err(|_| {
        if encryption_public_key.is_on_curve() {
            NoWitness::EncryptionKeyOrder
        } else {
            NoWitness::EncryptionKeyOffCurve
        }
    })
}

/// Whether a signature of a command hash counts under the key in a state leaf.
///
/// # Errors
/// Under a foreign profile, state keys and signatures that its formulas cannot evaluate.
pub fn signature_counts(
    profile: Profile,
    state_key: &Point,
    command_hash: Fr,
    signature: &Signature,
) -> Result<bool, NoWitness> {
    eddsa::circuit_verdict(profile.into(), state_key, command_hash, signature).map_err(|_| {
        if state_key.is_on_curve() {
            NoWitness::SignaturePoint
        } else {
            NoWitness::StateKey
        }
    })
}
