//! Single field elements as four 64-bit limbs.
//!
//! - `modulus`  the two primes of BN254 and powers of two modulo them
//! - `limbs`    Montgomery products, sums and differences
//! - `inverse`  the modular inverse
//! - `products` sums of products with one reduction at the end

pub(crate) mod inverse;
pub(crate) mod limbs;
pub(crate) mod modulus;
pub(crate) mod products;

/// Four 64-bit limbs, least significant first.
pub(crate) type Limbs = [u64; 4];
