use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use super::Neighbour;

/// Where content is read from beside here, and who keeps it too.
#[derive(Debug, Clone, Default)]
pub struct IpfsSettings {
    /// Trustless gateways, the preferred one first; their paths may end with `/ipfs` or not.
    pub gateways: Vec<HttpUrl>,
    /// Those who pin what is published.
    pub targets: Vec<TargetSettings>,
    /// Those who are asked for blocks by other means than HTTP, after everybody else.
    pub neighbours: Vec<Arc<dyn Neighbour>>,
    /// Multiaddresses at which others fetch from here over Bitswap; none if this service has no node of its own.
    pub addresses: Vec<String>,
    /// How much is waited for.
    pub limits: FetchLimits,
}

/// Somebody who pins what is published.
#[derive(Debug, Clone)]
pub struct TargetSettings {
    /// Its name, in answers and logs and in the store; never changed once used.
    pub name: String,
    /// How it is asked.
    pub kind: TargetKind,
}

/// How somebody is asked to pin.
#[derive(Clone)]
pub enum TargetKind {
    /// The RPC of a Kubo node: it gets every block from us. Also read from.
    Kubo {
        /// Its address, such as `http://127.0.0.1:5001`.
        rpc: HttpUrl,
        /// The bearer token, if it wants one.
        token: Option<SecretString>,
    },
    /// The pinning service API: it is told the root and fetches the blocks itself.
    PinningService {
        /// Its address, such as `https://api.pins.example/psa`.
        api: HttpUrl,
        /// The access token.
        token: SecretString,
        /// Where it may fetch from: multiaddresses of nodes that have the blocks.
        origins: Vec<String>,
    },
}

/// How much of a gateway or node is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// For one block, from one source.
    pub patience: Duration,
    /// After this long without an answer the next source is asked as well.
    pub impatience: Duration,
    /// The largest block, in bytes.
    pub largest_block: usize,
    /// The largest file, in bytes.
    pub largest_file: usize,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(30),
            impatience: Duration::from_secs(3),
            largest_block: 2 << 20,
            largest_file: 64 << 20,
        }
    }
}

impl fmt::Debug for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kubo { rpc, .. } => write!(f, "Kubo({})", rpc),
            Self::PinningService { api, .. } => write!(f, "PinningService({})", api),
        }
    }
}

/// Where something is reached over HTTP. It is shown by its host and port alone: the rest may hold keys.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpUrl(Url);

/// A text that is no such place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{shown}` is no address; write one that begins with https:// or http://")]
pub struct BadHttpUrl {
    /// What was given, up to where keys may begin.
    pub shown: String,
}

impl HttpUrl {
    pub(super) fn url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for HttpUrl {
    type Err = BadHttpUrl;

    fn from_str(text: &str) -> Result<Self, BadHttpUrl> {
        let refuse = || BadHttpUrl {
            shown: text.chars().take(16).collect(),
        };
        let url: Url = text.trim().parse().map_err(|_| refuse())?;
        let usable = matches!(url.scheme(), "http" | "https") && url.has_host();
        usable.then_some(Self(url)).ok_or_else(refuse)
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.0.host_str().unwrap_or("nowhere");
        match self.0.port() {
            Some(port) => write!(f, "{host}:{port}"),
            None => f.write_str(host),
        }
    }
}

impl fmt::Debug for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_a_key() {
        let url: HttpUrl = "https://me:secret@gateway.example:8443/secret?key=secret"
            .parse()
            .unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "gateway.example:8443 HttpUrl(gateway.example:8443)"
        );
        for bad in ["", "gateway.example", "ftp://gateway.example", "unix:/run/x"] {
            assert!(bad.parse::<HttpUrl>().is_err(), "{bad}");
        }
    }
}
