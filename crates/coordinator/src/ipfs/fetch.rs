use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use cid::Cid;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{FuturesUnordered, StreamExt};
use reqwest::{Client, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};

use super::Neighbour;
use super::block::{Block, NotTheBlock, inline};
use super::reading::{BlockSource, ReadError};
use super::settings::{FetchLimits, IpfsSettings, TargetKind};

/// For how long a source that gave other bytes than it was asked for is not asked again.
const DISTRUSTED: Duration = Duration::from_secs(60 * 60);

/// Blocks from gateways and nodes. Whoever gives them, they are hashed before they are believed. Clones are the same.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sources: Vec<Source>,
    limits: FetchLimits,
    client: OnceLock<Client>,
}

/// Somebody who may have blocks.
struct Source {
    name: String,
    way: Way,
    lied: Mutex<Option<Instant>>,
}

enum Way {
    /// `GET {base}/{cid}?format=raw`.
    Gateway(Url),
    /// `POST {rpc}/api/v0/block/get?arg={cid}`.
    Kubo { rpc: Url, token: Option<SecretString> },
    /// As it knows how.
    Neighbour(Arc<dyn Neighbour>),
}

/// Nobody gave the block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cid} could not be had: {}", told(tried))]
pub struct FetchError {
    /// The block.
    pub cid: Cid,
    /// Everybody who was asked, in order.
    pub tried: Vec<Tried>,
}

/// Somebody who was asked in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Host and port of the gateway or node.
    pub source: String,
    /// What came of it.
    pub miss: Miss,
}

/// Why a block was not had from somebody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Miss {
    /// It does not have it.
    #[error("it does not have it")]
    NotThere,
    /// It gave something else.
    #[error("it gave other bytes than were asked for, and is not asked again for an hour")]
    Lied,
    /// It gave other bytes lately.
    #[error("it gave other bytes than were asked for lately")]
    Distrusted,
    /// The answer was larger than a block may be.
    #[error("its answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// It took too long.
    #[error("it did not answer within {seconds} seconds")]
    Late {
        /// What was waited.
        seconds: u64,
    },
    /// It could not be asked, or failed.
    #[error("{0}")]
    Failed(String),
    /// The identifier cannot be checked by anybody.
    #[error("its hash is of a kind that is not checked here")]
    Uncheckable,
}

fn told(tried: &[Tried]) -> String {
    if tried.is_empty() {
        return "no gateway, node or peer is configured to ask".to_owned();
    }
    let one = |tried: &Tried| format!("{}: {}", tried.source, tried.miss);
    tried.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl Fetcher {
    /// Reads from all gateways, nodes and neighbours of the settings, in this order.
    #[must_use]
    pub fn new(settings: &IpfsSettings) -> Self {
        let gateways = settings
            .gateways
            .iter()
            .map(|url| (url.to_string(), Way::Gateway(url.url().clone())));
        let nodes = settings.targets.iter().filter_map(|target| match &target.kind {
            TargetKind::Kubo { rpc, token } => {
                let (name, token) = (rpc.to_string(), token.clone());
                let rpc = rpc.url().clone();
                Some((name, Way::Kubo { rpc, token }))
            }
            TargetKind::PinningService { .. } => None,
        });
        let neighbours = settings
            .neighbours
            .iter()
            .map(|neighbour| (neighbour.name().to_owned(), Way::Neighbour(neighbour.clone())));
        let source = |(name, way)| Source {
            name,
            way,
            lied: Mutex::default(),
        };
        Self(Arc::new(Inner {
            sources: gateways.chain(nodes).chain(neighbours).map(source).collect(),
            limits: settings.limits,
            client: OnceLock::new(),
        }))
    }

    /// Whether there is anybody who shows what was published to everybody. Neighbours are asked for what they have, and
    /// need not have what is ours.
    #[must_use]
    pub fn has_witnesses(&self) -> bool {
        self.0.sources.iter().any(Source::is_witness)
    }

    /// How much is waited for.
    #[must_use]
    pub fn limits(&self) -> FetchLimits {
        self.0.limits
    }

    /// A block from whoever gives it first, with the name of who did. The next source is asked when one has failed, and
    /// beside it when one takes long.
    ///
    /// # Errors
    /// When nobody gave it; everybody who was asked is named.
    pub async fn fetch(&self, cid: &Cid) -> Result<(Bytes, String), FetchError> {
        self.fetch_from(self.0.sources.iter().collect(), cid).await
    }

    /// The same from those who show what was published to everybody.
    ///
    /// # Errors
    /// When none of them gave it.
    pub async fn witness(&self, cid: &Cid) -> Result<(Bytes, String), FetchError> {
        let witnesses = self.0.sources.iter().filter(|source| source.is_witness());
        self.fetch_from(witnesses.collect(), cid).await
    }

    async fn fetch_from(&self, sources: Vec<&Source>, cid: &Cid) -> Result<(Bytes, String), FetchError> {
        if let Some(bytes) = inline(cid) {
            return Ok((bytes, "its own identifier".to_owned()));
        }
        let mut tried = Vec::new();
        let mut waiting = sources.into_iter();
        let mut running = FuturesUnordered::new();
        running.extend(waiting.next().map(|source| self.from(source, cid)));
        while !running.is_empty() {
            let outcome = tokio::select! {
                outcome = running.next() => outcome,
                () = tokio::time::sleep(self.0.limits.impatience), if waiting.len() > 0 => None,
            };
            match outcome {
                Some((source, Ok(bytes))) => return Ok((bytes, source.name.clone())),
                Some((source, Err(miss))) => {
                    source.note(cid, &miss);
                    tried.push(Tried {
                        source: source.name.clone(),
                        miss,
                    });
                }
                None => {}
            }
            running.extend(waiting.next().map(|source| self.from(source, cid)));
        }
        Err(FetchError { cid: *cid, tried })
    }

    async fn from<'a>(&'a self, source: &'a Source, cid: &'a Cid) -> (&'a Source, Result<Bytes, Miss>) {
        if source.lied_lately() {
            return (source, Err(Miss::Distrusted));
        }
        let patience = self.0.limits.patience;
        let answer = tokio::time::timeout(patience, self.ask(source, cid)).await;
        let late = Miss::Late {
            seconds: patience.as_secs(),
        };
        (source, answer.unwrap_or(Err(late)))
    }

    async fn ask(&self, source: &Source, cid: &Cid) -> Result<Bytes, Miss> {
        let client = || self.client().map_err(Miss::Failed);
        let given = match &source.way {
            Way::Gateway(base) => {
                let request = client()?.get(gateway_url(base, cid));
                let accepted = request.header(reqwest::header::ACCEPT, "application/vnd.ipld.raw");
                self.download(accepted).await?
            }
            Way::Kubo { rpc, token } => {
                let url = kubo_url(rpc, "block/get", &[("arg", &cid.to_string())]);
                self.download(with_token(client()?.post(url), token.as_ref())).await?
            }
            Way::Neighbour(neighbour) => neighbour.ask(cid).await?,
        };
        match Block::checked(*cid, given) {
            Ok(block) => Ok(block.bytes().clone()),
            Err(NotTheBlock::OtherBytes { .. }) => Err(Miss::Lied),
            Err(NotTheBlock::OtherHash { .. }) => Err(Miss::Uncheckable),
        }
    }

    /// What a request is answered, cut off where it is larger than a block may be.
    async fn download(&self, request: reqwest::RequestBuilder) -> Result<Bytes, Miss> {
        let failed = |error: reqwest::Error| Miss::Failed(error.without_url().to_string());
        let mut response = request.send().await.map_err(failed)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Miss::NotThere),
            status => return Err(Miss::Failed(format!("it answered {status}"))),
        }
        let limit = self.0.limits.largest_block;
        let mut content = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if content.len().saturating_add(chunk.len()) > limit {
                return Err(Miss::TooLarge { limit });
            }
            content.extend_from_slice(&chunk);
        }
        Ok(content.freeze())
    }

    /// The client, made when it is first needed: it reads the system's certificates.
    pub(super) fn client(&self) -> Result<&Client, String> {
        if let Some(client) = self.0.client.get() {
            return Ok(client);
        }
        let client = Client::builder()
            .user_agent(concat!("maci-coordinator/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.0.limits.patience)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(self.0.client.get_or_init(|| client))
    }
}

impl BlockSource for Fetcher {
    fn block<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        async move { Ok(self.fetch(cid).await?.0) }.boxed()
    }
}

