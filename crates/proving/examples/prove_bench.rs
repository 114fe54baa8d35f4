//! Measures one circuit: loading, witness, proof.
//!
//! `prove_bench <root> <circuit> <input.json> [rounds]` prints one JSON line; times are in seconds,
//! memory in bytes. `<root>` has the official layout; `<circuit>` is a name such as
//! `MessageProcessorQv_10-20-2`.

use std::path::Path;
use std::time::{Duration, Instant};

use maci_protocol::CircuitId;
use maci_proving::witness::{Inputs, ModuleCache};
use maci_proving::{Backend, CircuitArtifacts, Prover};
use serde_json::json;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (root, circuit, input, rounds) = match arguments.as_slice() {
        [root, circuit, input] => (root, circuit, input, 1),
        [root, circuit, input, rounds] => (root, circuit, input, rounds.parse()?),
        _ => return Err("usage: prove_bench <root> <circuit> <input.json> [rounds]".into()),
    };
    let circuit: CircuitId = circuit.parse()?;
    let artifacts = CircuitArtifacts::open(Path::new(root), circuit)?;
    let inputs = Inputs::from_json(&serde_json::from_slice(&std::fs::read(input)?)?)?;
    let modules = ModuleCache::in_folder(&Path::new(root).join(".modules"));

    let (prover, load) = timed(|| Prover::load(&artifacts, Backend::default(), &modules));
    let prover = prover?;
    let loaded = peak_memory();
    for _ in 0..rounds {
        let (witness, witness_time) = timed(|| prover.witness(&inputs));
        let witness = witness?;
        let (proof, proof_time) = timed(|| prover.prove_witness(&witness));
        proof?;
        let line = json!({
            "circuit": circuit.to_string(),
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

struct Timing {
    wall: Duration,
    cpu: Duration,
}

impl Timing {
    fn to_json(&self) -> serde_json::Value {
        json!({ "wall": self.wall.as_secs_f64(), "cpu": self.cpu.as_secs_f64() })
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Timing) {
    let (started, cpu) = (Instant::now(), cpu_time());
    let result = work();
    (
        result,
        Timing {
            wall: started.elapsed(),
            cpu: cpu_time().saturating_sub(cpu),
        },
    )
}

/// CPU time of all threads of this process.
fn cpu_time() -> Duration {
    /// Clock ticks in a second, as Linux reports them to programs.
    const TICKS: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in parentheses; user and system time are 14 and 15.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// The largest resident memory so far, in bytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
