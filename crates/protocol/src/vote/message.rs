use maci_crypto::constants::{MESSAGE_LENGTH, NUMS, PAD_KEY};
use maci_crypto::curve::Point;
use maci_crypto::{Fr, poseidon};

/// A message as the chain or a relayed batch carries it: ciphertext and the key to open it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The ciphertext; any ten field elements may stand here.
    pub data: [Fr; MESSAGE_LENGTH],
    /// The sender's one-time key, *encryption public key* in the protocol. Published ones are on
    /// the curve, relayed ones need not be.
    pub encryption_public_key: Point,
}

impl Message {
    /// The message every poll starts with; the contract publishes it when it is deployed.
    pub fn placeholder() -> Self {
        let mut data = [Fr::default(); MESSAGE_LENGTH];
        if let Some(first) = data.first_mut() {
            *first = NUMS;
        }
        Self {
            data,
            encryption_public_key: PAD_KEY,
        }
    }

    /// The hash that enters the poll's chain: over the ciphertext and the key.
    pub fn hash(&self) -> Fr {
        let mut elements = [Fr::default(); MESSAGE_LENGTH + 2];
        let key = [self.encryption_public_key.x, self.encryption_public_key.y];
        for (place, element) in elements.iter_mut().zip(self.data.iter().chain(&key)) {
            *place = *element;
        }
        poseidon::hash12(&elements)
    }
}
