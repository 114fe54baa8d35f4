use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use cid::Cid;
use futures::future::{BoxFuture, FutureExt};
use maci_protocol::time::Timestamp;
use maci_store::{Found, NewRoot, Pin, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::block::{Block, Codec, digest_of, inline};
use super::fetch::{FetchError, Fetcher};
use super::pin::{self, Target};
use super::reading::{BlockSource, ReadError, walk};
use super::settings::IpfsSettings;
use super::unixfs::Dag;
use super::{IpfsError, Miss, Tried};
use crate::clock::Clock;
use crate::crash::crash_point;

/// Content that stays: our own blocks, and what others have. Clones are the same.
#[derive(Debug, Clone)]
pub struct Ipfs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    fetcher: Fetcher,
    targets: Vec<Arc<Target>>,
    names: Vec<String>,
    addresses: Vec<String>,
    /// One for each target: there is something new to pin.
    wake: BTreeMap<String, Notify>,
}

/// What is known of something this service has published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its identifier.
    pub cid: Cid,
    /// What it is.
    pub why: String,
    /// When it was published.
    pub at: Timestamp,
    /// How far every target has come with it, by name.
    pub pins: Vec<Pin>,
}

/// Whether somebody else could be shown to have a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadBack {
    /// This gateway or node gave it.
    From(String),
    /// There is no way but our own store.
    NoOtherWay,
}

impl Ipfs {
    /// Over a store. Nothing is asked of anybody, and nothing is pinned before [`Self::keep_pinning`].
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, settings: &IpfsSettings) -> Self {
        let names: Vec<String> = settings.targets.iter().map(|target| target.name.clone()).collect();
        Self(Arc::new(Inner {
            store,
            clock,
            fetcher: Fetcher::new(settings),
            targets: settings
                .targets
                .iter()
                .cloned()
                .map(Target::new)
                .map(Arc::new)
                .collect(),
            wake: names.iter().map(|name| (name.clone(), Notify::new())).collect(),
            names,
            addresses: settings.addresses.clone(),
        }))
    }

    /// Publishes a block: it is durable when this returns, served from then on, and every target is asked to pin it.
    /// Doing it again changes nothing. A block of JSON is kept as a backup file for other tools too.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn publish(&self, block: &Block, why: &str) -> Result<Cid, IpfsError> {
        if Codec::of(&block.cid()) == Some(Codec::Json) {
            let (backups, bytes) = (self.0.store.batch_backups(), block.bytes().clone());
            let kept = tokio::task::spawn_blocking(move || backups.keep(&bytes)).await;
            kept.map_err(|error| IpfsError::Stopped(error.to_string()))??;
            crash_point("batch-backed-up");
        }
        self.publish_dag(&Dag::of_block(block), why).await
    }

    /// Publishes a root with everything below it, as [`Self::publish`] does a block.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn publish_dag(&self, dag: &Dag, why: &str) -> Result<Cid, IpfsError> {
        let cid = dag.root().to_string();
        let root = NewRoot {
            cid: &cid,
            why,
            targets: &self.0.names,
        };
        let digested = dag
            .blocks()
            .iter()
            .filter_map(|(cid, bytes)| Some((digest_of(cid)?, bytes.clone())));
        let blocks: Vec<_> = digested.collect();
        let is_new = self
            .0
            .store
            .blocks()
            .publish(&root, &blocks, self.0.clock.now())
            .await?;
        crash_point("content-published");
        if is_new {
            tracing::info!(%cid, why, blocks = blocks.len(), "published");
            self.0.wake.values().for_each(Notify::notify_one);
        }
        Ok(dag.root())
    }

    /// The bytes of a block, if it was published here.
    ///
    /// # Errors
    /// When the store fails, or has it damaged.
    pub async fn get(&self, cid: &Cid) -> Result<Option<Bytes>, IpfsError> {
        if let Some(bytes) = inline(cid) {
            return Ok(Some(bytes));
        }
        let Some(digest) = digest_of(cid) else {
            return Ok(None);
        };
        match self.0.store.blocks().get(&digest).await? {
            Found::Whole(bytes) => Ok(Some(bytes.into())),
            Found::Missing => Ok(None),
            Found::Damaged { place, reason } => Err(IpfsError::Damaged {
                cid: *cid,
                place,
                reason,
            }),
        }
    }

    /// The bytes of a block, from here or from whichever gateway or node gives them first. They are hashed before they
    /// are believed. What was fetched is not published by that.
    ///
    /// # Errors
    /// When nobody gave it; everybody who was asked is named.
    pub async fn fetch(&self, cid: &Cid) -> Result<Bytes, FetchError> {
        let here = match self.get(cid).await {
            Ok(Some(bytes)) => return Ok(bytes),
            Ok(None) => Miss::NotThere,
            Err(error) => {
                tracing::warn!(%cid, %error, "asking others");
                Miss::Failed(error.to_string())
            }
        };
        let fetched = self.0.fetcher.fetch(cid).await;
        fetched.map(|(bytes, _)| bytes).map_err(|mut error| {
            let source = "this service's own store".to_owned();
            error.tried.insert(0, Tried { source, miss: here });
            error
        })
    }

    /// Reads a block through somebody else, where there is anybody: proof that it is not only here.
    ///
    /// # Errors
    /// When everybody who was asked does not give it.
    pub async fn read_back(&self, cid: &Cid) -> Result<ReadBack, FetchError> {
        if !self.0.fetcher.has_witnesses() {
            return Ok(ReadBack::NoOtherWay);
        }
        let (_, source) = self.0.fetcher.witness(cid).await?;
        Ok(ReadBack::From(source))
    }

    /// What is known of something published here; none if it was not.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn state(&self, cid: &Cid) -> Result<Option<Published>, IpfsError> {
        let text = cid.to_string();
        let Some((why, at)) = self.0.store.blocks().root(&text).await? else {
            return Ok(None);
        };
        let pins = self.0.store.pins().of(&text).await?;
        Ok(Some(Published {
            cid: *cid,
            why,
            at,
            pins,
        }))
    }

    /// Every block below a root that was published here.
    ///
    /// # Errors
    /// When one is missing or damaged.
    pub async fn walk(&self, root: Cid) -> Result<Vec<(Cid, Bytes)>, IpfsError> {
        let blocks = walk(self, root).await;
        blocks.map_err(|source| IpfsError::Incomplete { cid: root, source })
    }

    /// Multiaddresses at which others fetch from here over Bitswap; none if this service has no node of its own.
    #[must_use]
    pub fn addresses(&self) -> &[String] {
        &self.0.addresses
    }

    /// Those who have blocks beside us.
    #[must_use]
    pub fn fetcher(&self) -> &Fetcher {
        &self.0.fetcher
    }

    /// Has targets pin what is published, until the service stops. A target that is new gets everything that was
    /// published before.
    pub async fn keep_pinning(self, stopping: CancellationToken) {
        let targets = self.0.targets.iter().map(|target| pin::keep(&self, target, &stopping));
        futures::future::join_all(targets).await;
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    /// Ends when there is something new for a target.
    pub(super) async fn news(&self, target: &str) {
        match self.0.wake.get(target) {
            Some(wake) => wake.notified().await,
            None => std::future::pending().await,
        }
    }
}

impl BlockSource for Ipfs {
    fn block<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        async move {
            let found = self
                .get(cid)
                .await
                .map_err(|error| ReadError::Source(error.to_string()))?;
            found.ok_or(ReadError::Missing { cid: *cid })
        }
        .boxed()
    }
}
