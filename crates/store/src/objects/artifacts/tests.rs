use std::fs;

use tempfile::TempDir;

use super::*;
use crate::Objects;
use crate::objects::open;

fn artifacts() -> (TempDir, Artifacts) {
    let folder = tempfile::tempdir().unwrap();
    let artifacts = Artifacts::new(open(&Objects::Local, folder.path()).unwrap());
    (folder, artifacts)
}

fn file(folder: &TempDir, key: &ArtifactKey) -> std::path::PathBuf {
    folder.path().join(place(key).as_ref())
}

#[tokio::test]
async fn what_was_put_is_found_whole() {
    let (_folder, artifacts) = artifacts();
    let key = ArtifactKey::of("proof", &[b"inputs", b"zkey"]);
    assert_eq!(artifacts.get(&key).await.unwrap(), Found::Missing);
    for content in [&b""[..], b"{}", &[0, 255, 10]] {
        artifacts.put(&key, content).await.unwrap();
        assert_eq!(artifacts.get(&key).await.unwrap(), Found::Whole(content.to_vec()));
    }
}

#[tokio::test]
async fn any_changed_or_missing_byte_makes_an_artifact_damaged_until_it_is_put_again() {
    let (folder, artifacts) = artifacts();
    let key = ArtifactKey::of("proof", &[b"inputs"]);
    artifacts.put(&key, b"the proof").await.unwrap();
    let path = file(&folder, &key);
    let whole = fs::read(&path).unwrap();
    for place in 0..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        for damaged in [&changed[..], &whole[..place]] {
            fs::write(&path, damaged).unwrap();
            let found = artifacts.get(&key).await.unwrap();
            assert!(matches!(found, Found::Damaged { .. }), "byte {place}: {found:?}");
        }
    }
    artifacts.put(&key, b"the proof").await.unwrap();
    assert_eq!(artifacts.get(&key).await.unwrap(), Found::Whole(b"the proof".to_vec()));
}

#[tokio::test]
async fn an_artifact_under_another_ones_name_is_damaged() {
    let (folder, artifacts) = artifacts();
    let (one, other) = (ArtifactKey::of("proof", &[b"1"]), ArtifactKey::of("proof", &[b"2"]));
    artifacts.put(&one, b"of one").await.unwrap();
    artifacts.put(&other, b"of the other").await.unwrap();
    fs::copy(file(&folder, &one), file(&folder, &other)).unwrap();
    assert!(matches!(artifacts.get(&other).await.unwrap(), Found::Damaged { .. }));
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
