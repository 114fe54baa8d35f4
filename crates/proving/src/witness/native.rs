//! Circom's C++ calculator: a program that reads JSON and writes a witness file.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Inputs, Witness, WitnessError};

/// A native calculator of the official folder layout: the program and its `.dat` file beside it.
#[derive(Debug, Clone)]
pub struct NativeCalculator {
    program: PathBuf,
}

impl NativeCalculator {
    /// The calculator at `program`, if it is there with its data and may be run.
    pub fn find(program: &Path) -> Option<Self> {
        use std::os::unix::fs::PermissionsExt;
        let runnable = program
            .metadata()
            .is_ok_and(|found| found.permissions().mode() & 0o111 != 0);
        let complete = runnable && program.with_extension("dat").is_file();
        complete.then(|| Self {
            program: program.to_owned(),
        })
    }

    /// Computes the witness. Inputs and witness pass through a private folder that is removed.
    pub fn witness(&self, inputs: &Inputs) -> Result<Witness, WitnessError> {
        let failed = |source| WitnessError::Run {
            path: self.program.clone(),
            source,
        };
        let folder = tempfile::tempdir().map_err(failed)?;
        let given = folder.path().join("input.json");
        let written = folder.path().join("witness.wtns");
        std::fs::write(&given, inputs.to_json().to_string()).map_err(failed)?;
        let output = Command::new(&self.program)
            .arg(&given)
            .arg(&written)
            .stdin(Stdio::null())
            .output()
            .map_err(failed)?;
        if output.status.success() && written.is_file() {
            return Ok(Witness::read(&written)?);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        match said.lines().find(|line| line.contains("Failed assert")) {
            Some(line) => Err(WitnessError::AssertFailed {
                place: Some(place_of(line)),
            }),
            None => Err(WitnessError::Stopped {
                reason: output.status.to_string(),
            }),
        }
    }
}

/// Template and line of a message such as
/// `Failed assert in template/function Multiplier line 11. Followed trace of components: main`.
fn place_of(line: &str) -> String {
    let from = line.find("template").unwrap_or(0);
    line.get(from..).unwrap_or(line).trim().to_owned()
}
