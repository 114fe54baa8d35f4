use std::process::Command;

use maci_proving::ceremony::{Bundle, BundleError};

use crate::stage::Stage;
use crate::support::multiplier;

/// A folder of built circuits: the multiplier under the name of one of ours.
fn built() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("PollJoined_3");
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(multiplier().r1cs(), folder.join("PollJoined_3.r1cs")).unwrap();
    std::fs::copy(multiplier().symbols(), folder.join("PollJoined_3.sym")).unwrap();
    root
}

#[test]
fn a_bundle_holds_constraints_first_key_checksums_and_what_to_do() {
    let (stage, root, into) = (Stage::get(), built(), tempfile::tempdir().unwrap());
    let mut bundle = Bundle::begin(into.path(), &stage.at("tau.ptau")).unwrap();
    let made = bundle
        .add("PollJoined_3".parse().unwrap(), root.path())
        .unwrap()
        .clone();
    bundle.finish().unwrap();

    let read = |name: &str| std::fs::read(into.path().join(name)).unwrap();
    assert!(read("PollJoined_3/PollJoined_3_0000.zkey") == std::fs::read(stage.at("zero.zkey")).unwrap());
    assert!(read("PollJoined_3/PollJoined_3.r1cs") == std::fs::read(multiplier().r1cs()).unwrap());
    let mut check = Command::new("sha256sum");
    let checked = check
        .args(["--check", "--strict", "SHA256SUMS"])
        .current_dir(into.path())
        .output()
        .unwrap();
    assert!(checked.status.success());
    assert_eq!(String::from_utf8(checked.stdout).unwrap().lines().count(), 3);
    let instructions = String::from_utf8(read("README.md")).unwrap();
    assert!(instructions.contains(&made.hash.to_string()) && instructions.contains("tau.ptau"));
    assert!(!instructions.contains('{'), "{instructions}");
}

#[test]
fn a_circuit_that_is_not_built_is_named_with_the_command_that_builds_it() {
    let (stage, into) = (Stage::get(), tempfile::tempdir().unwrap());
    let mut bundle = Bundle::begin(into.path(), &stage.at("tau.ptau")).unwrap();
    let error = bundle.add("PollJoined_3".parse().unwrap(), into.path()).unwrap_err();
    assert!(matches!(error, BundleError::NotBuilt { .. }));
    assert!(error.to_string().contains("circuits build"), "{error}");
}
