//! The identity of our own IPFS node stays the same, for its owner alone.

use maci_custody::{CustodyError, PeerKey};

#[test]
fn an_identity_is_made_once_for_its_owner_alone_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let made = PeerKey::open_or_create(folder.path()).unwrap();
    let again = PeerKey::open_or_create(folder.path()).unwrap();
    assert_eq!(*made.secret(), *again.secret());
    assert_ne!(*made.secret(), [0; 32]);
    assert_eq!(format!("{made:?}"), "PeerKey");
    let other = tempfile::tempdir().unwrap();
    assert_ne!(*PeerKey::open_or_create(other.path()).unwrap().secret(), *made.secret());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = std::fs::metadata(folder.path().join("peer-key.hex")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_damaged_identity_is_refused_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("peer-key.hex");
    for text in ["", "abc", &"g".repeat(64), &"a".repeat(66)] {
        std::fs::write(&path, text).unwrap();
        let refused = PeerKey::open_or_create(folder.path());
        assert!(matches!(refused, Err(CustodyError::Damaged { .. })), "{refused:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}
