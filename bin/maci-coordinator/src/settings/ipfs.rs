use maci_coordinator_core::ipfs::HttpUrl;
use serde::Deserialize;

use super::units::{parsed, parsed_list};
use super::{Bytes, Secret, Span};

/// `[ipfs]`: where content is read from beside here, and who keeps it too.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct IpfsSettings {
    /// Trustless gateways, the preferred one first.
    #[serde(deserialize_with = "parsed_list")]
    pub gateways: Vec<HttpUrl>,
    /// Time one source has for a block.
    pub patience: Span,
    /// Time without an answer after which the next one is asked as well.
    pub impatience: Span,
    /// Largest block that is read.
    pub largest_block: Bytes,
    /// Largest file that is read.
    pub largest_file: Bytes,
    /// Those who pin what is published.
    pub pins: Vec<PinSettings>,
    /// A node of our own; none if not given.
    pub bitswap: Option<BitswapSettings>,
}

/// `[ipfs.bitswap]`: a node of our own that others fetch from over Bitswap. Its addresses are read when it is started:
/// a binary that was built without it knows none.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct BitswapSettings {
    /// Where it listens, as multiaddresses.
    pub listen: Vec<String>,
    /// Where others reach it, if that is somewhere else.
    pub announce: Vec<String>,
    /// Those who are asked for what is missing, as multiaddresses with who they are.
    pub peers: Vec<String>,
    /// The most connections that others may open.
    pub connections: u32,
}

/// `[[ipfs.pins]]`: somebody who pins what is published.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum PinSettings {
    /// A Kubo node, by its RPC.
    Kubo {
        /// What it is called here.
        name: String,
        /// Where its RPC is.
        #[serde(deserialize_with = "parsed")]
        rpc: HttpUrl,
        /// The bearer token, if it wants one.
        token: Option<Secret>,
    },
    /// A service that speaks the pinning service API.
    PinningService {
        /// What it is called here.
        name: String,
        /// Where its API is.
        #[serde(deserialize_with = "parsed")]
        api: HttpUrl,
        /// The access token.
        token: Secret,
        /// Multiaddresses of nodes it may fetch from.
        #[serde(default)]
        origins: Vec<String>,
    },
}

impl Default for IpfsSettings {
    fn default() -> Self {
        Self {
            gateways: Vec::new(),
            patience: Span::seconds(30),
            impatience: Span::seconds(3),
            largest_block: Bytes::mebibytes(2),
            largest_file: Bytes::mebibytes(64),
            pins: Vec::new(),
            bitswap: None,
        }
    }
}

impl Default for BitswapSettings {
    fn default() -> Self {
        Self {
            listen: vec!["/ip4/0.0.0.0/tcp/4001".to_owned()],
            announce: Vec::new(),
            peers: Vec::new(),
            connections: 64,
        }
    }
}
