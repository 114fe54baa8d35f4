//! What the machine must have, and what to do when it does not.

use std::env;

use anyhow::{Context, Result, bail};

use crate::{
    place::Place,
    shell::{Tool, exists},
};

/// The oldest Node that the JavaScript packages run on.
const NODE: u32 = 20;

/// What a build with its circuits and packages takes.
const DISK_GIB: u64 = 8;

/// Looks for everything, and reports all that is missing at once.
pub(crate) fn all(place: &Place) -> Result<()> {
    let missing: Vec<String> = [node(place), npm(), c_compiler(), disk(place)]
        .into_iter()
        .filter_map(Result::err)
        .map(one_line)
        .collect();
    if !missing.is_empty() {
        bail!("this machine lacks something:\n  - {}", missing.join("\n  - "));
    }
    Ok(())
}

fn one_line(error: anyhow::Error) -> String {
    format!("{error:#}")
}

fn node(place: &Place) -> Result<()> {
    let install = format!("install Node {NODE} or newer (https://nodejs.org, or your system's package manager)");
    let version = Tool::new("node", &["--version"], &place.root)
        .read()
        .ok()
        .with_context(|| format!("Node: {install}"))?;
    let version = version.trim();
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => Ok(()),
        _ => bail!("Node is {version}, too old: {install}"),
    }
}

fn npm() -> Result<()> {
    if !exists("npm") {
        bail!("npm: it comes with Node; on some systems it is a package of its own (`apt install npm`)");
    }
    Ok(())
}

fn c_compiler() -> Result<()> {
    let named = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    if ![named.as_str(), "cc", "gcc", "clang"].into_iter().any(exists) {
        bail!("a C compiler: `apt install gcc libc6-dev`, `xcode-select --install`, or name yours in CC");
    }
    Ok(())
}

/// Asks `df`, where there is one, for the room on the disk that is built on.
fn disk(place: &Place) -> Result<()> {
    let target = place.target.to_string_lossy();
    let Ok(table) = Tool::new("df", &["-Pk", &target], &place.root).read() else {
        return Ok(());
    };
    let free_kib = table
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    match free_kib.map(|kib| kib >> 20) {
        Some(gib) if gib < DISK_GIB => {
            bail!(
                "disk space: {gib} GiB are free at {target}, {DISK_GIB} are needed; point CARGO_TARGET_DIR to another disk"
            )
        }
        _ => Ok(()),
    }
}
