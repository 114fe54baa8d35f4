//! Coordinators' keys are born sealed, found by their public half, and never shown.

use maci_crypto::keys::PrivateKey;
use maci_custody::{CoordinatorKey, CoordinatorKeys, Cost, CustodyError, KeyName, Passphrase};
use maci_protocol::ids::ChainId;
use tempfile::TempDir;

const SAMPLE: &str = "macisk.5e203463e80f38f11fecbfeca93cbd78ec40b7d82ccf1ba6068fbc23b99f57b1";
const MAINNET: ChainId = ChainId(1);
const ANVIL: ChainId = ChainId(31_337);

fn keys() -> (TempDir, CoordinatorKeys) {
    let folder = tempfile::tempdir().unwrap();
    let keys = CoordinatorKeys::at(folder.path().join("keys"), Cost::LIGHT);
    (folder, keys)
}

fn name(text: &str) -> KeyName {
    text.parse().unwrap()
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.into()).unwrap()
}

fn seed_of(key: &CoordinatorKey) -> [u8; 32] {
    *key.on_chain(ANVIL).unwrap().private_key.expose_seed()
}

#[test]
fn a_new_key_opens_with_its_passphrase_and_is_found_by_its_public_half() {
    let (_folder, keys) = keys();
    let made = keys.create(&name("spring"), &passphrase("one")).unwrap();
    let other = keys.create(&name("autumn"), &passphrase("two")).unwrap();
    assert_ne!(made.public_key(), other.public_key());

    let opened = keys.open(&name("spring"), &passphrase("one")).unwrap();
    assert_eq!(seed_of(&opened), seed_of(&made));
    let list = keys.list().unwrap();
    let names: Vec<_> = list.keys.iter().map(|key| key.name.as_str()).collect();
    assert_eq!((names, list.unreadable.len()), (vec!["autumn", "spring"], 0));
    assert_eq!(
        keys.find_by_public_key(&made.public_key()).unwrap(),
        Some(name("spring"))
    );
    let stranger = PrivateKey::from_seed([9; 32]).public_key();
    assert_eq!(keys.find_by_public_key(&stranger).unwrap(), None);
}

#[test]
fn a_key_is_never_overwritten() {
    let (_folder, keys) = keys();
    let made = keys.create(&name("spring"), &passphrase("one")).unwrap();
    let again = keys.create(&name("spring"), &passphrase("two"));
    assert!(matches!(again, Err(CustodyError::NameTaken { .. })));
    let kept = keys.open(&name("spring"), &passphrase("one")).unwrap();
    assert_eq!(kept.public_key(), made.public_key());
}

#[test]
fn a_missing_key_and_a_wrong_passphrase_are_told_apart() {
    let (_folder, keys) = keys();
    let missing = keys.open(&name("spring"), &passphrase("one"));
    assert!(matches!(missing, Err(CustodyError::NoSuchKey { .. })));
    keys.create(&name("spring"), &passphrase("one")).unwrap();
    let wrong = keys.open(&name("spring"), &passphrase("two"));
    assert!(matches!(wrong, Err(CustodyError::WrongPassphrase { .. })));
}

#[test]
fn a_damaged_key_is_listed_as_such_beside_the_others() {
    let (folder, keys) = keys();
    for one in ["spring", "autumn"] {
        keys.create(&name(one), &passphrase("one")).unwrap();
    }
    std::fs::write(folder.path().join("keys/spring.key.json"), b"{}").unwrap();
    std::fs::write(folder.path().join("keys/notes.txt"), b"not a key").unwrap();
    let list = keys.list().unwrap();
    assert_eq!(list.keys.len(), 1);
    assert!(matches!(list.unreadable[..], [CustodyError::Damaged { .. }]));
}

