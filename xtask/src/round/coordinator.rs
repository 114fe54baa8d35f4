//! Our binary, as an operator would call it.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Joining, bodies};
use crate::{
    binary::{Binary, Profile},
    place::Place,
    shell::Tool,
};

/// How long a poll lasts on the chain's clock, in seconds.
/// Anvil's chain.
const CHAIN: &str = "31337";

const DURATION: &str = "3600";
const DURATION_SECONDS: u64 = 3_600;

/// Voice credits of every voter.
pub(super) const CREDITS: &str = "100";

/// A set of circuits and the poll that fits them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Its name on the command line.
    name: &'static str,
    pub(super) state_depth: &'static str,
    pub(super) batch: &'static str,
    pub(super) vote_option_depth: &'static str,
    pub(super) options: &'static str,
}

impl Size {
    /// 31 voters, batches of 3 messages, 5 options.
    pub(crate) const TINY: Self = Self {
        name: "tiny",
        state_depth: "5",
        batch: "3",
        vote_option_depth: "1",
        options: "5",
    };
    /// Its name.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// 1,023 voters, batches of 20 messages, 25 options: upstream's test size.
    pub(crate) const TEST: Self = Self {
        name: "10-20-2",
        state_depth: "10",
        batch: "20",
        vote_option_depth: "2",
        options: "25",
    };
}

/// The binary with its folders.
#[derive(Debug, Clone)]
pub(crate) struct Coordinator {
    binary: Binary,
    size: Size,
    data: PathBuf,
    passphrase: PathBuf,
    rpc: Option<String>,
}

impl Coordinator {
    /// Builds the binary and makes its data folder, empty, with a passphrase of its own.
    pub(crate) fn build(place: &Place, profile: Profile, size: Size, folder: &Path) -> Result<Self> {
        let binary = Binary::build(place, profile)?;
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
        }
        let data = folder.join("data");
        fs::create_dir_all(&data)?;
        let passphrase = folder.join("passphrase");
        write_for_the_owner_alone(&passphrase, &random_words()?)?;
        Ok(Self {
            binary,
            size,
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
        self.tool(&["circuits", "setup", "--size", self.size.name, "--mode", "qv"])
            .show()
    }

    /// The service on a free port, as a command: `admin` may do everything, watched polls are looked at every second.
    pub(crate) fn serving(&self, admin: &str) -> Command {
        self.tool(&["--json", "serve"])
            .env("MACI__SERVER__HOST", "127.0.0.1")
            .env("COORDINATOR_PORT", "0")
            .env("MACI__AUTH__ADMINS", format!("['{admin}']"))
            .env("MACI__ROUNDS__LOOK_EVERY", "1s")
            .env("MACI__RELAYER__ENABLED", "true")
            .env("MACI__RELAYER__CHAIN", CHAIN)
            .env("MACI__RELAYER__FLUSH_AFTER", "1s")
            .env("MACI__RELAYER__TRY_AGAIN_AFTER", "1s")
            .into_command()
    }

    /// What to deploy MACI with, through the API.
    pub(crate) fn maci_body(&self) -> Value {
        bodies::maci(&self.size)
    }

    /// What to deploy a poll with, through the API; it is open for `DURATION` from `now`, and takes messages from these
    /// relayers.
    pub(crate) fn poll_body(&self, now: u64, relayers: &[String]) -> Value {
        bodies::poll(&self.size, (now, now + DURATION_SECONDS), relayers)
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
        self.ask(
            &["--json", "deploy", "maci", "--size", self.size.name, "--mode", "qv"],
            "maci",
        )
    }

    /// Deploys a poll.
    pub(crate) fn deploy_poll(&self) -> Result<()> {
        let Size {
            batch,
            vote_option_depth,
            options,
            ..
        } = self.size;
        let poll = [
            "deploy",
            "poll",
            "--mode",
            "qv",
            "--duration",
            DURATION,
            "--options",
            options,
            "--credits",
            CREDITS,
        ];
        let sizes = [
            "--batch",
            batch,
            "--vote-option-depth",
            vote_option_depth,
            "--tally-depth",
            "1",
        ];
        self.tool(&[poll.as_slice(), &sizes].concat()).show()
    }

    /// Brings the poll to its result as a command to be measured; it prints JSON lines. `options` go to `finalise`.
    pub(crate) fn finalising(&self, options: &[&str]) -> Command {
        self.tool(&[&["--json", "finalise"], options].concat()).into_command()
    }

    /// The same coordinator with a copy of its data folder, to do the same thing twice.
    pub(crate) fn twin(&self) -> Result<Self> {
        let data = self.data.with_extension("twin");
        copy(&self.data, &data)?;
        Ok(Self { data, ..self.clone() })
    }

    /// Checks the tally against the chain.
    pub(crate) fn verify(&self) -> Result<()> {
        self.tool(&["verify"]).show()
    }

    /// The files a voter joins with.
    pub(crate) fn joining_circuit(&self) -> Result<Joining> {
        self.voters_circuit("PollJoining")
    }

    /// The files a voter shows with to have joined.
    pub(crate) fn joined_circuit(&self) -> Result<Joining> {
        self.voters_circuit("PollJoined")
    }

    fn voters_circuit(&self, template: &str) -> Result<Joining> {
        let name = format!("{template}_{}", self.size.state_depth);
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
            .env("MACI_KEY_COST", "light")
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

/// A passphrase for keys that live as long as a round.
fn random_words() -> Result<String> {
    let mut random = [0; 32];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut random))
        .context("no random numbers")?;
    Ok(hex::encode(random))
}

fn write_for_the_owner_alone(file: &Path, text: &str) -> Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(file)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", file.display()))
}

/// Copies a folder with all below it, permissions included.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let (source, copied) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &copied)?;
        } else {
            fs::copy(&source, &copied).with_context(|| format!("cannot copy {}", source.display()))?;
        }
    }
    Ok(())
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
