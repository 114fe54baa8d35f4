use std::fs;

use tempfile::TempDir;

use super::*;

fn artifacts() -> (TempDir, Artifacts) {
    let folder = tempfile::tempdir().unwrap();
    let artifacts = Artifacts::new(folder.path().join("artifacts"));
    (folder, artifacts)
}

#[test]
fn what_was_put_is_found_whole() {
    let (_folder, artifacts) = artifacts();
    let key = ArtifactKey::of("proof", &[b"inputs", b"zkey"]);
    assert_eq!(artifacts.get(&key).unwrap(), Found::Missing);
    for content in [&b""[..], b"{}", &[0, 255, 10]] {
        artifacts.put(&key, content).unwrap();
        assert_eq!(artifacts.get(&key).unwrap(), Found::Whole(content.to_vec()));
    }
}

#[test]
fn any_changed_or_missing_byte_makes_an_artifact_damaged_until_it_is_put_again() {
    let (_folder, artifacts) = artifacts();
    let key = ArtifactKey::of("proof", &[b"inputs"]);
    artifacts.put(&key, b"the proof").unwrap();
    let path = artifacts.path(&key);
    let whole = fs::read(&path).unwrap();
    for place in 0..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        for damaged in [&changed[..], &whole[..place]] {
            fs::write(&path, damaged).unwrap();
            let found = artifacts.get(&key).unwrap();
            assert!(matches!(found, Found::Damaged { .. }), "byte {place}: {found:?}");
        }
    }
    artifacts.put(&key, b"the proof").unwrap();
    assert_eq!(artifacts.get(&key).unwrap(), Found::Whole(b"the proof".to_vec()));
}

#[test]
fn an_artifact_under_another_ones_name_is_damaged() {
    let (_folder, artifacts) = artifacts();
    let (one, other) = (ArtifactKey::of("proof", &[b"1"]), ArtifactKey::of("proof", &[b"2"]));
    artifacts.put(&one, b"of one").unwrap();
    artifacts.put(&other, b"of the other").unwrap();
    fs::copy(artifacts.path(&one), artifacts.path(&other)).unwrap();
    assert!(matches!(artifacts.get(&other).unwrap(), Found::Damaged { .. }));
}

#[test]
fn causes_cannot_be_shifted_into_one_another() {
    let keys = [
        ArtifactKey::of("proof", &[b"ab", b"c"]),
        ArtifactKey::of("proof", &[b"a", b"bc"]),
        ArtifactKey::of("proof", &[b"abc"]),
        ArtifactKey::of("proofa", &[b"bc"]),
    ];
    for (place, key) in keys.iter().enumerate() {
        assert!(!keys[place + 1..].contains(key));
    }
}
