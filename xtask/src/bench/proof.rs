//! Witness, proof and memory of one process batch at 10-20-2, beside circom's calculator, snarkjs and rapidsnark.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{
    constraints::newest,
    peak,
    report::Part,
    row::{Row, Unit},
};
use crate::{
    binary::{Binary, Profile, example},
    place::Place,
    shell::Tool,
};

const CIRCUIT: &str = "MessageProcessorQv_10-20-2";

/// The golden poll whose first batch is proved.
const POLL: &str = "vectors/polls/qv_b20_mixed.json";

/// How often everything is measured; the best counts, on every side.
const ROUNDS: usize = 3;

/// The fastest library's prover, which is one of our backends too.
const LIBRARY: &str = "taceo-groth16 on arkworks";

/// Memory a proof may take.
const MOST_MEMORY: f64 = (1_u64 << 30) as f64;

/// The files of the batch that is proved.
#[derive(Debug)]
struct Batch {
    root: PathBuf,
    zkey: PathBuf,
    wasm: PathBuf,
    calculator: PathBuf,
    inputs: PathBuf,
    witness: PathBuf,
    folder: PathBuf,
}

/// Times and peak memory of one prover.
#[derive(Debug, Clone, Copy)]
struct Cost {
    millis: f64,
    bytes: f64,
}

/// Measures everything about one batch.
pub(crate) fn measure(place: &Place, profile: Profile) -> Result<Part> {
    let batch = Batch::prepare(place, profile)?;
    let program = example(place, profile, "prove_bench")?;

    let calculator = script(
        place,
        "witness.js",
        &json!({
            "calculator": batch.calculator, "wasm": batch.wasm, "inputs": batch.inputs, "wtns": batch.witness, "rounds": ROUNDS,
        }),
    )?;
    let (witness, ours) = batch.ours(place, &program, None)?;
    let (_, portable) = batch.ours(place, &program, Some("portable"))?;
    let (_, library) = batch.ours(place, &program, Some("arkworks"))?;
    let snarkjs = script(place, "prove.js", &json!({ "zkey": batch.zkey, "wtns": batch.witness }))?;
    ensure!(
        snarkjs.get("verified") == Some(&Value::Bool(true)),
        "snarkjs does not accept its own proof under our key"
    );

    let row = |what: &str, ours, peer_name: &str, peer, unit, goal| Row {
        what: what.to_owned(),
        ours,
        peer_name: peer_name.to_owned(),
        peer,
        unit,
        goal: Some(goal),
    };
    let mut rows = vec![
        row(
            "witness",
            witness,
            "circom's wasm under Node",
            number(&calculator, "bestMs")?,
            Unit::Millis,
            0.8,
        ),
        row(
            "proof",
            ours.millis,
            "snarkjs",
            number(&snarkjs, "bestMs")?,
            Unit::Millis,
            1.0 / 8.0,
        ),
        row("proof", ours.millis, LIBRARY, library.millis, Unit::Millis, 1.0),
        row(
            "proof by the portable kernels",
            portable.millis,
            LIBRARY,
            library.millis,
            Unit::Millis,
            1.0,
        ),
        row(
            "peak memory of a proof",
            ours.bytes,
            "the limit, 1 GiB",
            MOST_MEMORY,
            Unit::Bytes,
            1.0,
        ),
    ];
    let mut notes = vec![format!(
        "One batch of `{POLL}` with {CIRCUIT}, development keys; the best of {ROUNDS} rounds (snarkjs: one). Every proof was verified."
    )];
    match env::var_os("RAPIDSNARK") {
        Some(program) => {
            let peer = batch.rapidsnark(Path::new(&program))?;
            rows.push(row("proof", ours.millis, "rapidsnark", peer.millis, Unit::Millis, 0.65));
            rows.push(row(
                "peak memory of a proof",
                ours.bytes,
                "rapidsnark",
                peer.bytes,
                Unit::Bytes,
                2.0,
            ));
        }
        None => notes.push(
            "rapidsnark was not measured: `RAPIDSNARK` did not name its prover. Where it was, on another machine with the \
             same circuit, taceo-groth16 took 0.58 of its time."
                .to_owned(),
        ),
    }
    Ok(Part {
        name: "proof",
        title: "Witness and proof of one batch",
        rows,
        notes,
    })
}

