//! Moto: a server that speaks Amazon's S3 as its clients know it, on this machine and with nothing behind it.

use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::python::{PythonError, installed};

/// The release that is used.
const RELEASE: &str = "moto[server,s3]==5.2.5";

/// What it says before its address.
const RUNNING: &str = "Running on ";

/// A running server; gone when dropped.
#[derive(Debug)]
pub struct Moto {
    url: String,
    _server: Child,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum MotoError {
    /// It cannot be installed or run.
    #[error(transparent)]
    Python(#[from] PythonError),
    /// It ended before it listened.
    #[error("moto ended before it listened: {said}")]
    Ended {
        /// What it said.
        said: String,
    },
}

impl Moto {
    /// Starts a server on a free port; none where Python is left out.
    ///
    /// # Errors
    /// When the server cannot be installed or does not start.
    pub async fn start() -> Result<Option<Self>, MotoError> {
        let Some(program) = installed("moto", RELEASE, "moto_server").await? else {
            return Ok(None);
        };
        let failed = |source| PythonError::Program {
            program: "moto_server".to_owned(),
            source,
        };
        let mut server = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let mut said = String::new();
        let Some(errors) = server.stderr.take() else {
            return Err(MotoError::Ended { said });
        };
        let mut lines = BufReader::new(errors).lines();
        while let Some(line) = lines.next_line().await.map_err(failed)? {
            if let Some((_, url)) = line.split_once(RUNNING) {
                let url = url.split_whitespace().next().unwrap_or_default().to_owned();
                // it logs every request; somebody has to read that
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Some(Self { url, _server: server }));
            }
            said.push_str(&line);
            said.push('\n');
        }
        Err(MotoError::Ended { said })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}
