//! Programs written in Python that tests use, each in an environment of its own beside what is built.

use std::{
    io,
    path::PathBuf,
    process::{Output, Stdio},
};

use tokio::{process::Command, sync::Mutex};

use crate::{Absent, places};

static INSTALLING: Mutex<()> = Mutex::const_new(());

/// Why a program of Python's cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PythonError {
    /// There is no Python, or it cannot make environments; on CI it has to be there.
    #[error(transparent)]
    Absent(#[from] Absent),
    /// A program could not be started.
    #[error("{program} cannot be run: {source}")]
    Program {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It could not be installed.
    #[error("{requirement} cannot be installed: {reason}")]
    Install {
        /// What was asked for.
        requirement: String,
        /// What pip said.
        reason: String,
    },
}

/// A program of a package, installed if it is not there; none where Python is left out. `name` is the environment's
/// folder, `requirement` what pip is asked for.
///
/// # Errors
/// When Python is there and the package cannot be installed, and on CI when Python is not there.
pub(crate) async fn installed(name: &str, requirement: &str, program: &str) -> Result<Option<PathBuf>, PythonError> {
    // tests of one process that want it at once
    let _alone = INSTALLING.lock().await;
    let folder = places::target().join(name);
    let found = folder.join("bin").join(program);
    if found.exists() {
        return Ok(Some(found));
    }
    // Debian's Python comes without what makes environments
    let able = run("python3", &["-c", "import venv, ensurepip"]).await;
    if !able.is_ok_and(|output| output.status.success()) {
        let absent = Absent {
            what: "Python with its venv",
            command: "apt-get install -y python3-venv",
        };
        return Ok(absent.leave_out()?);
    }
    let output = run("python3", &["-m", "venv", &folder.to_string_lossy()]).await?;
    succeeded(&output, requirement)?;
    let pip = folder.join("bin/pip");
    let output = run(&pip.to_string_lossy(), &["install", "--quiet", requirement]).await?;
    succeeded(&output, requirement)?;
    Ok(Some(found))
}

async fn run(program: &str, arguments: &[&str]) -> Result<Output, PythonError> {
    let mut command = Command::new(program);
    command.args(arguments);
    finish(command).await
}

/// Runs a command to its end, with what it wrote.
///
/// # Errors
/// When it cannot be run.
pub(crate) async fn finish(mut command: Command) -> Result<Output, PythonError> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await;
    output.map_err(|source| PythonError::Program { program, source })
}

fn succeeded(output: &Output, requirement: &str) -> Result<(), PythonError> {
    if output.status.success() {
        return Ok(());
    }
    Err(PythonError::Install {
        requirement: requirement.to_owned(),
        reason: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}
