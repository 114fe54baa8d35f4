//! Schemathesis: requests made from an OpenAPI document, good and bad, and answers held against it.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::python::{PythonError, finish, installed};

/// The release that is used.
const RELEASE: &str = "schemathesis==4.32.5";

/// The installed program.
#[derive(Debug, Clone)]
pub struct Schemathesis {
    program: PathBuf,
}

/// Why no run came to its end.
#[derive(Debug, thiserror::Error)]
pub enum SchemathesisError {
    /// It cannot be used.
    #[error(transparent)]
    Python(#[from] PythonError),
    /// It found something.
    #[error("schemathesis found:\n{report}")]
    Found {
        /// Its report.
        report: String,
    },
}

impl Schemathesis {
    /// The program, installed beside what is built if it is not there; none where Python is left out.
    ///
    /// # Errors
    /// When it cannot be installed.
    pub async fn install() -> Result<Option<Self>, SchemathesisError> {
        let program = installed("schemathesis", RELEASE, "schemathesis").await?;
        Ok(program.map(|program| Self { program }))
    }

    /// Tries a server whose document is at this URL, as this settings file says. What it keeps goes beside that file.
    ///
    /// # Errors
    /// When it finds something, with its report.
    pub async fn try_out(&self, settings: &Path, document: &str) -> Result<(), SchemathesisError> {
        let folder = settings.parent().unwrap_or(Path::new("."));
        let mut command = Command::new(&self.program);
        command
            .current_dir(folder)
            .arg("--config-file")
            .arg(settings)
            .args(["run", document]);
        let output = finish(command).await?;
        if output.status.success() {
            return Ok(());
        }
        let report = [output.stdout, output.stderr].concat();
        Err(SchemathesisError::Found {
            report: String::from_utf8_lossy(&report).into_owned(),
        })
    }
}
