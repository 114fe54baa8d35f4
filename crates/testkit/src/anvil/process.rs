//! The anvil process.

use std::{
    io::{self, BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{sync::mpsc, time::timeout};

use crate::{
    places::{self, Missing},
    rpc::{Rpc, RpcError},
};

/// How long a chain may take to come up on a busy machine.
const STARTS_WITHIN: Duration = Duration::from_secs(60);

/// How many of its last lines an error shows.
const LINES_SHOWN: usize = 20;

/// A chain of our own.
#[derive(Debug)]
pub struct Anvil {
    child: Child,
    pub(super) rpc: Rpc,
    /// Where it puts the states of older blocks. Told nothing it would use the user's own folder, and being killed it
    /// would leave them there.
    _states: TempDir,
}

/// How the chain is to be.
#[derive(Debug, Clone)]
pub struct AnvilOptions {
    /// Its id.
    pub chain_id: u64,
    /// The clock's first reading, in Unix seconds; the computer's clock when absent.
    pub genesis: Option<u64>,
    /// Seconds between blocks; a block per transaction when absent.
    pub block_time: Option<u64>,
    /// Slots in an epoch: `finalized` is two epochs behind the head, `safe` one.
    pub slots_in_an_epoch: u64,
    /// Gas in a block.
    pub gas_limit: u64,
    /// A port to insist on; a free one when absent.
    pub port: Option<u16>,
    /// Whether contracts may be larger than on a public chain.
    pub large_contracts: bool,
}

impl Default for AnvilOptions {
    fn default() -> Self {
        Self {
            chain_id: 31337,
            genesis: None,
            block_time: None,
            slots_in_an_epoch: 1,
            gas_limit: 30_000_000,
            port: None,
            large_contracts: false,
        }
    }
}

/// Why there is no chain.
#[derive(Debug, thiserror::Error)]
pub enum AnvilError {
    /// Not installed.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// The program cannot be run.
    #[error("anvil cannot be started")]
    Start(#[source] io::Error),
    /// It ended or hung before it listened.
    #[error("anvil did not come up; its last lines were:\n{0}")]
    NotUp(String),
    /// It does not answer a call.
    #[error(transparent)]
    Rpc(#[from] RpcError),
}

impl Anvil {
    /// Starts a chain with the usual options.
    ///
    /// # Errors
    /// When anvil is not installed or does not come up.
    pub async fn start() -> Result<Self, AnvilError> {
        Self::start_with(&AnvilOptions::default()).await
    }

    /// Starts a chain.
    ///
    /// # Errors
    /// When anvil is not installed or does not come up.
    pub async fn start_with(options: &AnvilOptions) -> Result<Self, AnvilError> {
        let states = TempDir::with_prefix("maci-anvil-").map_err(AnvilError::Start)?;
        let mut command = command(options)?;
        command.arg("--cache-path").arg(states.path());
        let mut child = command.spawn().map_err(AnvilError::Start)?;
        let (lines, mut port) = watch(&mut child);
        let Ok(Some(port)) = timeout(STARTS_WITHIN, port.recv()).await else {
            stop(&mut child);
            return Err(AnvilError::NotUp(lines.last()));
        };
        let anvil = Self {
            child,
            rpc: Rpc::new(format!("http://127.0.0.1:{port}")),
            _states: states,
        };
        anvil.rpc.quantity("eth_chainId", serde_json::json!([])).await?;
        Ok(anvil)
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        self.rpc.url()
    }

    /// A client for calls this type has no name for.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

fn stop(child: &mut Child) {
    // It may be gone already; then there is nothing to stop, only to collect.
    let _ = child.kill();
    let _ = child.wait();
}

fn command(options: &AnvilOptions) -> Result<Command, Missing> {
    let mut command = Command::new(places::anvil()?);
    command
        .args(["--host", "127.0.0.1", "--color", "never"])
        .args(["--port", &options.port.unwrap_or(0).to_string()])
        .args(["--chain-id", &options.chain_id.to_string()])
        .args(["--gas-limit", &options.gas_limit.to_string()])
        .args(["--slots-in-an-epoch", &options.slots_in_an_epoch.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(genesis) = options.genesis {
        command.args(["--timestamp", &genesis.to_string()]);
    }
    if options.large_contracts {
        command.arg("--disable-code-size-limit");
    }
    if let Some(seconds) = options.block_time {
        command.args(["--block-time", &seconds.to_string()]);
    }
    Ok(command)
}

/// The last lines of a process.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES_SHOWN {
            lines.remove(0);
        }
        lines.push(line);
    }

    fn last(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }
}

/// Reads the process's output for as long as it lives (a full pipe would stop it) and reports the port it listens on.
fn watch(child: &mut Child) -> (Lines, mpsc::UnboundedReceiver<u16>) {
    let lines = Lines::default();
    let (listening, port) = mpsc::unbounded_channel();
    let outputs: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|out| Box::new(out) as _),
        child.stderr.take().map(|err| Box::new(err) as _),
    ];
    for output in outputs.into_iter().flatten() {
        let (lines, listening) = (lines.clone(), listening.clone());
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(port) = listening_port(&line) {
                    let _ = listening.send(port);
                }
                lines.push(line);
            }
        });
    }
    (lines, port)
}

fn listening_port(line: &str) -> Option<u16> {
    line.strip_prefix("Listening on ")?
        .rsplit(':')
        .next()?
        .trim()
        .parse()
        .ok()
}
