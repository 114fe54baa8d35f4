//! Measures a development set-up: `setup_bench <circuit.r1cs> <key.zkey>` writes the key and prints
//! one JSON line; times are in seconds, memory in bytes.

mod measure;

use std::path::Path;

use maci_proving::formats::r1cs::R1cs;
use maci_proving::setup::{Secrets, develop};
use measure::{peak_memory, timed};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [r1cs, zkey] = arguments.as_slice() else {
        return Err("usage: setup_bench <circuit.r1cs> <key.zkey>".into());
    };
    let (r1cs, read) = timed(|| R1cs::read(Path::new(r1cs)));
    let r1cs = r1cs?;
    let secrets = Secrets::draw()?;
    let (made, setup) = timed(|| develop(&r1cs, &secrets, Path::new(zkey)));
    made?;
    let line = json!({
        "constraints": r1cs.shape.constraints,
        "read": read.to_json(),
        "setup": setup.to_json(),
        "peakBytes": peak_memory(),
    });
    println!("{line}");
    Ok(())
}
