use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use cid::Cid;
use futures::{StreamExt, stream};
use maci_protocol::Remedy;

use crate::ipfs::{BlockSource, Car, CarError, Dag, FetchLimits, Fetcher, ReadError, ShapeError, read_file, resolve};
use crate::publication::{Manifest, ManifestError, paths};

/// Files fetched at the same time.
const AT_ONCE: usize = 8;

/// What was published of a round, as far as it could be had. Nothing of it is believed yet.
#[derive(Debug)]
pub struct Evidence {
    /// The file that names all others.
    pub(super) manifest: Manifest,
    manifest_bytes: Bytes,
    /// Every file that the manifest names: its bytes, or why there are none.
    files: BTreeMap<String, Result<Bytes, String>>,
    /// The root it was read from; none for a folder.
    pub(super) root: Option<Cid>,
}

/// There is nothing to check.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no CAR.
    #[error("{} cannot be used: {source}", path.display())]
    Car {
        /// Which.
        path: PathBuf,
        /// Why.
        source: CarError,
    },
    /// Its first file is not there.
    #[error("{} cannot be had: {source}", paths::MANIFEST)]
    NoManifest {
        /// Why.
        source: ReadError,
    },
    /// Its first file is none.
    #[error("{} cannot be used: {source}", paths::MANIFEST)]
    Manifest {
        /// Why.
        #[from]
        source: ManifestError,
    },
}

impl EvidenceError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NoManifest {
                source: ReadError::Fetch(_),
            } => Remedy::Retry,
            Self::File { .. } | Self::NoManifest { .. } => Remedy::AskOperator,
            Self::Car { .. } | Self::Manifest { .. } => Remedy::Abandon,
        }
    }
}

impl Evidence {
    /// A folder with the published files in it.
    ///
    /// # Errors
    /// When it has no manifest.
    pub fn in_folder(folder: &Path) -> Result<Self, EvidenceError> {
        let read = |name: &str| {
            let path = folder.join(name);
            let read = std::fs::read(&path).map(Bytes::from);
            read.map_err(|source| EvidenceError::File { path, source })
        };
        let manifest_bytes = read(paths::MANIFEST)?;
        let manifest = Manifest::parse(&manifest_bytes)?;
        let file = |path: &String| {
            let bytes = if stays_below(path) {
                read(path).map_err(|error| error.to_string())
            } else {
                Err("its path leads out of the folder".to_owned())
            };
            (path.clone(), bytes)
        };
        Ok(Self {
            files: manifest.files.keys().map(file).collect(),
            manifest,
            manifest_bytes,
            root: None,
        })
    }

    /// A CAR file. Blocks in it that are not what they are said to be count as missing.
    ///
    /// # Errors
    /// When it is no CAR, or has no manifest.
    pub async fn in_car(path: &Path, limits: FetchLimits) -> Result<Self, EvidenceError> {
        let bytes = tokio::fs::read(path).await.map_err(|source| EvidenceError::File {
            path: path.to_owned(),
            source,
        })?;
        let unusable = |source| EvidenceError::Car {
            path: path.to_owned(),
            source,
        };
        let (car, wrong) = Car::read_what_is_right(&bytes.into()).map_err(unusable)?;
        for wrong in wrong {
            tracing::warn!(%wrong, "left out");
        }
        let root = car.root().ok_or_else(|| unusable(CarError::NoRoot))?;
        Self::below(&car, root, limits).await
    }

    /// What gateways and nodes have under an identifier.
    ///
    /// # Errors
    /// When nobody gives its manifest.
    pub async fn of_content(fetcher: &Fetcher, root: Cid) -> Result<Self, EvidenceError> {
        Self::below(fetcher, root, fetcher.limits()).await
    }

    async fn below(source: &dyn BlockSource, root: Cid, limits: FetchLimits) -> Result<Self, EvidenceError> {
        let read = async |path: &str| -> Result<Bytes, ReadError> {
            let names: Vec<&str> = path.split('/').collect();
            let end = resolve(source, root, &names).await?.end;
            read_file(source, end, limits.largest_file).await
        };
        let manifest_bytes = read(paths::MANIFEST)
            .await
            .map_err(|source| EvidenceError::NoManifest { source })?;
        let manifest = Manifest::parse(&manifest_bytes)?;
        let read = &read;
        let files = stream::iter(manifest.files.keys().cloned())
            .map(|path| async move {
                let bytes = read(&path).await.map_err(|error| error.to_string());
                (path, bytes)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        Ok(Self {
            files,
            manifest,
            manifest_bytes,
            root: Some(root),
        })
    }

    /// A file's bytes, if they could be had.
    pub(super) fn file(&self, path: &str) -> Result<&Bytes, String> {
        match self.files.get(path) {
            Some(Ok(bytes)) => Ok(bytes),
            Some(Err(reason)) => Err(reason.clone()),
            None => Err("the manifest does not name it".to_owned()),
        }
    }

    /// Every file, with what could be had of it.
    pub(super) fn files(&self) -> impl Iterator<Item = (&String, &Result<Bytes, String>)> {
        self.files.iter()
    }

    /// The root these very files have when they are published.
    pub(super) fn computed_root(&self) -> Result<Cid, ShapeError> {
        let whole = self
            .files
            .iter()
            .filter_map(|(path, bytes)| Some((path.clone(), bytes.clone().ok()?)));
        let mut whole: BTreeMap<String, Bytes> = whole.collect();
        whole.insert(paths::MANIFEST.to_owned(), self.manifest_bytes.clone());
        Dag::directory(&whole).map(|dag| dag.root())
    }
}

/// Whether a path from outside stays in the folder it is read in.
fn stays_below(path: &str) -> bool {
    path.split('/')
        .all(|name| !matches!(name, "" | "." | "..") && !name.contains(['\\', ':']))
}