#[test]
fn a_key_file_under_another_keys_name_is_refused() {
    let (folder, keys) = keys();
    keys.create(&name("spring"), &passphrase("one")).unwrap();
    let place = |key: &str| folder.path().join(format!("keys/{key}.key.json"));
    std::fs::copy(place("spring"), place("autumn")).unwrap();
    let refused = keys.open(&name("autumn"), &passphrase("one"));
    assert!(matches!(refused, Err(CustodyError::Damaged { .. })), "{refused:?}");
}

#[test]
fn a_backup_opens_with_its_own_passphrase_and_restores_the_key() {
    let (_folder, keys) = keys();
    let made = keys.create(&name("spring"), &passphrase("one")).unwrap();
    let wrong = keys.export(&name("spring"), &passphrase("backup"), &passphrase("backup"));
    assert!(matches!(wrong, Err(CustodyError::WrongPassphrase { .. })));
    let backup = keys
        .export(&name("spring"), &passphrase("one"), &passphrase("backup"))
        .unwrap();

    let (_elsewhere, others) = self::keys();
    let refused = others.restore(&name("old"), &backup, &passphrase("one"), &passphrase("new"));
    assert!(matches!(refused, Err(CustodyError::WrongPassphrase { .. })));
    others
        .restore(&name("old"), &backup, &passphrase("backup"), &passphrase("new"))
        .unwrap();
    let restored = others.open(&name("old"), &passphrase("new")).unwrap();
    assert_eq!(seed_of(&restored), seed_of(&made));
}

#[test]
fn a_published_sample_works_on_development_chains_alone() {
    let sample = CoordinatorKey::parse(SAMPLE).unwrap();
    for chain in [ANVIL, ChainId(1_337)] {
        assert!(sample.on_chain(chain).is_ok());
    }
    for chain in [MAINNET, ChainId(10), ChainId(11_155_111)] {
        assert!(matches!(sample.on_chain(chain), Err(CustodyError::PublishedKey { .. })));
    }
    let (_folder, keys) = keys();
    assert!(
        keys.create(&name("own"), &passphrase("one"))
            .unwrap()
            .on_chain(MAINNET)
            .is_ok()
    );
}

#[test]
fn no_secret_is_in_any_text() {
    let (_folder, keys) = keys();
    let key = keys
        .import(
            &name("spring"),
            CoordinatorKey::parse(SAMPLE).unwrap(),
            &passphrase("hush"),
        )
        .unwrap();
    let secret = &SAMPLE["macisk.".len()..];
    let texts = [
        format!("{key:?} {keys:?} {:?}", passphrase("hush")),
        keys.export(&name("spring"), &passphrase("hush"), &passphrase("hush"))
            .unwrap(),
        format!("{:?}", key.on_chain(ANVIL).unwrap()),
        complaint(key.on_chain(MAINNET)),
        complaint(keys.open(&name("spring"), &passphrase("hush, hush"))),
        complaint(CoordinatorKey::parse(&format!("{SAMPLE}0"))),
        complaint(CoordinatorKey::parse(&format!("0x{secret}"))),
        complaint(SAMPLE.parse::<KeyName>()),
    ];
    for text in texts {
        assert!(!text.contains(secret) && !text.contains("hush"), "{text}");
    }
}

/// Everything an error says.
fn complaint<T: std::fmt::Debug>(result: Result<T, CustodyError>) -> String {
    let error = result.unwrap_err();
    format!("{error} {error:?}")
}

#[test]
fn a_name_that_leads_elsewhere_is_refused() {
    for text in ["", ".", "..", "a/b", "a.b", "A", "ü", "a b", &"x".repeat(65)] {
        assert!(
            matches!(text.parse::<KeyName>(), Err(CustodyError::BadName { .. })),
            "{text:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn keys_are_for_their_owner_alone() {
    use std::os::unix::fs::MetadataExt;

    let (folder, keys) = keys();
    keys.create(&name("spring"), &passphrase("one")).unwrap();
    let mode = |path: &str| std::fs::metadata(folder.path().join(path)).unwrap().mode() & 0o777;
    assert_eq!((mode("keys"), mode("keys/spring.key.json")), (0o700, 0o600));
}
