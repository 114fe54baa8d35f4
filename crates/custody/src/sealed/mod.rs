//! A secret at rest: sealed with XChaCha20-Poly1305 under a key that Argon2id derives from a
//! passphrase.
//!
//! - `cost`    what a guess at the passphrase costs, and the most a file may ask for
//! - `format`  the file: JSON in exactly one spelling, with a checksum
//! - `seal`    sealing and opening
//!
//! The checksum tells a damaged file from a wrong passphrase before the passphrase is tried. It
//! protects from accidents; from tampering the seal protects, which binds every field.

mod cost;
mod format;
mod seal;

pub use cost::Cost;
pub(crate) use format::SealedFile;
pub(crate) use seal::{Subject, open, open_any, seal};

#[cfg(test)]
mod tests;
