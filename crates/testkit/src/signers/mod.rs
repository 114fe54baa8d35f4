//! Stand-ins for services that keep keys: each checks of a request what the real one checks, and signs with a key of its
//! own.
//!
//! - `key`      the key behind a stand-in
//! - `http`     the HTTP side
//! - `amazon`   AWS KMS: signed requests, digests signed as they are, signatures in DER with any `s`
//! - `google`   Google Cloud KMS: gRPC, and the token it takes
//! - `remote`   a signer asked by `eth_signTransaction`, which can be told to cheat
mod amazon;
mod google;
mod http;
mod key;
mod remote;

pub use amazon::AwsKmsDouble;
pub use google::GcpKmsDouble;
pub use remote::{Cheat, RemoteSignerDouble};
