use std::fmt;

use alloy::primitives::B256;
use maci_store::TokenDigest;
use zeroize::Zeroizing;

use super::AccessError;

/// What a token starts with, so that people, and scanners for leaked secrets, know one.
const PREFIX: &str = "maci_";

/// What somebody holds who is logged in: shown once, kept by them alone. The store has only its digest.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// A new one, of 256 random bits.
    pub(super) fn new() -> Result<Self, AccessError> {
        let chance = random()?;
        let digits = Zeroizing::new(hex::encode(chance));
        Ok(Self(Zeroizing::new([PREFIX, &digits].concat())))
    }

    /// The token's text, for the one answer that shows it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        TokenDigest::of(self.0.as_bytes())
    }

    /// The digest of a text that a caller presents, if it has the form of a token.
    #[must_use]
    pub fn presented(text: &str) -> Option<TokenDigest> {
        text.starts_with(PREFIX).then(|| TokenDigest::of(text.as_bytes()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(redacted)")
    }
}

/// Random bytes of the system.
pub(super) fn random() -> Result<B256, AccessError> {
    B256::try_random().map_err(|error| AccessError::Entropy {
        reason: error.to_string(),
    })
}
