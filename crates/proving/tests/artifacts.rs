//! Folders in the official layout: ours, upstream's, and mixtures that do not belong together.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use ark_bn254::Fr;
use maci_protocol::circuit::CircuitFiles;
use maci_protocol::{CircuitId, Profile};
use maci_proving::artifacts::{ArtifactError, BuildError, CircuitArtifacts, Manifest, build, develop};
use maci_proving::compile::Compiler;
use maci_proving::prove::VerifiedProof;
use maci_proving::witness::{Inputs, ModuleCache};
use maci_proving::{Backend, ProveError, Prover, Remedy};
use support::circuits;
use tempfile::TempDir;

/// A circuits folder whose templates are stand-ins of the right number of public inputs, so that a
/// test compiles in milliseconds what really takes minutes.
fn stand_ins() -> (TempDir, Compiler) {
    let folder = tempfile::tempdir().unwrap();
    let modules = folder.path().join("node_modules");
    std::fs::create_dir(&modules).unwrap();
    let circom2 = circuits().canonicalize().unwrap().join("node_modules/circom2");
    std::os::unix::fs::symlink(circom2, modules.join("circom2")).unwrap();
    let source = "pragma circom 2.1.6;
        template PollJoined(depth) {
            signal input stateRoot;
            signal input privateKey;
            signal power[depth + 1];
            power[0] <== privateKey;
            for (var i = 0; i < depth; i++) { power[i + 1] <== power[i] * power[i]; }
            stateRoot === power[depth];
        }
        template PollJoining(depth) {
            signal input pollPublicKey[2];
            signal input nullifier;
            signal input stateRoot;
            signal input pollId;
            signal product <== pollPublicKey[0] * pollPublicKey[1];
            signal sum <== product * nullifier + stateRoot;
            sum * sum === pollId;
        }";
    std::fs::write(folder.path().join("stand_ins.circom"), source).unwrap();
    let template =
        |public: &[&str]| serde_json::json!({ "file": "stand_ins.circom", "parameters": ["depth"], "public": public });
    let templates = serde_json::json!({
        "PollJoined": template(&["stateRoot"]),
        "PollJoining": template(&["pollPublicKey", "nullifier", "stateRoot", "pollId"]),
    });
    std::fs::write(folder.path().join("templates.json"), templates.to_string()).unwrap();
    let compiler = Compiler::open(folder.path(), &folder.path().join("cache")).unwrap();
    (folder, compiler)
}

fn joined() -> CircuitId {
    "PollJoined_3".parse().unwrap()
}

/// A built circuit with its key below a fresh root.
fn made() -> (TempDir, CircuitArtifacts) {
    let (folder, compiler) = stand_ins();
    let root = folder.path().join("zkeys");
    build(&compiler, joined(), &root).unwrap();
    let artifacts = develop(joined(), &root).unwrap();
    (folder, artifacts)
}

fn root(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("zkeys")
}

#[test]
fn a_circuit_is_built_given_a_key_and_proved() {
    let (folder, artifacts) = made();
    assert!(artifacts.is_development_only());
    assert!(artifacts.zkey_path().to_str().unwrap().contains("development-only"));
    assert!(artifacts.expect_ceremony().is_err());

    let prover = Prover::load(&artifacts, Backend::default(), &ModuleCache::in_memory()).unwrap();
    let json = serde_json::json!({ "privateKey": "2", "stateRoot": "256" });
    let inputs = serde_json::from_value(json).unwrap();
    let proof = prover.prove(&inputs, &[Fr::from(256)]).unwrap();
    let key =
        maci_proving::formats::json::read_verifying_key(&root(&folder).join("PollJoined_3/verification_key.json"));
    assert!(VerifiedProof::check(&key.unwrap(), proof.publics(), proof.proof().clone()).is_ok());

    let error = prover.prove(&inputs, &[Fr::from(257)]).unwrap_err();
    assert!(matches!(error, ProveError::OtherPublics { index: 0, .. }), "{error}");
    assert_eq!(error.remedy(), Remedy::AskOperator);
}

#[test]
fn a_calculator_compiled_at_set_up_is_there_for_every_prover_until_the_circuit_changes() {
    let (folder, artifacts) = made();
    let beside = artifacts.wasm_path().unwrap().parent().unwrap().to_owned();
    let kept = || {
        let names = beside.read_dir().unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_str().unwrap().ends_with(".module")).count()
    };
    let modules = ModuleCache::in_folder(&folder.path().join("data/modules"));
    artifacts.precompile(&modules).unwrap();
    assert_eq!(kept(), 1);
    let other_data_folder = ModuleCache::in_folder(&folder.path().join("other/modules"));
    Prover::load(&artifacts, Backend::default(), &other_data_folder).unwrap();
    assert_eq!(kept(), 1);
    assert!(!folder.path().join("other").exists());

    std::fs::remove_file(root(&folder).join("PollJoined_3").join(Manifest::FILE)).unwrap();
    let compiler = Compiler::open(folder.path(), &folder.path().join("cache")).unwrap();
    build(&compiler, joined(), &root(&folder)).unwrap();
    assert_eq!(kept(), 0);
}

