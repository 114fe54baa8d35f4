//! Our binary, built and ready to be called.

use std::{env, path::PathBuf};

use anyhow::Result;

use crate::{place::Place, shell::Tool};

/// Which build of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    /// The one tests use: numbers are fast, the rest is quick to build, crash points are in.
    Dev,
    /// The one operators use.
    Release,
}

/// The built binary.
#[derive(Debug, Clone)]
pub(crate) struct Binary {
    place: Place,
    path: PathBuf,
}

impl Binary {
    /// Builds it, unless `MACI_COORDINATOR` names one that is to be used.
    pub(crate) fn build(place: &Place, profile: Profile) -> Result<Self> {
        if let Some(named) = env::var_os("MACI_COORDINATOR") {
            return Ok(Self {
                place: place.clone(),
                path: named.into(),
            });
        }
        // Over the whole workspace: another selection of packages would unify features anew and rebuild dependencies.
        let arguments = ["build", "--workspace", "--bin", "maci-coordinator", "--release"];
        let (arguments, folder) = match profile {
            Profile::Dev => (arguments.get(..4).unwrap_or_default(), "debug"),
            Profile::Release => (arguments.as_slice(), "release"),
        };
        Tool::new("cargo", arguments, &place.root).show()?;
        Ok(Self {
            place: place.clone(),
            path: place.target.join(folder).join("maci-coordinator"),
        })
    }

    /// A call of it, with circuits and keys where this checkout keeps them.
    pub(crate) fn call(&self, arguments: &[&str]) -> Tool {
        Tool::new(&self.path.to_string_lossy(), arguments, &self.place.root)
            .env("MACI_CIRCUIT_CACHE", &self.place.circuits)
            .env("COORDINATOR_ZKEY_PATH", self.zkeys())
    }

    /// The folder of circuits with their keys, in the official layout.
    pub(crate) fn zkeys(&self) -> PathBuf {
        self.place.circuits.join("keys")
    }
}
