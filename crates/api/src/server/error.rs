use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What keeps the server from listening.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address cannot be had.
    #[error("cannot listen on {address}: {source}; is another program using the port?")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A certificate file cannot be used.
    #[error("cannot use the certificate file {}: {reason}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// Why, without anything that is in it.
        reason: String,
    },
    /// The ACME authority cannot be asked as the settings say.
    #[error("ACME certificates: {reason}")]
    Acme {
        /// Why.
        reason: String,
    },
    /// Listening ended.
    #[error("the listener on {address} broke: {source}")]
    Serve {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
}