#[test]
fn inputs_without_a_witness_are_abandoned_and_named() {
    let (_folder, artifacts) = made();
    let prover = Prover::load(&artifacts, Backend::default(), &ModuleCache::in_memory()).unwrap();
    let inputs: Inputs = [("privateKey", vec![Fr::from(2)]), ("stateRoot", vec![Fr::from(3)])]
        .into_iter()
        .collect();
    let error = prover.witness(&inputs).unwrap_err();
    assert_eq!(error.remedy(), Remedy::Abandon);
    assert!(
        error.to_string().contains("PollJoined_3") && error.to_string().contains("line"),
        "{error}"
    );
}

#[test]
fn building_again_keeps_what_is_there_until_the_sources_change() {
    let (folder, compiler) = stand_ins();
    let root = folder.path().join("zkeys");
    let first = build(&compiler, joined(), &root).unwrap();
    let key = develop(joined(), &root).unwrap().verifying_key().clone();
    build(&compiler, joined(), &root).unwrap();
    assert_eq!(develop(joined(), &root).unwrap().verifying_key(), &key);

    let source = folder.path().join("stand_ins.circom");
    let changed = std::fs::read_to_string(&source)
        .unwrap()
        .replace("=== power[depth]", "=== power[depth] + 1");
    std::fs::write(&source, changed).unwrap();
    let second = build(&compiler, joined(), &root).unwrap();
    assert_ne!(first.source_hash, second.source_hash);
    let missing = CircuitArtifacts::open(&root, joined()).unwrap_err();
    assert!(
        matches!(missing, ArtifactError::NoKey { .. }),
        "the old circuit's key is gone: {missing}"
    );
}

#[test]
fn a_key_for_a_circuit_that_is_not_built_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let error = develop(joined(), folder.path()).unwrap_err();
    assert!(matches!(error, BuildError::NotBuilt { .. }) && error.to_string().contains("circuits build"));
}

/// Renames ours to what an official archive would hold: no manifest, `.0.zkey`, `_test` names.
fn as_official(root: &Path) -> CircuitFiles {
    let (ours, theirs) = (
        CircuitFiles::new("PollJoined_3"),
        CircuitFiles::new("PollJoined_3_test"),
    );
    let development = root.join("PollJoined_3/PollJoined_3.development-only.zkey");
    for (from, to) in [
        (development, theirs.zkey(root)),
        (ours.wasm(root), theirs.wasm(root)),
        (ours.r1cs(root), theirs.r1cs(root)),
    ] {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::rename(from, to).unwrap();
    }
    theirs
}

#[test]
fn a_folder_in_the_official_layout_works_in_place_of_ours() {
    let (folder, ours) = made();
    let files = as_official(&root(&folder));
    let theirs = CircuitArtifacts::open_as(&root(&folder), joined(), &files, None).unwrap();
    assert_eq!(theirs.verifying_key(), ours.verifying_key());
    assert!(theirs.expect_key(ours.verifying_key()).is_ok());
    assert_eq!(theirs.profile(), None, "joining is the same in all profiles");
    assert!(
        theirs.is_development_only(),
        "without a contribution its maker knows the secrets"
    );
    assert!(Prover::load(&theirs, Backend::default(), &ModuleCache::in_memory()).is_ok());
}

#[test]
fn a_key_other_than_the_registered_one_is_refused_by_circuit() {
    let (_folder, ours) = made();
    let (_other, registered) = made();
    let error = ours.expect_key(registered.verifying_key()).unwrap_err();
    assert!(error.to_string().contains("PollJoined_3"), "{error}");
}

