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

/// Whether a message with this encryption key can count at all.
///
/// Hardened circuits refuse, whatever the message says, what the foreign ones have no witness for:
/// keys of order 4 and 8, and with them all keys off the curve.
pub fn encryption_key_counts(profile: Profile, encryption_public_key: &Point) -> bool {
    let zero = Fr::from(0u64);
    match profile {
        Profile::September | Profile::Release => true,
        Profile::Hardened => {
            encryption_public_key.is_on_curve()
                && (encryption_public_key.x == zero || encryption_public_key.mul_by_cofactor().x != zero)
        }
    }
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
