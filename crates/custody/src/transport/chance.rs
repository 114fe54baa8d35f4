use rsa::rand_core::{self, CryptoRng, RngCore};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::entropy::random;
use crate::error::CustodyError;

/// Randomness for as long as it is needed from one draw of the system's, which alone can fail: SHA-256 of a secret and
/// a counter.
pub(super) struct Chance {
    secret: Zeroizing<[u8; 32]>,
    drawn: u64,
}

impl Chance {
    pub(super) fn new() -> Result<Self, CustodyError> {
        Ok(Self {
            secret: random()?,
            drawn: 0,
        })
    }

    fn block(&mut self) -> Zeroizing<[u8; 32]> {
        let hash = Sha256::new()
            .chain_update(&self.secret[..])
            .chain_update(self.drawn.to_be_bytes());
        self.drawn += 1;
        Zeroizing::new(hash.finalize().into())
    }
}

impl RngCore for Chance {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = self.block();
            chunk.iter_mut().zip(block.iter()).for_each(|(to, from)| *to = *from);
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Chance {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_block_comes_twice() {
        let mut chance = Chance::new().unwrap();
        let mut bytes = [0; 200];
        chance.fill_bytes(&mut bytes);
        let blocks: std::collections::HashSet<_> = bytes.chunks_exact(32).collect();
        assert_eq!(blocks.len(), 6);
        assert_ne!(chance.next_u64(), chance.next_u64());
        assert_ne!(Chance::new().unwrap().next_u64(), Chance::new().unwrap().next_u64());
    }
}
