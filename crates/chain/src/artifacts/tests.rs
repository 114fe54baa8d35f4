use std::fs;

use maci_protocol::ids::EthAddress;
use serde_json::{Value, json};

use super::*;

/// A folder with one artifact, MACI's, of this content.
fn folder_with(maci: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = ContractSource::MACI.path_below(folder.path());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, maci.to_string()).unwrap();
    folder
}

fn maci(inputs: &Value, bytecode: &str, links: &Value) -> Value {
    json!({
        "abi": [{ "type": "constructor", "stateMutability": "nonpayable", "inputs": inputs }],
        "bytecode": bytecode,
        "linkReferences": links,
    })
}

fn input(kind: &str) -> Value {
    json!({ "name": "one", "type": kind, "internalType": kind })
}

/// `InitParams` of generation B.
fn init_params() -> Value {
    let mut parts = vec![input("address"); 6];
    parts.extend([input("uint8"), input("uint256[5]")]);
    json!([{ "name": "initParams", "type": "tuple", "internalType": "struct InitParams", "components": parts }])
}

#[test]
fn the_generation_is_read_from_the_constructor() {
    let six = json!([
        input("address"),
        input("address"),
        input("address"),
        input("address"),
        input("uint8"),
        input("uint256[5]")
    ]);
    for (inputs, expected) in [(six, Generation::A), (init_params(), Generation::B)] {
        let folder = folder_with(&maci(&inputs, "0x00", &json!({})));
        assert_eq!(Artifacts::open(folder.path()).unwrap().generation().unwrap(), expected);
    }
}

#[test]
fn a_fork_s_constructor_is_of_no_generation() {
    let mut fork = init_params();
    fork[0]["components"].as_array_mut().unwrap().push(input("address"));
    let folder = folder_with(&maci(&fork, "0x00", &json!({})));
    let refused = Artifacts::open(folder.path()).unwrap().generation().unwrap_err();
    assert!(
        matches!(refused, ArtifactError::UnknownGeneration { inputs: 1, .. }),
        "{refused}"
    );
}

#[test]
fn a_folder_without_contracts_names_the_command_that_installs_them() {
    let refused = Artifacts::open(Path::new("/nowhere")).unwrap_err();
    assert!(refused.to_string().contains("npm ci"), "{refused}");
}

#[test]
fn a_library_s_address_takes_the_placeholder_s_place() {
    let placeholder = format!("__$${}$$__", "a".repeat(34)).replace("$$", "$");
    let code = format!("0x60{placeholder}61");
    let links = json!({ "contracts/crypto/PoseidonT3.sol": { "PoseidonT3": [{ "start": 1, "length": 20 }] } });
    let folder = folder_with(&maci(&json!([]), &code, &links));
    let artifact = Artifacts::open(folder.path())
        .unwrap()
        .contract(ContractSource::MACI)
        .unwrap();

    let refused = artifact.init_code(&Libraries::default(), &[]).unwrap_err();
    assert!(
        matches!(&refused, ArtifactError::NotLinked { library, .. } if library.ends_with("PoseidonT3")),
        "{refused}"
    );

    let mut libraries = Libraries::default();
    libraries.insert(ContractSource::POSEIDON_T3, EthAddress([7; 20]));
    let linked = artifact.init_code(&libraries, &[1, 2]).unwrap();
    assert_eq!(linked[..], [&[0x60][..], &[7; 20], &[0x61, 1, 2]].concat());
}

#[test]
fn damaged_artifacts_are_errors() {
    let outside = json!({ "x.sol": { "X": [{ "start": 99, "length": 20 }] } });
    let huge = json!({ "x.sol": { "X": [{ "start": usize::MAX, "length": 20 }] } });
    for damaged in [
        json!({}),
        json!([]),
        maci(&json!([]), "0x", &json!({})),
        maci(&json!([]), "0x00", &outside),
        maci(&json!([]), "0x00", &huge),
    ] {
        let folder = folder_with(&damaged);
        let refused = Artifacts::open(folder.path())
            .unwrap()
            .contract(ContractSource::MACI)
            .unwrap_err();
        assert!(matches!(refused, ArtifactError::Malformed { .. }), "{damaged}");
    }
    let folder = folder_with(&maci(&json!([]), "0xzz", &json!({})));
    let artifact = Artifacts::open(folder.path())
        .unwrap()
        .contract(ContractSource::MACI)
        .unwrap();
    assert!(matches!(
        artifact.init_code(&Libraries::default(), &[]),
        Err(ArtifactError::Malformed { .. })
    ));
}
