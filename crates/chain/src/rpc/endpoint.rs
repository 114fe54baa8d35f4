use std::fmt;
use std::str::FromStr;

use reqwest::Url;

/// The address of a JSON-RPC server. Paths, queries and user names often carry an API key, so
/// neither `Display` nor `Debug` shows more than scheme, host and port.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

/// A text that is not the address of a JSON-RPC server. The text itself is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not a URL at all.
    #[error("the RPC endpoint is not a URL ({reason}); expected http://host:port or https://host/path")]
    NotAUrl {
        /// The parser's reason.
        reason: String,
    },
    /// A scheme other than http and https.
    #[error("the RPC endpoint's scheme is `{scheme}`; only http and https are supported")]
    Scheme {
        /// What it was.
        scheme: String,
    },
}

impl Endpoint {
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// Whether it is on this machine, where looking often costs nothing.
    pub fn is_local(&self) -> bool {
        matches!(self.0.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(text).map_err(|error| EndpointError::NotAUrl {
            reason: error.to_string(),
        })?;
        match url.scheme() {
            "http" | "https" => Ok(Self(url)),
            other => Err(EndpointError::Scheme {
                scheme: other.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.scheme(), self.0.host_str().unwrap_or("?"))?;
        if let Some(port) = self.0.port() {
            write!(f, ":{port}")?;
        }
        let bare = matches!(self.0.path(), "" | "/") && self.0.query().is_none();
        if bare { Ok(()) } else { f.write_str("/…") }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}
