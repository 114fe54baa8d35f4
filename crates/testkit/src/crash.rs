//! A process that dies where it is told to, again and again, until it is done.
//!
//! The coordinator passes named points after each durable step and aborts at the one that `MACI_CRASH_AT` names
//! (development builds only). [`Crashes`] runs a command once per point, then without any, and reports what happened.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Command, ExitStatus, Output, Stdio},
};

/// The environment variable a crash point answers to.
pub const CRASH_AT: &str = "MACI_CRASH_AT";

/// The environment variable that names a list of crash points.
pub const CRASH_LIST: &str = "MACI_CRASH_LIST";

/// A command and the deaths it is to die.
#[derive(Debug)]
pub struct Crashes<F> {
    command: F,
    points: Vec<String>,
}

/// How one run ended.
#[derive(Debug)]
pub struct Run {
    /// The point it was told to die at.
    pub told: Option<String>,
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to its standard error.
    pub stderr: String,
}

impl Run {
    /// Whether it died by a signal, as told.
    pub fn crashed(&self) -> bool {
        self.told.is_some() && self.status.code().is_none()
    }
}

/// The command never got done.
#[derive(Debug, thiserror::Error)]
pub enum CrashError {
    /// It could not be run.
    #[error("the command cannot be run")]
    Start(#[from] io::Error),
    /// It ended with an error of its own.
    #[error("told {told:?}, the command ended with {status}:\n{stderr}")]
    Failed {
        /// The point it was told to die at.
        told: Option<String>,
        /// How it ended.
        status: ExitStatus,
        /// What it wrote to its standard error.
        stderr: String,
    },
}

impl<F: Fn() -> Command> Crashes<F> {
    /// `command` makes a fresh, equal command for every run.
    pub fn of(command: F) -> Self {
        Self {
            command,
            points: Vec::new(),
        }
    }

    /// Lets a run die at a point; `name:3` dies at the third passing.
    #[must_use]
    pub fn at(mut self, point: impl Into<String>) -> Self {
        self.points.push(point.into());
        self
    }

    /// Runs the command once for each point, then once more without any, and reports every run.
    ///
    /// A run that never reaches its point may end with success; the caller sees that in [`Run::crashed`].
    ///
    /// # Errors
    /// When a run ends with an error of its own.
    pub fn until_done(self) -> Result<Vec<Run>, CrashError> {
        let mut runs = Vec::new();
        for point in &self.points {
            let run = self.run(Some(point))?;
            if !run.crashed() && !run.status.success() {
                return Err(run.into());
            }
            runs.push(run);
        }
        let last = self.run(None)?;
        if !last.status.success() {
            return Err(last.into());
        }
        runs.push(last);
        Ok(runs)
    }

    fn run(&self, point: Option<&String>) -> io::Result<Run> {
        let mut command = (self.command)();
        if let Some(point) = point {
            command.env(CRASH_AT, point);
        }
        let Output { status, stderr, .. } = command.stdin(Stdio::null()).output()?;
        Ok(Run {
            told: point.cloned(),
            status,
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
        })
    }
}

impl From<Run> for CrashError {
    fn from(Run { told, status, stderr }: Run) -> Self {
        Self::Failed { told, status, stderr }
    }
}

/// Runs a command again and again until it comes to its end, each time told to die at every point of a list that it has not
/// died at: lines `point<TAB>beginning of what passes it`, which are kept in a file of this name. Answers the lines that it
/// never came past; it has died once for each of the others.
///
/// # Errors
/// When a run ends with an error of its own, or dies where it was not told to.
pub fn die_at_each(lines: &[String], list: &Path, command: impl Fn() -> Command) -> Result<Vec<String>, CrashError> {
    fs::write(list, lines.join("\n"))?;
    let mut deaths = 0;
    loop {
        let mut command = command();
        command.env(CRASH_LIST, list);
        let Output { status, stderr, .. } = command.stdin(Stdio::null()).output()?;
        let left: Vec<String> = fs::read_to_string(list)?.lines().map(str::to_owned).collect();
        if status.success() {
            return Ok(left);
        }
        deaths += 1;
        let is_told = status.code().is_none() && deaths + left.len() == lines.len();
        if !is_told {
            let stderr = String::from_utf8_lossy(&stderr).into_owned();
            let told = left.first().cloned();
            return Err(CrashError::Failed { told, status, stderr });
        }
    }
}

/// Runs a command and kills it (`SIGKILL`) once it has written `lines` lines to its standard output.
///
/// Returns whether it was killed; `false` means it ended by itself before.
///
/// # Errors
/// When the command cannot be run.
pub fn kill_after_lines(mut command: Command, lines: usize) -> io::Result<bool> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let written = child
        .stdout
        .take()
        .map_or(0, |out| BufReader::new(out).lines().take(lines).count());
    if written == lines {
        child.kill()?;
    }
    let status = child.wait()?;
    Ok(written == lines && status.code().is_none())
}
