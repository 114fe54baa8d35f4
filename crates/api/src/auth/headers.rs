//! The headers of a signed request.
//!
//! ```text
//! X-Maci-Address:   0x…            the account that signs
//! X-Maci-Nonce:     8 to 64 letters and digits, never used before by this account
//! X-Maci-Expires:   Unix seconds, at most five minutes ahead
//! X-Maci-Signature: 0x… (65 bytes) over the EIP-712 struct
//!   Request(string service,string method,string path,bytes32 body,string nonce,uint64 expires)
//!   in the domain { name: "MACI Coordinator", version: "1" }
//! ```
//!
//! `service` is the name that `GET /v1/auth/nonce` tells, `path` is the path with its query as sent, `body` the
//! Keccak-256 of the body's bytes.

/// The account that signs.
pub const ADDRESS: &str = "x-maci-address";
/// A number the account never used before.
pub const NONCE: &str = "x-maci-nonce";
/// When the request ends to be valid, in Unix seconds.
pub const EXPIRES: &str = "x-maci-expires";
/// The signature.
pub const SIGNATURE: &str = "x-maci-signature";

/// All of them.
pub const ALL: [&str; 4] = [ADDRESS, NONCE, EXPIRES, SIGNATURE];
