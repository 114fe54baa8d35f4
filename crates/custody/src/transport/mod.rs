//! The RSA key that clients encrypt to, as the existing service has it: RSA-4096, PKCS#1 PEM, OAEP with SHA-1.
//!
//! It protects a field on its way here, nothing at rest. RSA in software leaks time: decryption is blinded, what does
//! not open is refused with one answer, and the padding is never guessed.
//!
//! - `key`      the key, its files, and decrypting
//! - `chance`   randomness that cannot fail half-way

mod chance;
mod key;

pub use key::TransportKey;