impl Source {
    fn is_witness(&self) -> bool {
        match self.way {
            Way::Gateway(_) | Way::Kubo { .. } => true,
            Way::Neighbour(_) => false,
        }
    }

    fn lied_lately(&self) -> bool {
        let lied = self.lied.lock().unwrap_or_else(PoisonError::into_inner);
        lied.is_some_and(|at| at.elapsed() < DISTRUSTED)
    }

    fn note(&self, cid: &Cid, miss: &Miss) {
        match miss {
            Miss::Lied => {
                *self.lied.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
                tracing::warn!(source = self.name, %cid, "{miss}");
            }
            Miss::NotThere | Miss::Distrusted | Miss::Uncheckable => {
                tracing::debug!(source = self.name, %cid, "{miss}");
            }
            Miss::TooLarge { .. } | Miss::Late { .. } | Miss::Failed(_) => {
                tracing::info!(source = self.name, %cid, "{miss}");
            }
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.name)
    }
}

/// Where a gateway has a block; its base may name `/ipfs` or not.
fn gateway_url(base: &Url, cid: &Cid) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty();
    }
    let names_ipfs = url.path_segments().and_then(|mut names| names.next_back()) == Some("ipfs");
    if let Ok(mut path) = url.path_segments_mut() {
        if !names_ipfs {
            path.push("ipfs");
        }
        path.push(&cid.to_string());
    }
    url.query_pairs_mut().append_pair("format", "raw");
    url
}

/// A command of a Kubo node's RPC.
pub(super) fn kubo_url(rpc: &Url, command: &str, arguments: &[(&str, &str)]) -> Url {
    let mut url = rpc.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["api", "v0"]).extend(command.split('/'));
    }
    url.query_pairs_mut().extend_pairs(arguments);
    url
}

pub(super) fn with_token(request: reqwest::RequestBuilder, token: Option<&SecretString>) -> reqwest::RequestBuilder {
    match token {
        Some(token) => request.bearer_auth(token.expose_secret()),
        None => request,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateways_base_may_name_ipfs_or_not() {
        let cid: Cid = "bafkqaaa".parse().unwrap();
        for base in [
            "https://gateway.example",
            "https://gateway.example/",
            "https://gateway.example/ipfs/",
        ] {
            let url = gateway_url(&base.parse().unwrap(), &cid);
            assert_eq!(url.as_str(), "https://gateway.example/ipfs/bafkqaaa?format=raw");
        }
        let url = gateway_url(&"https://gateway.example/of/mine?key=1".parse().unwrap(), &cid);
        assert_eq!(
            url.as_str(),
            "https://gateway.example/of/mine/ipfs/bafkqaaa?key=1&format=raw"
        );
    }
}
