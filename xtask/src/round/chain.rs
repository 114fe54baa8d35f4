//! Anvil, for as long as the round lasts.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{self, Child, Command, Stdio},
    thread,
};

use anyhow::{Context, Result};

use crate::place::Place;

/// A local chain; stopped when dropped.
#[derive(Debug)]
pub(crate) struct Chain {
    anvil: Child,
    /// Where it puts the states of older blocks; else they would stay in the user's own folder.
    states: PathBuf,
    /// Where it listens.
    pub(crate) url: String,
}

impl Chain {
    /// Starts one on a free port and waits until it listens.
    pub(crate) fn start(place: &Place) -> Result<Self> {
        let program = place.anvil();
        let states = place.target.join("anvil").join(process::id().to_string());
        let mut anvil = Command::new(&program)
            .args(["--host", "127.0.0.1", "--port", "0", "--color", "never"])
            .arg("--cache-path")
            .arg(&states)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| {
                format!(
                    "anvil cannot be run from {}; run `cargo xtask setup`",
                    program.display()
                )
            })?;
        let output = anvil.stdout.take().context("anvil has no output")?;
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines
            .by_ref()
            .find_map(|line| Some(line.strip_prefix("Listening on ")?.rsplit(':').next()?.to_owned()));
        // It would stop at a full pipe.
        thread::spawn(move || lines.for_each(drop));
        let mut chain = Self {
            anvil,
            states,
            url: String::new(),
        };
        chain.url = format!("http://127.0.0.1:{}", port.context("anvil ended before it listened")?);
        Ok(chain)
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.anvil.kill();
        let _ = self.anvil.wait();
        // There are none if there were few blocks.
        let _ = fs::remove_dir_all(&self.states);
    }
}

impl Place {
    /// The anvil program: `MACI_ANVIL`, else the one npm installed for this platform.
    pub(crate) fn anvil(&self) -> std::path::PathBuf {
        if let Some(named) = env::var_os("MACI_ANVIL") {
            return named.into();
        }
        let system = if cfg!(target_os = "macos") {
            "darwin"
        } else {
            env::consts::OS
        };
        let machine = if env::consts::ARCH == "aarch64" {
            "arm64"
        } else {
            "amd64"
        };
        self.at(&format!(
            "clients/node_modules/@foundry-rs/anvil-{system}-{machine}/bin/anvil"
        ))
    }
}
