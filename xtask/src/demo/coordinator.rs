//! Our binary, as an operator would call it.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::voters::{CREDITS, Joining, OPTIONS};
use crate::{
    binary::{Binary, Profile},
    place::Place,
    shell::Tool,
};

/// The tiny circuits: state depth 5, batches of 3 messages, 5 options, tally batches of 2 ballots.
const SIZE: [&str; 4] = ["--size", "tiny", "--mode", "qv"];
const STATE_DEPTH: u8 = 5;

/// How long the poll lasts on the chain's clock, in seconds.
const DURATION: &str = "3600";

/// The binary with its folders.
#[derive(Debug, Clone)]
pub(crate) struct Coordinator {
    binary: Binary,
    data: PathBuf,
    passphrase: PathBuf,
    rpc: Option<String>,
}

impl Coordinator {
    /// Builds the binary and makes its data folder, with a passphrase of its own.
    pub(crate) fn build(place: &Place, folder: &Path) -> Result<Self> {
        let binary = Binary::build(place, Profile::Dev)?;
        let data = folder.join("data");
        fs::create_dir_all(&data)?;
        let passphrase = folder.join("passphrase");
        fs::write(&passphrase, random_words()?)?;
        Ok(Self {
            binary,
            data,
            passphrase,
            rpc: None,
        })
    }

    /// The same, on a chain.
    pub(crate) fn at(&self, rpc: &str) -> Self {
        Self {
            rpc: Some(rpc.to_owned()),
            ..self.clone()
        }
    }

    /// Compiles the circuits and makes development keys; what is there already is kept.
    pub(crate) fn make_circuits(&self) -> Result<()> {
        self.tool(&[&["circuits", "setup"], &SIZE[..]].concat()).show()
    }

    /// Makes the key the poll's messages are encrypted to.
    pub(crate) fn make_key(&self) -> Result<()> {
        self.tool(&["keys", "new"]).show()
    }

    /// The address that pays for gas.
    pub(crate) fn gas_address(&self) -> Result<String> {
        self.ask(&["--json", "keys", "show"], "gasAddress")
    }

    /// Deploys MACI; returns its address.
    pub(crate) fn deploy_maci(&self) -> Result<String> {
        self.ask(&[&["--json", "deploy", "maci"], &SIZE[..]].concat(), "maci")
    }

    /// Deploys a poll.
    pub(crate) fn deploy_poll(&self) -> Result<()> {
        let (options, credits) = (OPTIONS.to_string(), CREDITS.to_string());
        self.tool(
            &[
                ["deploy", "poll", "--mode", "qv"].as_slice(),
                &["--duration", DURATION, "--options", &options, "--credits", &credits],
                &["--batch", "3", "--vote-option-depth", "1", "--tally-depth", "1"],
            ]
            .concat(),
        )
        .show()
    }

    /// Brings the poll to its result.
    pub(crate) fn finalise(&self) -> Result<()> {
        self.tool(&["finalise"]).show()
    }

    /// Checks the tally against the chain.
    pub(crate) fn verify(&self) -> Result<()> {
        self.tool(&["verify"]).show()
    }

    /// The files a voter proves with.
    pub(crate) fn joining_circuit(&self) -> Result<Joining> {
        let name = format!("PollJoining_{STATE_DEPTH}");
        let folder = self.binary.zkeys().join(&name);
        let zkey = find(&folder, |file| file.extension().is_some_and(|kind| kind == "zkey"))?;
        let wasm = folder.join(format!("{name}_js/{name}.wasm"));
        Ok(Joining { zkey, wasm })
    }

    /// The tally the coordinator left in its data folder.
    pub(crate) fn tally_file(&self) -> Result<PathBuf> {
        find(&self.data, |file| {
            file.file_name().is_some_and(|name| name == "tally.json")
        })
    }

    fn tool(&self, arguments: &[&str]) -> Tool {
        let mut tool = self
            .binary
            .call(arguments)
            .env("MACI_DATA_DIR", &self.data)
            .env("MACI_PASSPHRASE_FILE", &self.passphrase);
        if let Some(rpc) = &self.rpc {
            tool = tool.env("COORDINATOR_RPC_URL", rpc);
        }
        tool
    }

    /// Runs a command and takes a field out of the last JSON line that has it.
    fn ask(&self, arguments: &[&str], field: &str) -> Result<String> {
        let text = self.tool(arguments).read()?;
        let lines = text
            .lines()
            .rev()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines
            .filter_map(|line| line.get(field).and_then(Value::as_str).map(str::to_owned))
            .next()
            .with_context(|| format!("`{}` did not say `{field}`:\n{text}", arguments.join(" ")))
    }
}

/// A passphrase for keys that live as long as the demo.
fn random_words() -> Result<String> {
    let mut random = [0; 32];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut random))
        .context("no random numbers")?;
    Ok(hex::encode(random))
}

/// The first file below a folder that fits.
fn find(folder: &Path, fits: fn(&Path) -> bool) -> Result<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if fits(&path) {
                return Ok(path);
            }
        }
    }
    anyhow::bail!("nothing suitable in {}", folder.display())
}
