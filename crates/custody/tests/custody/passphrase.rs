//! Passphrases come from callers and files.

use maci_custody::{CoordinatorKeys, Cost, CustodyError, Passphrase};

#[test]
fn a_files_first_line_is_the_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("passphrase");
    let keys = CoordinatorKeys::at(folder.path().join("keys"), Cost::LIGHT);
    let plain = Passphrase::new(b"correct horse ".to_vec()).unwrap();
    keys.create(&"spring".parse().unwrap(), &plain).unwrap();
    for text in ["correct horse ", "correct horse \n", "correct horse \r\nnotes\n"] {
        std::fs::write(&path, text).unwrap();
        let from_file = Passphrase::from_file(&path).unwrap().passphrase;
        keys.open(&"spring".parse().unwrap(), &from_file).unwrap();
    }
}

#[test]
fn an_empty_missing_or_huge_file_is_no_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("passphrase");
    assert!(matches!(Passphrase::from_file(&path), Err(CustodyError::File { .. })));
    for text in ["", "\n", "\r\n", "\nsecond line"] {
        std::fs::write(&path, text).unwrap();
        assert!(
            matches!(Passphrase::from_file(&path), Err(CustodyError::EmptyPassphrase)),
            "{text:?}"
        );
    }
    std::fs::write(&path, "x".repeat(1 << 20)).unwrap();
    assert!(matches!(
        Passphrase::from_file(&path),
        Err(CustodyError::Damaged { .. })
    ));
    assert!(matches!(
        Passphrase::new(Vec::new()),
        Err(CustodyError::EmptyPassphrase)
    ));
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_told_about() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("passphrase");
    std::fs::write(&path, "hush").unwrap();
    for (mode, is_open) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let file = Passphrase::from_file(&path).unwrap();
        assert_eq!(file.warning.is_some(), is_open, "{mode:o}");
        assert!(!format!("{file:?}").contains("hush"));
    }
}
