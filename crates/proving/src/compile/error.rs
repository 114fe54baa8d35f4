//! Why a circuit was not compiled.

use std::io;
use std::path::PathBuf;

/// Why a circuit was not compiled, and what mends it.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// There is no `node` to run.
    #[error("Node.js is needed to compile circuits and `node` cannot be run ({source}); install Node 20 or newer")]
    NoNode {
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// An npm package is not installed.
    #[error("the npm package `{package}` is missing; run `npm ci` in {}", circuits.display())]
    NoPackage {
        /// The package.
        package: String,
        /// The circuits folder.
        circuits: PathBuf,
    },
    /// The packages are reached through a symbolic link, which circom2 cannot follow.
    #[error("{} is a symbolic link, which circom2 cannot follow; run `npm ci` in the circuits folder itself", path.display())]
    LinkedPackages {
        /// The link.
        path: PathBuf,
    },
    /// `templates.json` is missing or not understood.
    #[error("{}: {reason}", path.display())]
    Templates {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A template that the circuits folder does not have.
    #[error("no circuit template `{template}`; there are {known}")]
    UnknownTemplate {
        /// The template asked for.
        template: String,
        /// The templates there are.
        known: String,
    },
    /// A template was given too few or too many parameters.
    #[error("`{template}` takes the parameters {expected}; {found} values were given")]
    Parameters {
        /// The template.
        template: String,
        /// Its parameters' names.
        expected: String,
        /// How many values were given.
        found: usize,
    },
    /// A source file cannot be read.
    #[error("{}: cannot read the circuit source: {source}", path.display())]
    Source {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The cache folder cannot be used.
    #[error("{}: cannot keep compiled circuits here: {source}", path.display())]
    Cache {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// There is no room for the result.
    #[error("{}: no space left on the disk; a process circuit of 20 messages needs about 400 MB", path.display())]
    DiskFull {
        /// The cache folder.
        path: PathBuf,
    },
    /// circom2 refused the circuit.
    #[error("circom2 did not compile `{circuit}` ({status}):\n{output}")]
    Refused {
        /// The circuit.
        circuit: String,
        /// How the compiler ended.
        status: String,
        /// The last lines it wrote.
        output: String,
    },
}

impl CompileError {
    pub(super) fn cache(path: impl Into<PathBuf>, source: io::Error) -> Self {
        let path = path.into();
        if source.kind() == io::ErrorKind::StorageFull {
            return Self::DiskFull { path };
        }
        Self::Cache { path, source }
    }
}
