//! Claims of Google's service accounts, signed with their RSA key. The library that writes them leaves the signing to
//! whoever is installed, and dies if nobody is.

use jsonwebtoken::crypto::{CryptoProvider, JwkUtils, JwtSigner};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, EncodingKey};
use rsa::RsaPrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{self, SignatureEncoding, Signer};
use sha2::Sha256;

/// Signs with RSA and SHA-256, and nothing else: no other claim is made or read here.
static RS256: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::RS256 => Rs256::of(key),
        _ => Err(Error::from(ErrorKind::InvalidAlgorithm)),
    },
    verifier_factory: |_, _| Err(Error::from(ErrorKind::InvalidAlgorithm)),
    jwk_utils: JwkUtils::new_unimplemented(),
};

/// Makes claims possible in this process.
pub(super) fn install() {
    // it was installed before, by us or by whoever embeds us
    let _ = RS256.install_default();
}

struct Rs256(SigningKey<Sha256>);

impl Rs256 {
    fn of(key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
        let key = RsaPrivateKey::from_pkcs1_der(key.inner());
        let key = key.map_err(|_| Error::from(ErrorKind::InvalidRsaKey("it cannot be read".to_owned())))?;
        Ok(Box::new(Self(SigningKey::new(key))))
    }
}

impl Signer<Vec<u8>> for Rs256 {
    fn try_sign(&self, claim: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.try_sign(claim)?.to_vec())
    }
}

impl JwtSigner for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}
