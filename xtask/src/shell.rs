//! Running programs, and saying so.

use std::{
    ffi::OsStr,
    fmt::Write as _,
    io::{self, BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// A program to run in a folder.
#[derive(Debug)]
pub(crate) struct Tool {
    command: Command,
    shown: String,
    input: Option<String>,
}

impl Tool {
    /// `program` with `arguments`, to be run in `folder`.
    pub(crate) fn new(program: &str, arguments: &[&str], folder: &Path) -> Self {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).stdin(Stdio::null());
        Self {
            command,
            shown: format!("{program} {}", arguments.join(" ")),
            input: None,
        }
    }

    /// With this on its standard input.
    pub(crate) fn input(mut self, text: String) -> Self {
        self.input = Some(text);
        self
    }

    /// With an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The bare command, for who runs it in another way.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs it with its output shown as it comes.
    pub(crate) fn show(mut self) -> Result<()> {
        println!("$ {}", self.shown);
        let status = self.command.status().with_context(|| self.cannot_run())?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        Ok(())
    }

    /// Runs it with its standard output shown as it comes and also handed to `each` line by line; returns whether it
    /// succeeded.
    pub(crate) fn watch(mut self, mut each: impl FnMut(&str)) -> Result<bool> {
        println!("$ {}", self.shown);
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| self.cannot_run())?;
        let output = child.stdout.take().context("the program has no output")?;
        for line in BufReader::new(output).lines() {
            let line = line.with_context(|| format!("`{}`: its output is not text", self.shown))?;
            writeln!(io::stdout(), "{line}")?;
            each(&line);
        }
        Ok(child.wait()?.success())
    }

    /// Runs it silently and returns its standard output; on failure the error holds all it said.
    pub(crate) fn read(mut self) -> Result<String> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if self.input.is_some() {
            self.command.stdin(Stdio::piped());
        }
        let mut child = self.command.spawn().with_context(|| self.cannot_run())?;
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), &self.input) {
            // A program that ends before it has read everything says why on its standard error.
            let _ = stdin.write_all(input.as_bytes());
        }
        let output = child.wait_with_output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            let mut said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            if said.is_empty() {
                write!(said, "{}", text.trim())?;
            }
            bail!("`{}` failed ({}):\n{said}", self.shown, output.status);
        }
        Ok(text)
    }

    fn cannot_run(&self) -> String {
        format!("`{}` cannot be run", self.shown)
    }
}

/// Says what is being done, does it, and says how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("• {what} …");
    let start = Instant::now();
    let done = work().with_context(|| what.to_owned())?;
    println!("  {what}: {}", seconds(start.elapsed()));
    Ok(done)
}

/// A duration as a person reads it.
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

/// Whether a program answers to `--version`.
pub(crate) fn exists(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