#[test]
fn files_of_different_circuits_are_refused_before_proving() {
    let (folder, compiler) = stand_ins();
    let root = folder.path().join("zkeys");
    let other: CircuitId = "PollJoined_4".parse().unwrap();
    for circuit in [joined(), other] {
        build(&compiler, circuit, &root).unwrap();
        develop(circuit, &root).unwrap();
    }
    let files = |circuit: CircuitId| CircuitFiles::new(circuit.to_string());

    // Another circuit's calculator.
    std::fs::copy(files(other).wasm(&root), files(joined()).wasm(&root)).unwrap();
    let artifacts = CircuitArtifacts::open(&root, joined()).unwrap();
    let error = Prover::load(&artifacts, Backend::default(), &ModuleCache::in_memory()).unwrap_err();
    assert!(
        matches!(
            error,
            ProveError::Artifacts(ArtifactError::OtherCircuit { what: "wires", .. })
        ),
        "{error}"
    );

    // Another circuit's constraints.
    std::fs::remove_file(files(joined()).r1cs(&root)).unwrap();
    std::fs::copy(files(other).r1cs(&root), files(joined()).r1cs(&root)).unwrap();
    let error = CircuitArtifacts::open(&root, joined()).unwrap_err();
    assert!(
        matches!(error, ArtifactError::OtherCircuit { what: "wires", .. }),
        "{error}"
    );

    // A key with another number of public values.
    let joining: CircuitId = "PollJoining_3".parse().unwrap();
    build(&compiler, joining, &root).unwrap();
    let key = root.join("PollJoined_4/PollJoined_4.development-only.zkey");
    std::fs::copy(key, files(joining).zkey(&root)).unwrap();
    let error = CircuitArtifacts::open(&root, joining).unwrap_err();
    assert!(
        matches!(
            error,
            ArtifactError::OtherCircuit {
                what: "public values",
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn missing_files_are_named_with_where_they_would_be() {
    let (folder, _) = made();
    let root = root(&folder);
    let files = CircuitFiles::new("PollJoined_3");
    std::fs::remove_file(files.wasm(&root)).unwrap();
    let error = CircuitArtifacts::open(&root, joined()).unwrap_err();
    assert!(matches!(error, ArtifactError::NoCalculator { .. }), "{error}");
    let error = CircuitArtifacts::open(folder.path(), joined()).unwrap_err();
    assert!(error.to_string().contains("PollJoined_3.0.zkey"), "{error}");
}

#[test]
fn a_native_calculator_in_the_folder_is_used() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, _) = made();
    let root = root(&folder);
    let files = CircuitFiles::new("PollJoined_3");
    // A program of the native calculators' interface that lets circom's JavaScript do the work.
    let script = format!(
        "#!/bin/sh\nexec node {0}/generate_witness.js {1} \"$1\" \"$2\"\n",
        calculator_folder(folder.path()).display(),
        files.wasm(&root).display(),
    );
    let native = files.native(&root);
    std::fs::create_dir_all(native.parent().unwrap()).unwrap();
    std::fs::write(&native, script).unwrap();
    std::fs::set_permissions(&native, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(native.with_extension("dat"), "").unwrap();

    let artifacts = CircuitArtifacts::open(&root, joined()).unwrap();
    assert!(artifacts.native().is_some());
    let prover = Prover::load(&artifacts, Backend::default(), &ModuleCache::in_memory()).unwrap();
    let inputs = serde_json::json!({ "privateKey": "2", "stateRoot": "256" });
    assert!(
        prover
            .prove(&serde_json::from_value(inputs).unwrap(), &[Fr::from(256)])
            .is_ok()
    );
    let wrong: Inputs = [("privateKey", vec![Fr::from(2)]), ("stateRoot", vec![Fr::from(3)])]
        .into_iter()
        .collect();
    assert!(prover.witness(&wrong).is_err());
}

/// Where circom put `generate_witness.js`.
fn calculator_folder(circuits: &Path) -> std::path::PathBuf {
    let folders = circuits.join("cache").read_dir().unwrap();
    let folders = folders.map(|entry| entry.unwrap().path().join("PollJoined_3_js"));
    folders.into_iter().find(|folder| folder.is_dir()).unwrap()
}

#[test]
fn a_manifest_that_does_not_describe_its_neighbours_is_refused() {
    let (folder, _) = made();
    let file = root(&folder).join("PollJoined_3").join(Manifest::FILE);
    let mut manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    manifest["wires"] = 1.into();
    std::fs::write(&file, manifest.to_string()).unwrap();
    assert!(matches!(
        CircuitArtifacts::open(&root(&folder), joined()),
        Err(ArtifactError::OtherCircuit { .. })
    ));
    std::fs::write(&file, "{}").unwrap();
    assert!(matches!(
        CircuitArtifacts::open(&root(&folder), joined()),
        Err(ArtifactError::Manifest { .. })
    ));
}

#[test]
fn the_operators_word_is_needed_only_where_the_files_do_not_tell() {
    use maci_proving::artifacts::{ProfileEvidence, profile_of};
    let own_size: CircuitId = "MessageProcessorQv_5-3-1".parse().unwrap();
    assert_eq!(profile_of(own_size, 60_000), ProfileEvidence::Unknown);
    let (folder, _) = made();
    let manifest = Manifest::read(&root(&folder).join("PollJoined_3")).unwrap().unwrap();
    assert_eq!(manifest.profile, Profile::Hardened);
}
