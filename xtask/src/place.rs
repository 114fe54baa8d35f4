//! Where things are and where results go.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The folders of this checkout.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The workspace's root.
    pub(crate) root: PathBuf,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
    /// Compiled circuits and their development keys.
    pub(crate) circuits: PathBuf,
}

impl Place {
    /// Finds the checkout this program was built in, and reads the two variables that move results elsewhere.
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().context("xtask is not in a workspace")?.to_owned();
        let folder = |variable: &str, usual: PathBuf| env::var_os(variable).map_or(usual, |named| root.join(named));
        let target = folder("CARGO_TARGET_DIR", root.join("target"));
        let circuits = folder("MACI_CIRCUIT_CACHE", target.join("circuits"));
        for made in [&target, &circuits] {
            fs::create_dir_all(made).with_context(|| format!("cannot create {}", made.display()))?;
        }
        Ok(Self { root, target, circuits })
    }

    /// A folder or file of the checkout.
    pub(crate) fn at(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A path as a person reads it: relative to the checkout when inside.
    pub(crate) fn shown<'p>(&self, path: &'p Path) -> std::path::Display<'p> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
