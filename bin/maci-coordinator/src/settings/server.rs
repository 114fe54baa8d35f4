use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;

use maci_api::limits::{AllowedOrigins, Network};
use serde::{Deserialize, Deserializer, de};

use super::units::parsed_list;
use super::{Bytes, Rate, Secret, Span};

/// `[server]`: where the service listens, and what clients may take.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerSettings {
    /// Address that is listened on.
    pub host: IpAddr,
    /// Port that is listened on; 0 takes a free one.
    pub port: u16,
    /// Origins whose pages may call the service, such as `https://vote.example.org`.
    #[serde(deserialize_with = "origins")]
    pub allowed_origins: AllowedOrigins,
    /// Proxies whose word about a client's address is believed: addresses, or networks such as `10.0.0.0/8`.
    #[serde(deserialize_with = "parsed_list")]
    pub trusted_proxies: Vec<Network>,
    /// How long a stop may take until everything is put aside.
    pub stop_within: Span,
    /// How connections are encrypted; not at all if absent.
    pub tls: Option<TlsSettings>,
    pub limits: LimitSettings,
    pub rates: RateSettings,
}

/// `[server.tls]`: certificates from files, or from an ACME authority.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "from", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum TlsSettings {
    /// PEM files; changed ones are taken over.
    Files {
        /// The chain, the server's own certificate first.
        certificates: PathBuf,
        /// Its private key.
        key: PathBuf,
        /// Time between two looks at the files.
        #[serde(default = "a_minute")]
        look_every: Span,
    },
    /// Asked for and renewed by the service.
    Acme {
        /// Names the certificate is for.
        domains: Vec<String>,
        /// Mail addresses the authority writes to.
        #[serde(default)]
        contacts: Vec<String>,
        /// The authority's directory; else Let's Encrypt's.
        #[serde(default)]
        directory: Option<String>,
        /// PEM file the authority's own HTTPS is checked against; else the web's usual roots.
        #[serde(default)]
        authority_root: Option<PathBuf>,
    },
}

fn origins<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AllowedOrigins, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.join(",").parse().map_err(de::Error::custom)
}

fn a_minute() -> Span {
    Span::seconds(60)
}

/// `[server.limits]`: what one client may take.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LimitSettings {
    /// Connections at a time.
    pub connections: usize,
    /// Time for a handshake and for a request's headers; also how long a connection may idle between requests.
    pub header: Span,
    /// Time for a request's body.
    pub body: Span,
    /// Time an answer may be left unread.
    pub unread: Span,
    /// Largest body of a request.
    pub body_size: Bytes,
    /// Concurrent requests on one HTTP/2 connection.
    pub streams: u32,
}

/// `[server.rates]`: how often one caller may call; all of a rate's requests may come at once, then they come back
/// evenly.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RateSettings {
    /// Logging in.
    pub logins: Rate,
    /// Credentials that prove nothing.
    pub attempts: Rate,
    /// What changes state or costs money.
    pub acting: Rate,
    /// Everything else.
    pub reading: Rate,
    /// The TypeScript service's `LIMIT`: requests of acting and of reading, in place of theirs.
    pub requests: Option<NonZeroU32>,
    /// The TypeScript service's `TTL`: the time for those.
    pub window: Option<Span>,
}

/// `[metrics]`: who may read figures at `/metrics`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MetricsSettings {
    /// Whether anybody may.
    pub public: bool,
    /// A bearer token that lets Prometheus in; without one, programs on this machine may look.
    pub token: Option<Secret>,
}

/// `[log]`: what is logged and how. Logs go to the standard error.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LogSettings {
    pub format: LogFormat,
    /// Levels, as `info` or `info,maci_chain=debug`; commands take `warn` and the service `info` if absent.
    pub filter: Option<String>,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            host: Ipv4Addr::UNSPECIFIED.into(),
            port: 3_000,
            allowed_origins: AllowedOrigins::default(),
            trusted_proxies: Vec::new(),
            stop_within: Span::seconds(20),
            tls: None,
            limits: LimitSettings::default(),
            rates: RateSettings::default(),
        }
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            connections: 1_024,
            header: Span::seconds(15),
            body: Span::seconds(30),
            unread: Span::seconds(30),
            body_size: Bytes::mebibytes(1),
            streams: 64,
        }
    }
}

impl Default for RateSettings {
    fn default() -> Self {
        Self {
            logins: Rate::a_minute(30),
            attempts: Rate::a_minute(60),
            acting: Rate::a_minute(300),
            reading: Rate::a_minute(6_000),
            requests: None,
            window: None,
        }
    }
}

impl ServerSettings {
    /// Where to listen.
    pub(crate) fn listen(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }
}
