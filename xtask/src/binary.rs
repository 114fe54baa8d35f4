//! Our binary, built and ready to be called.

use std::{env, path::PathBuf};

use anyhow::Result;

use crate::{place::Place, shell::Tool};

/// Which build of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// The one tests use: numbers are fast, the rest is quick to build, crash points are in.
    Dev,
    /// The one operators use.
    Release,
}

impl Profile {
    /// Where cargo puts what it builds.
    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// Builds one target of one kind, over the whole workspace: another selection of packages would unify features anew
/// and rebuild dependencies.
fn build(place: &Place, profile: Profile, target: [&str; 2]) -> Result<()> {
    let mut arguments = vec!["build", "--workspace"];
    arguments.extend(target);
    if profile == Profile::Release {
        arguments.push("--release");
    }
    Tool::new("cargo", &arguments, &place.root).show()
}

/// Builds an example and returns where it is.
pub(crate) fn example(place: &Place, profile: Profile, name: &str) -> Result<PathBuf> {
    build(place, profile, ["--example", name])?;
    Ok(place.target.join(profile.folder()).join("examples").join(name))
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
        build(place, profile, ["--bin", "maci-coordinator"])?;
        Ok(Self {
            place: place.clone(),
            path: place.target.join(profile.folder()).join("maci-coordinator"),
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
