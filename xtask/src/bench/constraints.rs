//! Sizes of our circuits, beside upstream's.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Result, ensure};

use super::{
    r1cs,
    report::Part,
    row::{Row, Unit},
    upstream::{CIRCUITS, Upstream},
};
use crate::{
    binary::{Binary, Profile},
    place::Place,
};

/// The sets that are compiled when they are not there; larger ones are compared once somebody has compiled them.
const COMPILED: [[&str; 4]; 1] = [["--size", "10-20-2", "--mode", "qv,non-qv,full"]];

/// The larger of two neighbouring proof domains costs twice the work of the smaller.
const LIMIT_OF_2_19: u64 = 1 << 19;

/// Compiles what is missing and reads the headers of what is there.
pub(crate) fn measure(place: &Place, profile: Profile) -> Result<Part> {
    let coordinator = Binary::build(place, profile)?;
    for set in COMPILED {
        coordinator.call(&[&["circuits", "build"], &set[..]].concat()).show()?;
    }
    let mut rows = Vec::new();
    let mut absent = Vec::new();
    for circuit in &CIRCUITS {
        match newest(&place.circuits, &format!("{}.r1cs", circuit.name)) {
            Some(file) => rows.extend(compare(circuit, &file)?),
            None => absent.push(circuit.name),
        }
    }
    ensure!(!rows.is_empty(), "no compiled circuit in {}", place.circuits.display());
    let mut notes = vec![format!(
        "Constraints after circom's `--O2`, read from the r1cs files; none is linear. A proof's domain is the next power of two: \
         2^19 is {LIMIT_OF_2_19}."
    )];
    if !absent.is_empty() {
        notes.push(format!("Not compiled here, so not compared: {}.", absent.join(", ")));
    }
    Ok(Part {
        name: "constraints",
        title: "Constraints",
        rows,
        notes,
    })
}

fn compare(circuit: &Upstream, file: &Path) -> Result<Vec<Row>> {
    let ours = r1cs::constraints(file)?;
    let upstream = [
        ("September 2025", circuit.september),
        ("release 3.0.0", Some(circuit.release)),
    ];
    let mut sizes: Vec<(&str, u64)> = upstream
        .into_iter()
        .filter_map(|(of, size)| Some((of, size?)))
        .collect();
    if circuit.september == Some(circuit.release) {
        sizes.remove(0);
    }
    let row = |(of, peer): (&str, u64)| Row {
        what: format!("{}, domain 2^{}", circuit.name, domain(ours)),
        ours: figure(ours),
        peer_name: format!("upstream, {of} (2^{})", domain(peer)),
        peer: figure(peer),
        unit: Unit::Count,
        goal: Some(1.0),
    };
    Ok(sizes.into_iter().map(row).collect())
}

/// The exponent of a proof's domain: constraints and public signals (ten at most here) rounded up to a power of two.
fn domain(constraints: u64) -> u32 {
    (constraints + 10).next_power_of_two().trailing_zeros()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "circuits have far fewer than 2^52 constraints"
)]
fn figure(count: u64) -> f64 {
    count as f64
}

/// The latest file of this name below a folder.
pub(super) fn newest(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut found: Option<(SystemTime, PathBuf)> = None;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if entry.file_name() == name
                && let Ok(made) = entry.metadata().and_then(|metadata| metadata.modified())
                && found.as_ref().is_none_or(|(latest, _)| *latest < made)
            {
                found = Some((made, path));
            }
        }
    }
    found.map(|(_, path)| path)
}
