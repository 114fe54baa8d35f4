use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Where to listen, and for how much.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether and how connections are encrypted.
    pub tls: Tls,
    /// What clients may take.
    pub limits: Limits,
}

/// Whether and how connections are encrypted.
#[derive(Debug, Clone)]
pub enum Tls {
    /// They are not: something in front of the service does it, or nobody else is on the wire.
    Off,
    /// With certificates from files.
    Files(CertificateFiles),
    /// With certificates from an ACME authority, asked for and renewed by the service itself.
    Acme(AcmeSettings),
}

/// Certificates in files, in PEM.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    /// The chain, the server's own certificate first.
    pub certificates: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Time between two looks at the files; changed ones are taken over.
    pub look_every: Duration,
}

/// Certificates from an ACME authority, by the TLS-ALPN-01 challenge on the port that is listened on.
#[derive(Debug, Clone)]
pub struct AcmeSettings {
    /// Names the certificate is for. The authority reaches each of them on port 443.
    pub domains: Vec<String>,
    /// Addresses the authority writes to, such as `admin@example.org`.
    pub contacts: Vec<String>,
    /// The authority's directory; none takes Let's Encrypt's.
    pub directory: Option<String>,
    /// Certificate in PEM that the authority's own HTTPS is checked against; none takes the web's usual roots.
    pub authority_root: Option<PathBuf>,
    /// Folder for the account and the certificates; readable by its owner alone.
    pub folder: PathBuf,
}

/// What clients may take. A limit that is reached ends a connection, never the service.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at a time; further ones are closed at once.
    pub connections: usize,
    /// Time for a connection's first bytes, its TLS handshake and each request's headers; also how long a connection may
    /// idle between two requests.
    pub header: Duration,
    /// Time for a request's whole body.
    pub body: Duration,
    /// Time a client may leave an answer unread before its connection is closed.
    pub unread: Duration,
    /// Concurrent requests on one HTTP/2 connection.
    pub streams: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            header: Duration::from_secs(15),
            body: Duration::from_secs(30),
            unread: Duration::from_secs(30),
            streams: 64,
        }
    }
}
