//! Schemathesis: requests made from an OpenAPI document, good and bad, and answers held against it.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use tokio::{process::Command, sync::Mutex};

use crate::places;

/// The release that is used.
const RELEASE: &str = "schemathesis==4.32.5";

static INSTALLING: Mutex<()> = Mutex::const_new(());

/// The installed program.
#[derive(Debug, Clone)]
pub struct Schemathesis {
    program: PathBuf,
}

/// Why no run came to its end.
#[derive(Debug, thiserror::Error)]
pub enum SchemathesisError {
    /// A program could not be started.
    #[error("{program} cannot be run: {source}")]
    Program {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It could not be installed.
    #[error("schemathesis cannot be installed: {reason}")]
    Install {
        /// What pip said.
        reason: String,
    },
    /// It found something.
    #[error("schemathesis found:\n{report}")]
    Found {
        /// Its report.
        report: String,
    },
}

impl Schemathesis {
    /// The program, installed beside what is built if it is not there; none on a machine without Python.
    ///
    /// # Errors
    /// When Python is there and it cannot be installed.
    pub async fn install() -> Result<Option<Self>, SchemathesisError> {
        // tests of one process that want it at once
        let _alone = INSTALLING.lock().await;
        let folder = places::target().join("schemathesis");
        let program = folder.join("bin/schemathesis");
        if program.exists() {
            return Ok(Some(Self { program }));
        }
        match run("python3", &["-m", "venv", &folder.to_string_lossy()]).await {
            Err(SchemathesisError::Program { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(error) => return Err(error),
            Ok(output) => succeeded(&output)?,
        }
        let pip = folder.join("bin/pip");
        let output = run(&pip.to_string_lossy(), &["install", "--quiet", RELEASE]).await?;
        succeeded(&output)?;
        Ok(Some(Self { program }))
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

async fn run(program: &str, arguments: &[&str]) -> Result<Output, SchemathesisError> {
    let mut command = Command::new(program);
    command.args(arguments);
    finish(command).await
}

async fn finish(mut command: Command) -> Result<Output, SchemathesisError> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    output.map_err(|source| SchemathesisError::Program { program, source })
}

fn succeeded(output: &Output) -> Result<(), SchemathesisError> {
    if output.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(SchemathesisError::Install { reason })
}
