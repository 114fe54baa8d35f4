use maci_crypto::keys::PrivateKey;

/// Private keys printed in public places, where people copy them from: whoever knows one reads
/// every vote sent to it.
const PUBLISHED: [&str; 8] = [
    // the coordinator service's example settings
    "macisk.5e203463e80f38f11fecbfeca93cbd78ec40b7d82ccf1ba6068fbc23b99f57b1",
    // tutorials and public test scripts of MACI rounds
    "macisk.1751146b59d32e3c0d7426de411218caf89c93dd998b8cf50de0bf759a8928e4",
    "macisk.d89fa235336cdd4dc12e010071a05e558ff2a7a2fa762a1892478a22cab6fa55",
    "macisk.9db138fd3d7cb1c3dffef45d29c5cbc7dee307ca5daf5ccd9121bfffa8c79d2e",
    "macisk.48674bb3cff1761affd1d5b25edfe2cd58963561010c0b1a1f52c4bd16315b5c",
    "macisk.232d0cc27d0ebb93aa81cad1ca38198559c692d40e17b7620e17a36c0ec780c0",
    "macisk.2c4b2cf6277e3dd8c94ac7acd73b7393646f1e922468aa9d03837e055b5741b1",
    "macisk.2c512a29f5ac0d8f6d706c83c4e6350835157fa9a1e73a3f095a4d12f3fd3df3",
];

/// Whether everybody knows the key, or could guess it.
pub(super) fn is_published(key: &PrivateKey) -> bool {
    is_guessable(key.expose_seed()) || PUBLISHED.contains(&key.serialize().as_str())
}

/// Whether a seed is a small number, as in examples and tests.
fn is_guessable(seed: &[u8; 32]) -> bool {
    seed.iter().take(24).all(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_key_is_one_and_is_known() {
        for text in PUBLISHED {
            assert!(is_published(&PrivateKey::parse(text).unwrap()), "{text}");
        }
    }

    #[test]
    fn a_small_number_is_no_secret() {
        let mut seed = [0; 32];
        seed[24..].fill(0xff);
        assert!(is_published(&PrivateKey::from_seed(seed)));
        seed[23] = 1;
        assert!(!is_published(&PrivateKey::from_seed(seed)));
    }
}
