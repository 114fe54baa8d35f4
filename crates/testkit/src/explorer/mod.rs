//! An explorer that verifies sources by compiling them again, as Sourcify and Etherscan do.

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
};

use crate::places::{Missing, contracts};

const DOUBLE: &str = include_str!("double.cjs");

/// The API key it takes.
pub const EXPLORER_KEY: &str = "a key for tests only";

/// The explorer's process, which ends with this.
#[derive(Debug)]
pub struct SourceExplorer {
    child: Child,
    url: String,
}

/// Why there is no explorer.
#[derive(Debug, thiserror::Error)]
pub enum ExplorerError {
    /// The compiler is not installed.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// Node cannot be run.
    #[error("the explorer cannot be started")]
    Start(#[from] io::Error),
    /// It ended before it listened.
    #[error("the explorer said `{0}` in place of its port")]
    NoPort(String),
}

impl SourceExplorer {
    /// Starts one that looks at a chain.
    ///
    /// # Errors
    /// When the compiler is not installed or it does not come up.
    pub fn start(rpc: &str) -> Result<Self, ExplorerError> {
        let packages = contracts()?;
        let mut child = Command::new("node")
            .arg("-")
            .arg(packages)
            .arg(rpc)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut script) = child.stdin.take() {
            script.write_all(DOUBLE.as_bytes())?;
        }
        let mut line = String::new();
        if let Some(said) = child.stdout.take() {
            BufReader::new(said).read_line(&mut line)?;
        }
        let port: u16 = line.trim().parse().map_err(|_| ExplorerError::NoPort(line.clone()))?;
        Ok(Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for SourceExplorer {
    fn drop(&mut self) {
        // it may be gone already; then there is only something to collect
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
