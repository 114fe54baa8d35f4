use std::path::{Path, PathBuf};

use anyhow::Result;
use maci_protocol::circuit::{CircuitFiles, CircuitId};
use maci_proving::ceremony::{Bundle, Contributed, verify_key as check_key};
use maci_proving::formats::ptau::PtauFile;
use maci_proving::formats::r1cs::R1cs;
use maci_proving::formats::zkey::ZKeyFile;
use serde_json::json;

use crate::cli::Size;
use crate::world::World;

/// Fills a folder for the parties of a ceremony.
pub(super) fn export(world: &World, size: &Size, ptau: &Path, into: &Path) -> Result<()> {
    let mut bundle = Bundle::begin(into, ptau)?;
    for circuit in size.circuits()? {
        world.output.say(&format!("computing the first key of {circuit}"));
        let made = bundle.add(circuit, &world.settings.circuits.folder)?;
        let (hash, zkey) = (made.hash.to_string(), into.join(&made.zkey));
        let value = json!({ "circuit": circuit.to_string(), "circuitHash": hash, "zkey": zkey });
        let text = format!("{circuit}: {}, circuit hash {hash}", zkey.display());
        world.output.result(&value, &text);
    }
    bundle.finish()?;
    let said = format!("what to do with the files is in {}", into.join("README.md").display());
    world.output.say(&said);
    Ok(())
}

/// Checks a contributed key and shows who contributed.
pub(super) fn verify_key(
    world: &World,
    circuit: CircuitId,
    zkey: &Path,
    ptau: &Path,
    r1cs: Option<PathBuf>,
) -> Result<()> {
    let built = || CircuitFiles::new(circuit.to_string()).r1cs(&world.settings.circuits.folder);
    let r1cs = R1cs::read(&r1cs.unwrap_or_else(built))?;
    world
        .output
        .say("comparing every point with circuit and powers of tau; minutes for a large circuit");
    let verified = check_key(&ZKeyFile::open(zkey)?, &r1cs, &PtauFile::open(ptau)?)?;
    let hash = verified.circuit_hash().to_string();
    let contributions = verified.contributions();
    let listed: Vec<_> = contributions
        .iter()
        .map(|one| json!({ "name": one.name, "hash": hex(one), "beacon": one.beacon.is_some() }))
        .collect();
    let value = json!({ "circuit": circuit.to_string(), "circuitHash": hash, "contributions": listed });
    let lines: Vec<String> = contributions
        .iter()
        .map(|one| {
            // a name is whatever its party wrote
            let name = one.name.as_deref().unwrap_or("without a name").escape_debug();
            let kind = if one.beacon.is_some() { "beacon" } else { "contribution" };
            format!("  {kind} {} ({name}): {}", one.number, hex(one))
        })
        .collect();
    let text = format!(
        "{}: good for {circuit}, circuit hash {hash}\n{}\ncompare these hashes with those the parties published",
        zkey.display(),
        lines.join("\n")
    );
    world.output.result(&value, &text);
    Ok(())
}

fn hex(contribution: &Contributed) -> String {
    contribution.hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
