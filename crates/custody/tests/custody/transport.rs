//! What clients encrypt with Node's own library opens here; everything else is refused with one answer.
//!
//! `tests/vectors/rsa-*.pem` and `rsa-node.txt` were made with Node 20: `crypto.generateKeyPairSync` (4096 bits, PKCS#1)
//! and `crypto.publicEncrypt` with its default padding.

use std::path::Path;

use maci_custody::{CustodyError, TransportKey};

const SAMPLE: &str = "macisk.5e203463e80f38f11fecbfeca93cbd78ec40b7d82ccf1ba6068fbc23b99f57b1";

fn vector(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)
}

fn key() -> TransportKey {
    TransportKey::read(Some(&vector("rsa-public.pem")), &vector("rsa-private.pem")).unwrap()
}

#[test]
fn what_node_encrypts_opens() {
    let sealed = std::fs::read_to_string(vector("rsa-node.txt")).unwrap();
    assert_eq!(*key().decrypt(&sealed).unwrap(), SAMPLE.as_bytes());
    assert_eq!(*key().decrypt(&key().encrypt(b"hello").unwrap()).unwrap(), b"hello");
}

#[test]
fn the_public_key_is_told_as_node_reads_it() {
    assert_eq!(
        key().public_pem(),
        std::fs::read_to_string(vector("rsa-public.pem")).unwrap()
    );
}

#[test]
fn whatever_does_not_open_is_refused_alike() {
    let key = key();
    let sealed = key.encrypt(b"hello").unwrap();
    let changed = sealed.replacen(&sealed[100..101], if &sealed[100..101] == "A" { "B" } else { "A" }, 1);
    for text in [
        "",
        "hello",
        &sealed[4..],
        &changed,
        &format!("{sealed}{sealed}"),
        &"A".repeat(1 << 20),
    ] {
        let refused = key.decrypt(text);
        assert!(matches!(refused, Err(CustodyError::NotForThisKey)), "{refused:?}");
    }
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = TransportKey::read(Some(&vector("rsa-private.pem")), &vector("rsa-private.pem"));
    assert!(matches!(refused, Err(CustodyError::Damaged { .. })), "{refused:?}");
    let refused = TransportKey::read(None, &folder.path().join("none.pem"));
    assert!(matches!(refused, Err(CustodyError::File { .. })), "{refused:?}");
    let other = folder.path().join("other.pem");
    std::fs::write(
        &other,
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
    )
    .unwrap();
    let refused = TransportKey::read(None, &other);
    assert!(matches!(refused, Err(CustodyError::Damaged { .. })), "{refused:?}");
}

#[test]
fn a_new_key_is_made_once_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let made = TransportKey::open_or_create(folder.path()).unwrap();
    let again = TransportKey::open_or_create(folder.path()).unwrap();
    assert_eq!(made.public_pem(), again.public_pem());
    assert!(made.public_pem().starts_with("-----BEGIN RSA PUBLIC KEY-----\n"));
    assert_eq!(*again.decrypt(&made.encrypt(b"hello").unwrap()).unwrap(), b"hello");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let private = std::fs::metadata(folder.path().join("transport-private.pem")).unwrap();
        assert_eq!(private.permissions().mode() & 0o777, 0o600);
    }
}
