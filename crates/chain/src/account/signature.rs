use alloy::primitives::{Address, Bytes, hex};
use alloy::sol_types::SolValue;

use super::approval::Consent;
use super::enable::selector_data;
use super::nonce::Mode;
use super::permission::Permission;

/// Says that the session key's signature follows, and that no policy brings one of its own.
const SIGNER: u8 = 0xff;

/// What a signature of a secp256k1 key looks like, for estimates.
const DUMMY: [u8; 65] = hex!(
    "fffffffffffffffffffffffffffffff0000000000000000000000000000000007aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1c"
);

/// The signature of an operation: the session key's own, and in enable mode what installs the permission.
pub(super) fn whole(mode: Mode, permission: &Permission, consent: &Consent, own: &[u8; 65]) -> Bytes {
    let inner: Bytes = [&[SIGNER][..], own].concat().into();
    let enable_signature: Bytes = match (mode, consent) {
        (Mode::Use, _) | (Mode::Enable, Consent::Installed) => return inner,
        (Mode::Enable, Consent::Signed(signature)) => signature.as_bytes().into(),
    };
    let installing = (
        permission.enable_data(),
        Bytes::new(),
        selector_data(),
        enable_signature,
        inner,
    );
    [&Address::ZERO[..], &installing.abi_encode_params()].concat().into()
}

/// A signature of the same shape that is nobody's, to estimate gas with.
pub(super) fn dummy(mode: Mode, permission: &Permission, consent: &Consent) -> Bytes {
    whole(mode, permission, consent, &DUMMY)
}
