use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use maci_crypto::constants::PAD_KEY;
use maci_crypto::curve::Point;
use maci_crypto::field::{fr_from_hex, fr_to_hex};
use maci_crypto::keys::PublicKey;
use maci_crypto::{Fr, poseidon};

/// A voter in a poll: the key that may change its vote, and the credits it has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateLeaf {
    /// The key; a vote may set any pair here, on the curve or not.
    pub public_key: Point,
    /// Voice credits not spent; any field element, as the credit source decides.
    pub voice_credit_balance: Fr,
}

/// A text that is not a serialised state leaf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a serialised state leaf is the base64url of [\"macipk…\", \"credits in hex\"]: {detail}")]
pub struct StateLeafError {
    /// What is wrong.
    pub detail: String,
}

impl StateLeaf {
    /// The leaf at index 0, which nobody can address.
    pub const BLANK: Self = Self {
        public_key: PAD_KEY,
        voice_credit_balance: ark_ff::MontFp!("0"),
    };

    /// The leaf's hash in the state tree.
    pub fn hash(&self) -> Fr {
        let Self {
            public_key: Point { x, y },
            voice_credit_balance,
        } = *self;
        poseidon::hash3(x, y, voice_credit_balance)
    }

    /// The three elements the circuits take: key and balance.
    pub fn elements(&self) -> [Fr; 3] {
        let Point { x, y } = self.public_key;
        [x, y, self.voice_credit_balance]
    }

    /// Upstream's text form; only leaves with a key on the curve have one.
    pub fn serialize(&self) -> Result<String, StateLeafError> {
        let key = PublicKey::new(self.public_key).map_err(|e| StateLeafError { detail: e.to_string() })?;
        let balance = fr_to_hex(&self.voice_credit_balance);
        let pair = [key.serialize(), balance.trim_start_matches("0x").to_owned()];
        let json = serde_json::to_vec(&pair).map_err(|e| StateLeafError { detail: e.to_string() })?;
        Ok(URL_SAFE_NO_PAD.encode(json))
    }

    /// Reads what [`Self::serialize`] writes, with or without base64's padding.
    pub fn parse(text: &str) -> Result<Self, StateLeafError> {
        fn wrong(detail: impl ToString) -> StateLeafError {
            StateLeafError {
                detail: detail.to_string(),
            }
        }
        let engine = if text.ends_with('=') {
            &URL_SAFE
        } else {
            &URL_SAFE_NO_PAD
        };
        let json = engine.decode(text).map_err(wrong)?;
        let [key, balance]: [String; 2] = serde_json::from_slice(&json).map_err(wrong)?;
        Ok(Self {
            public_key: PublicKey::parse(&key).map_err(wrong)?.point(),
            voice_credit_balance: fr_from_hex(&balance).map_err(wrong)?,
        })
    }
}
