use proptest::prelude::*;
use zeroize::Zeroizing;

use super::*;
use crate::error::CustodyError;
use crate::passphrase::Passphrase;

const SUBJECT: Subject<'static> = Subject {
    kind: "coordinator",
    name: "spring",
    public: "macipk.01",
};

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.into()).unwrap()
}

fn sealed() -> String {
    let secret = Zeroizing::new([0xa5; 32]);
    seal(SUBJECT, &secret[..], &passphrase("right"), Cost::LIGHT)
        .unwrap()
        .to_text()
        .unwrap()
}

/// Reads and opens a file's text.
fn opened(text: &[u8], passphrase: &Passphrase) -> Result<[u8; 32], CustodyError> {
    let file = SealedFile::parse("the key", text)?;
    open("the key", &file, passphrase).map(|secret| *secret)
}

/// A file with one piece of its text changed and the checksum made right again.
fn forged(from: &str, to: &str) -> Vec<u8> {
    let text = sealed();
    assert!(text.contains(from), "{from}");
    let file: SealedFile = serde_json::from_str(&text.replacen(from, to, 1)).unwrap();
    file.to_text().unwrap().into_bytes()
}

#[test]
fn a_sealed_secret_opens_with_its_passphrase_alone() {
    let text = sealed();
    assert_eq!(opened(text.as_bytes(), &passphrase("right")).unwrap(), [0xa5; 32]);
    for wrong in ["Right", "right ", "righ", "wrong"] {
        let refused = opened(text.as_bytes(), &passphrase(wrong));
        assert!(matches!(refused, Err(CustodyError::WrongPassphrase { .. })));
    }
}

#[test]
fn the_same_secret_is_never_sealed_the_same_way_and_never_in_the_open() {
    let (one, other) = (sealed(), sealed());
    assert_ne!(one, other);
    assert!(!one.contains("a5a5a5a5"));
}

#[test]
fn every_changed_byte_is_damage_and_not_a_wrong_passphrase() {
    let text = sealed().into_bytes();
    for place in 0..text.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut changed = text.clone();
            changed[place] ^= flip;
            let refused = opened(&changed, &passphrase("right")).unwrap_err();
            assert!(
                matches!(refused, CustodyError::Damaged { .. } | CustodyError::NewerFormat { .. }),
                "byte {place}: {refused}"
            );
        }
    }
}

#[test]
fn every_truncated_file_is_damaged() {
    let text = sealed().into_bytes();
    for length in 0..text.len() {
        let refused = opened(&text[..length], &passphrase("right"));
        assert!(matches!(refused, Err(CustodyError::Damaged { .. })), "{length} bytes");
    }
}

#[test]
fn a_newline_at_the_end_does_no_harm() {
    let text = sealed() + "\n";
    assert_eq!(opened(text.as_bytes(), &passphrase("right")).unwrap(), [0xa5; 32]);
}

#[test]
fn a_forged_kind_name_or_public_half_does_not_open() {
    for (from, to) in [
        ("\"coordinator\"", "\"gas\""),
        ("spring", "autumn"),
        ("macipk.01", "macipk.02"),
    ] {
        let refused = opened(&forged(from, to), &passphrase("right"));
        assert!(
            matches!(refused, Err(CustodyError::WrongPassphrase { .. })),
            "{to}: {refused:?}"
        );
    }
}

#[test]
fn a_file_that_asks_for_the_whole_memory_is_refused_before_any_is_used() {
    for (from, to) in [
        ("\"memoryKib\": 8", "\"memoryKib\": 104857600"),
        ("\"passes\": 1", "\"passes\": 4294967295"),
        ("\"lanes\": 1", "\"lanes\": 16777215"),
    ] {
        let refused = opened(&forged(from, to), &passphrase("right"));
        assert!(
            matches!(refused, Err(CustodyError::TooCostly { .. })),
            "{to}: {refused:?}"
        );
    }
}

#[test]
fn a_file_that_asks_for_too_little_is_refused() {
    for (from, to) in [
        ("\"memoryKib\": 8", "\"memoryKib\": 0"),
        ("\"passes\": 1", "\"passes\": 0"),
        ("\"lanes\": 1", "\"lanes\": 0"),
    ] {
        let refused = opened(&forged(from, to), &passphrase("right"));
        assert!(matches!(refused, Err(CustodyError::Cost { .. })), "{to}: {refused:?}");
    }
}

#[test]
fn a_file_of_another_way_of_sealing_is_refused() {
    for (from, to) in [
        ("argon2id", "argon2d"),
        ("xchacha20-poly1305", "none"),
        ("\"version\": 1", "\"version\": 0"),
    ] {
        let refused = opened(&forged(from, to), &passphrase("right"));
        assert!(
            matches!(refused, Err(CustodyError::Damaged { .. })),
            "{to}: {refused:?}"
        );
    }
    let newer = opened(&forged("\"version\": 1", "\"version\": 2"), &passphrase("right"));
    assert!(matches!(newer, Err(CustodyError::NewerFormat { version: 2, .. })));
}

proptest! {
    #[test]
    fn any_bytes_are_a_sealed_file_or_an_error(bytes: Vec<u8>, text in r#"\{"format": ?"maci-sealed-key", ?"version": ?[0-9]{1,30}.*"#) {
        prop_assert!(SealedFile::parse("the key", &bytes).is_err());
        prop_assert!(SealedFile::parse("the key", text.as_bytes()).is_err());
    }
}
