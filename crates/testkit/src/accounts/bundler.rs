//! The bundler.

use std::io;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::AccountsError;
use crate::anvil::{ACCOUNTS, Anvil};
use crate::places;
use crate::rpc::Rpc;

const SCRIPT: &str = "bundler.js";

/// How long a bundler may take to come up on a busy machine.
const STARTS_WITHIN: Duration = Duration::from_secs(120);

/// Alto, on a chain of the test's own. It ends when it is dropped, or when this process ends.
#[derive(Debug)]
pub struct AltoBundler {
    url: String,
    /// Ends the program when it is dropped; so does the end of its input when this process ends.
    _child: Child,
}

impl AltoBundler {
    /// Starts a bundler for a chain that has the EntryPoint.
    ///
    /// # Errors
    /// When it is not installed or does not come up.
    pub async fn start(anvil: &Anvil) -> Result<Self, AccountsError> {
        let folder = places::accounts()?;
        let port = free_port().map_err(AccountsError::Node)?;
        let [.., utility, executor] = &ACCOUNTS;
        let mut child = Command::new("node")
            .arg(folder.join("src").join(SCRIPT))
            .args(["--entrypoints", "0x0000000071727De22E5E9d8BAf0edAc6f37da032"])
            .args(["--executor-private-keys", executor.private_key])
            .args(["--utility-private-key", utility.private_key])
            .args(["--rpc-url", anvil.url()])
            .args(["--port", &port.to_string()])
            .args([
                "--safe-mode",
                "false",
                "--min-executor-balance",
                "0",
                "--utility-wallet-monitor",
                "false",
            ])
            .args([
                "--block-time",
                "100",
                "--min-bundle-interval",
                "10",
                "--max-bundle-interval",
                "50",
            ])
            .args(["--max-gas-per-user-op", "29000000", "--max-gas-per-bundle", "29000000"])
            .args(["--gas-price-bump", "120", "--log-level", "info"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(AccountsError::Node)?;
        let mut lines = child.stdout.take().map(|out| BufReader::new(out).lines());
        let url = format!("http://127.0.0.1:{port}");
        match timeout(STARTS_WITHIN, listening(&mut lines)).await {
            Ok(Ok(())) => {}
            Ok(Err(reason)) => return Err(AccountsError::Failed { script: SCRIPT, reason }),
            Err(_) => {
                let reason = "it did not come up".to_owned();
                return Err(AccountsError::Failed { script: SCRIPT, reason });
            }
        }
        // a full pipe would stop it
        tokio::spawn(async move {
            while let Some(lines) = &mut lines
                && let Ok(Some(_)) = lines.next_line().await
            {}
        });
        Rpc::new(url.clone())
            .call("eth_supportedEntryPoints", json!([]))
            .await?;
        Ok(Self { url, _child: child })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Waits until it says that it listens; what it said if it ends before.
async fn listening(lines: &mut Option<Lines<BufReader<ChildStdout>>>) -> Result<(), String> {
    let mut said: Vec<String> = Vec::new();
    while let Some(lines) = lines
        && let Ok(Some(line)) = lines.next_line().await
    {
        if line.contains("Server listening") {
            return Ok(());
        }
        said.push(line);
    }
    Err(said.join("\n"))
}

fn free_port() -> io::Result<u16> {
    TcpListener::bind("127.0.0.1:0")?
        .local_addr()
        .map(|address| address.port())
}
