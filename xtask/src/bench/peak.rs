//! The most memory a program held, and the time it took.

use std::{
    fs, io,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};

/// How often the program is looked at. The system keeps the peak, so only what happens after the last look is missed.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A program's run.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Wall time.
    pub(crate) time: Duration,
    /// Peak resident memory in bytes, where the system tells.
    pub(crate) peak_bytes: Option<u64>,
    /// What it printed.
    pub(crate) text: String,
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Result<Measured> {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be run", command.get_program().display()))?;
    let output = child.stdout.take().context("the program has no output")?;
    let reading = thread::spawn(move || io::read_to_string(output));
    let mut peak_bytes = None;
    let status = loop {
        peak_bytes = high_water(&child).or(peak_bytes);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(LOOK_EVERY);
    };
    if !status.success() {
        bail!("{} failed ({status})", command.get_program().display());
    }
    let time = start.elapsed();
    let text = reading.join().map_err(|_| anyhow!("the output could not be read"))??;
    Ok(Measured { time, peak_bytes, text })
}

fn high_water(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?
        .trim()
        .split(' ')
        .next()?
        .parse::<u64>()
        .ok()?;
    Some(kib << 10)
}
