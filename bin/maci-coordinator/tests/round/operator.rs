//! Our binary as an operator calls it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use maci_testkit::places::{self, zkeys};
use serde_json::Value;
use tempfile::TempDir;

/// A data folder and the endpoints it is used with.
#[derive(Debug)]
pub(crate) struct Operator {
    home: TempDir,
    rpc: String,
    /// The URL of a database server, where the tables are not in the data folder.
    database: Option<String>,
    /// Further variables of its environment.
    variables: Vec<(&'static str, String)>,
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Done {
    /// Whether it succeeded.
    pub(crate) ok: bool,
    /// The JSON lines it printed.
    pub(crate) lines: Vec<Value>,
    /// The error it ended with, and what it wrote to its standard error besides.
    pub(crate) error: String,
}

impl Operator {
    /// A new operator with nothing but a passphrase.
    pub(crate) fn new(rpc: &str) -> Self {
        let home = TempDir::new().unwrap();
        places::passphrase_in(home.path()).unwrap();
        Self {
            home,
            rpc: rpc.to_owned(),
            database: None,
            variables: Vec::new(),
        }
    }

    /// The same operator with its tables on a server from now on.
    pub(crate) fn with_tables_at(&mut self, database: String) {
        self.database = Some(database);
    }

    /// The same operator with these environment variables, and without those set before.
    pub(crate) fn set(&mut self, variables: Vec<(&'static str, String)>) {
        self.variables = variables;
    }

    /// The same operator through other endpoints, separated by commas.
    pub(crate) fn through(&mut self, rpc: &str) {
        self.rpc = rpc.to_owned();
    }

    /// The folder of results.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// A call that prints JSON.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maci-coordinator"));
        command
            .arg("--json")
            .args(arguments)
            .current_dir(places::workspace_root())
            .env("MACI_DATA_DIR", self.data())
            .env("MACI_PASSPHRASE_FILE", self.home.path().join("passphrase"))
            .env("MACI_KEY_COST", "light")
            .env("MACI_CIRCUIT_CACHE", places::circuit_cache())
            .env("COORDINATOR_ZKEY_PATH", zkeys())
            .env("COORDINATOR_RPC_URL", &self.rpc)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(database) = &self.database {
            command.env("MACI_DATABASE_URL", database);
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        Done::of(&self.command(arguments).output().unwrap())
    }

    /// Runs a command that has to succeed, and takes a field out of the last line that has it.
    pub(crate) fn ask(&self, arguments: &[&str], field: &str) -> Value {
        let done = self.run(arguments);
        assert!(done.ok, "{arguments:?}: {}", done.error);
        let found = done.lines.iter().rev().find_map(|line| line.get(field));
        found
            .unwrap_or_else(|| panic!("{arguments:?} did not say {field}: {:?}", done.lines))
            .clone()
    }

    /// The tally file of the only poll.
    pub(crate) fn tally_file(&self) -> PathBuf {
        file_named(&self.data(), "tally.json").expect("a tally file")
    }
}

impl Done {
    fn of(output: &Output) -> Self {
        let text = String::from_utf8_lossy(&output.stdout);
        let lines: Vec<Value> = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let told = lines
            .iter()
            .filter(|line| line["event"] == "error")
            .map(|line| line["error"].to_string());
        let beside = String::from_utf8_lossy(&output.stderr).into_owned();
        Self {
            ok: output.status.success(),
            error: told.chain([beside]).collect::<Vec<_>>().join("\n"),
            lines,
        }
    }
}

/// The first file of this name below a folder.
pub(crate) fn file_named(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).ok()?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if entry.file_name() == name {
                return Some(path);
            }
        }
    }
    None
}
