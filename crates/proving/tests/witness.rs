//! Witnesses of a small circuit, and what is said when there is none.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use ark_bn254::Fr;
use maci_proving::formats::r1cs::{R1cs, Unsatisfied};
use maci_proving::witness::{InputError, Inputs, ModuleCache, WasmCalculator, Witness, WitnessError};
use support::{inputs, multiplier, multiplier_calculator};

#[test]
fn a_witness_satisfies_its_circuit_and_shows_the_public_values_first() {
    let witness = multiplier_calculator().witness(&inputs(3, [5, 11])).unwrap();
    let r1cs = R1cs::read(&multiplier().r1cs()).unwrap();
    assert_eq!(r1cs.shape.publics(), 3);
    assert_eq!(witness.publics(3), [330, 5, 11].map(Fr::from));
    assert_eq!(r1cs.check(&witness), Ok(()));
}

#[test]
fn the_compilers_products_are_recognised_and_replaced() {
    assert!(multiplier_calculator().is_accelerated());
}

#[test]
fn a_changed_wire_breaks_a_constraint() {
    let witness = multiplier_calculator().witness(&inputs(3, [5, 11])).unwrap();
    let r1cs = R1cs::read(&multiplier().r1cs()).unwrap();
    for wire in 1..witness.values().len() {
        let mut values = witness.values().to_vec();
        values[wire] += Fr::from(1);
        let broken = r1cs.check(&Witness::new(values)).unwrap_err();
        assert!(matches!(broken, Unsatisfied::Row { .. }), "wire {wire}: {broken}");
    }
}

#[test]
fn a_witness_of_another_length_is_of_another_circuit() {
    let r1cs = R1cs::read(&multiplier().r1cs()).unwrap();
    let short = Witness::new(vec![Fr::from(1); 2]);
    assert!(matches!(r1cs.check(&short), Err(Unsatisfied::Length { found: 2, .. })));
}

#[test]
fn inputs_without_a_witness_are_named_by_template_and_line() {
    let error = multiplier_calculator().witness(&inputs(7, [5, 11])).unwrap_err();
    let WitnessError::AssertFailed { place: Some(place) } = &error else {
        panic!("{error:?}")
    };
    assert!(place.contains("Multiplier") && place.contains("line: 15"), "{place}");
    assert!(
        !error.to_string().contains('7'),
        "no secret value in a message: {error}"
    );
}

#[test]
fn inputs_that_break_a_constraint_have_no_witness() {
    let wrong = [("secret", 3), ("square", 10)].map(|(name, value)| (name, vec![Fr::from(value)]));
    let mut wrong: Inputs = wrong.into_iter().collect();
    wrong.push("factors", vec![Fr::from(5), Fr::from(11)]);
    let error = multiplier_calculator().witness(&wrong).unwrap_err();
    let WitnessError::AssertFailed { place: Some(place) } = &error else {
        panic!("{error:?}")
    };
    assert!(place.contains("line: 20"), "{place}");
}

#[test]
fn wrong_inputs_are_named_before_the_circuit_runs() {
    let calculator = multiplier_calculator();
    let with = |signals: &[(&str, usize)]| -> InputError {
        let inputs = signals
            .iter()
            .map(|&(name, len)| (name, vec![Fr::from(1); len]))
            .collect();
        match calculator.witness(&inputs) {
            Err(WitnessError::Inputs(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let signal = |name: &str| name.to_owned();
    assert_eq!(with(&[("secret", 1)]), InputError::Missing { given: 1, expected: 4 });
    assert_eq!(
        with(&[("secret", 1), ("factors", 3)]),
        InputError::Size {
            signal: signal("factors"),
            expected: 2,
            found: 3
        },
    );
    assert_eq!(
        with(&[("secret", 1), ("factors", 2), ("other", 1)]),
        InputError::Unknown {
            signal: signal("other")
        },
    );
    assert_eq!(
        with(&[("secret", 1), ("factors", 2), ("square", 1), ("secret", 1)]),
        InputError::Twice {
            signal: signal("secret")
        },
    );
}

#[test]
fn nested_json_inputs_are_flattened_and_reduced() {
    let order = "21888242871839275222246405745257275088548364400416034343698204186575808495617";
    let json = serde_json::json!({ "secret": order, "factors": [["-1"], [3]] });
    let inputs = Inputs::from_json(&json).unwrap();
    let values: Vec<Vec<Fr>> = inputs.iter().map(|(_, values)| values.to_vec()).collect();
    assert_eq!(values, [vec![Fr::from(0)], vec![-Fr::from(1), Fr::from(3)]]);
    assert_eq!(
        Inputs::from_json(&serde_json::json!({ "secret": true })).unwrap_err(),
        InputError::NotANumber {
            signal: "secret".into()
        },
    );
}

/// A folder with a copy of the multiplier's calculator, and a cache that keeps modules beside it.
fn calculator_of_its_own() -> (tempfile::TempDir, std::path::PathBuf, ModuleCache) {
    let folder = tempfile::tempdir().unwrap();
    let wasm = folder.path().join("multiplier.wasm");
    std::fs::copy(multiplier().wasm(), &wasm).unwrap();
    let cache = ModuleCache::in_folder(&folder.path().join("elsewhere"));
    (folder, wasm, cache)
}

fn kept_modules(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let paths = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "module"))
        .collect()
}

#[test]
fn a_compiled_calculator_is_kept_beside_its_wasm_and_used_again() {
    let (folder, wasm, cache) = calculator_of_its_own();
    let fresh = WasmCalculator::open(&wasm, &cache).unwrap();
    assert_eq!(kept_modules(folder.path()).len(), 1);
    let again = WasmCalculator::open(&wasm, &cache).unwrap();
    let values = |calculator: &WasmCalculator| calculator.witness(&inputs(4, [9, 2])).unwrap().values().to_vec();
    assert_eq!(values(&fresh), values(&again));
    assert!(!folder.path().join("elsewhere").exists());
}

#[test]
fn a_damaged_compiled_calculator_is_compiled_anew() {
    let (folder, wasm, cache) = calculator_of_its_own();
    drop(WasmCalculator::open(&wasm, &cache).unwrap());
    std::fs::write(&kept_modules(folder.path())[0], b"not a module").unwrap();
    assert!(WasmCalculator::open(&wasm, &cache).is_ok());
}

#[test]
fn a_file_that_is_no_calculator_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("circuit.wasm");
    let whole = std::fs::read(multiplier().wasm()).unwrap();
    // An empty module is valid wasm, but exports nothing.
    for bytes in [b"hello".as_slice(), &whole[..whole.len() / 2], b"\0asm\x01\0\0\0"] {
        std::fs::write(&path, bytes).unwrap();
        let error = WasmCalculator::open(&path, &ModuleCache::in_memory()).unwrap_err();
        assert!(matches!(error, WitnessError::NotACalculator { .. }), "{error}");
    }
}

#[test]
fn a_witness_file_survives_the_round_trip_and_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("multiplier.wtns");
    let witness = multiplier_calculator().witness(&inputs(3, [5, 11])).unwrap();
    witness.write(&path).unwrap();
    assert_eq!(Witness::read(&path).unwrap().values(), witness.values());
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