impl Batch {
    /// Makes circuit, key and inputs where they are missing.
    fn prepare(place: &Place, profile: Profile) -> Result<Self> {
        let coordinator = Binary::build(place, profile)?;
        coordinator
            .call(&["circuits", "setup", "--size", "10-20-2", "--mode", "qv"])
            .show()?;
        let root = coordinator.zkeys();
        let circuit = root.join(CIRCUIT);
        let zkey = fs::read_dir(&circuit)?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|kind| kind == "zkey"))
            .with_context(|| format!("no zkey in {}", circuit.display()))?;

        let folder = place.target.join("bench");
        fs::create_dir_all(&folder)?;
        let poll: Value = serde_json::from_str(&fs::read_to_string(place.at(POLL))?)?;
        let inputs = poll
            .pointer("/processBatches/0/circuitInputs")
            .with_context(|| format!("no batch in {POLL}"))?;
        let file = folder.join("inputs.json");
        fs::write(&file, inputs.to_string())?;
        Ok(Self {
            // circom writes the same one beside every circuit
            calculator: newest(&place.circuits, "witness_calculator.js")
                .context("circom's calculator is not in the cache")?,
            wasm: circuit.join(format!("{CIRCUIT}_js/{CIRCUIT}.wasm")),
            witness: folder.join("witness.wtns"),
            root,
            inputs: file,
            zkey,
            folder,
        })
    }

    /// Our witness and proof by the named backend or the fastest one: the best times of all rounds, and the peak memory
    /// of the whole process.
    fn ours(&self, place: &Place, program: &Path, backend: Option<&str>) -> Result<(f64, Cost)> {
        let [root, inputs] = [&self.root, &self.inputs].map(|path| path.to_string_lossy());
        let rounds = ROUNDS.to_string();
        let mut arguments = vec![&*root, CIRCUIT, &*inputs, &rounds];
        arguments.extend(backend);
        let text = Tool::new(&program.to_string_lossy(), &arguments, &place.root).read()?;
        let mut best = (
            f64::INFINITY,
            Cost {
                millis: f64::INFINITY,
                bytes: 0.0,
            },
        );
        for line in text.lines() {
            let round: Value = serde_json::from_str(line).with_context(|| format!("prove_bench says {line}"))?;
            let seconds = |part: &str| {
                round
                    .pointer(part)
                    .and_then(Value::as_f64)
                    .context("prove_bench gave no time")
            };
            best.0 = best.0.min(seconds("/witness/wall")? * 1000.0);
            best.1.millis = best.1.millis.min(seconds("/proof/wall")? * 1000.0);
            best.1.bytes = best.1.bytes.max(number(&round, "peakBytes")?);
        }
        Ok(best)
    }

    fn rapidsnark(&self, program: &Path) -> Result<Cost> {
        let mut best = Cost {
            millis: f64::INFINITY,
            bytes: 0.0,
        };
        for _ in 0..ROUNDS {
            let outputs = ["proof.json", "public.json"].map(|name| self.folder.join(name));
            let run = peak::run(Command::new(program).arg(&self.zkey).arg(&self.witness).args(&outputs))?;
            best.millis = best.millis.min(run.time.as_secs_f64() * 1000.0);
            best.bytes = best.bytes.max(run.peak_bytes.unwrap_or_default() as f64);
        }
        Ok(best)
    }
}

fn script(place: &Place, name: &str, request: &Value) -> Result<Value> {
    let script = format!("src/bench/{name}");
    let text = Tool::new("node", &[&script], &place.at("clients"))
        .input(request.to_string())
        .read()?;
    serde_json::from_str(&text).with_context(|| format!("{name} answered {text}"))
}

fn number(measured: &Value, field: &str) -> Result<f64> {
    measured
        .get(field)
        .and_then(Value::as_f64)
        .with_context(|| format!("no figure `{field}` in {measured}"))
}
