//! Who may come in, and the record of who did what.
//!
//! It is *not* an interface: it reads no header and gives no answer. It says who signed something, remembers which
//! logins are open and which numbers were used once, opens what was encrypted to this service, and writes down what
//! people did.
//!
//! Start reading at [`Access`].
//!
//! - `signature`   an Ethereum account's signature, and whose it is
//! - `request`     what a machine signs to make one call
//! - `nonce`       numbers that this service gave out for a login
//! - `token`       what somebody holds who is logged in
//! - `transport`   the RSA key that clients encrypt to
//! - `logins`      logins that are open, and numbers that were used: both outlive a restart
//! - `audit`       the record
//! - `error`       what can fail

mod audit;
mod error;
mod logins;
mod nonce;
mod request;
mod signature;
mod token;
mod transport;

use std::sync::Arc;

use maci_store::Store;

use crate::clock::Clock;

pub use audit::Deed;
pub use error::AccessError;
pub use logins::Login;
pub use maci_store::{AuditChain, AuditRow, TokenDigest};
pub use nonce::{LoginNonces, NonceRefused};
pub use request::SignedRequest;
pub use signature::{AccountSignature, BadSignature, message_digest};
pub use token::Token;
pub use transport::{Transport, TransportSource};

/// Logins, numbers used once, the transport key and the audit log of one service. Clones share them.
#[derive(Debug, Clone)]
pub struct Access {
    store: Store,
    clock: Arc<dyn Clock>,
    transport: Transport,
}

impl Access {
    /// The access to what a store remembers.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, transport: Transport) -> Self {
        Self {
            store,
            clock,
            transport,
        }
    }

    /// The clock that logins are measured by.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The key that clients encrypt to.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }
}
