//! Measures one circuit: loading, witness, proof.
//!
//! `prove_bench <root> <circuit> <input.json> [rounds] [backend]` prints one JSON line for each
//! round; times are in seconds, memory in bytes. `<root>` has the official layout, `<circuit>` is a
//! name such as `MessageProcessorQv_10-20-2`, `[backend]` is `arkworks`, `portable` or `ifma`.

mod measure;

use std::path::Path;

use maci_protocol::CircuitId;
use maci_proving::witness::{Inputs, ModuleCache};
use maci_proving::{Backend, CircuitArtifacts, Prover};
use measure::{peak_memory, timed};
use serde_json::json;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [root, circuit, input, options @ ..] = arguments.as_slice() else {
        return Err("usage: prove_bench <root> <circuit> <input.json> [rounds] [backend]".into());
    };
    let rounds = options.first().map_or(Ok(1), |rounds| rounds.parse::<u32>())?;
    let backend = options
        .get(1)
        .map_or(Ok(Backend::default()), |backend| backend.parse())?;
    let circuit: CircuitId = circuit.parse()?;
    let artifacts = CircuitArtifacts::open(Path::new(root), circuit)?;
    let inputs = Inputs::from_json(&serde_json::from_slice(&std::fs::read(input)?)?)?;
    let modules = ModuleCache::in_folder(&Path::new(root).join(".modules"));

    let (prover, load) = timed(|| Prover::load(&artifacts, backend, &modules));
    let prover = prover?;
    let loaded = peak_memory();
    for _ in 0..rounds {
        let (witness, witness_time) = timed(|| prover.witness(&inputs));
        let witness = witness?;
        let (proof, proof_time) = timed(|| prover.prove_witness(&witness));
        proof?;
        let line = json!({
            "circuit": circuit.to_string(),
            "backend": backend.to_string(),
            "load": load.to_json(),
            "witness": witness_time.to_json(),
            "proof": proof_time.to_json(),
            "loadedPeakBytes": loaded,
            "peakBytes": peak_memory(),
            "memoryNeedBytes": prover.memory_need().total(),
        });
        println!("{line}");
    }
    Ok(())
}
