//! A process's keys are locked until the passphrase is given, and one file brings all of them back.

use maci_custody::{CoordinatorKey, Cost, CustodyError, KeyName, Passphrase, SenderKey, Vault};
use maci_protocol::ids::ChainId;
use tempfile::TempDir;

const SAMPLE: &str = "macisk.5e203463e80f38f11fecbfeca93cbd78ec40b7d82ccf1ba6068fbc23b99f57b1";
const ANVIL: ChainId = ChainId(31_337);

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn vault(folder: &TempDir) -> Vault {
    Vault::at(folder.path(), Cost::LIGHT, Vec::new(), None)
}

fn unlocked(folder: &TempDir, text: &str) -> Vault {
    let vault = vault(folder);
    vault.unlock(passphrase(text)).unwrap();
    vault
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
fn who_needs_a_key_waits_until_a_promised_passphrase_was_tried() {
    let folder = folder();
    let gas = unlocked(&folder, "one").sender().unwrap().address();
    for (text, opens) in [("one", true), ("two", false)] {
        let vault = vault(&folder);
        vault.await_unlocking();
        let waiting = std::thread::spawn({
            let vault = vault.clone();
            move || vault.sender()
        });
        assert_eq!(vault.unlock(passphrase(text)).is_ok(), opens);
        match waiting.join().unwrap() {
            Ok(sender) => assert!(opens && sender.address() == gas),
            Err(error) => assert!(!opens && matches!(error, CustodyError::Locked), "{error}"),
        }
    }
}

#[test]
fn a_locked_vault_tells_what_is_public_and_opens_nothing() {
    let folder = folder();
    let key = unlocked(&folder, "one").create(&name("spring")).unwrap();
    let gas = unlocked(&folder, "one").sender().unwrap().address();

    let locked = vault(&folder);
    assert!(locked.is_locked());
    assert_eq!(locked.list().unwrap().keys[0].public_key, key.public_key());
    assert_eq!(locked.sender_address().unwrap(), Some(gas));
    assert!(matches!(locked.sender(), Err(CustodyError::Locked)));
    assert!(matches!(locked.named(&name("spring")), Err(CustodyError::Locked)));
    assert!(matches!(
        locked.coordinator(&key.public_key()),
        Err(CustodyError::Locked)
    ));
    assert!(matches!(locked.create(&name("autumn")), Err(CustodyError::Locked)));
    assert!(matches!(locked.backup(&passphrase("two")), Err(CustodyError::Locked)));
}

#[test]
fn the_passphrase_is_proved_on_the_keys_there_are() {
    for with_gas in [false, true] {
        let folder = folder();
        let first = unlocked(&folder, "one");
        first.create(&name("spring")).unwrap();
        if with_gas {
            first.sender().unwrap();
        }
        let again = vault(&folder);
        let wrong = again.unlock(passphrase("two"));
        assert!(matches!(wrong, Err(CustodyError::WrongPassphrase { .. })), "{with_gas}");
        assert!(again.is_locked());
        again.unlock(passphrase("one")).unwrap();
        assert!(again.named(&name("spring")).is_ok());
        let late = again.unlock(passphrase("two"));
        assert!(matches!(late, Err(CustodyError::WrongPassphrase { .. })), "{with_gas}");
        assert!(!again.is_locked());
    }
}

#[test]
fn a_key_is_opened_once_and_forgotten_when_the_vault_is_locked() {
    let folder = folder();
    let vault = unlocked(&folder, "one");
    let made = vault.create(&name("spring")).unwrap();
    vault.sender().unwrap();
    // what is opened needs no file any more
    let file = folder.path().join("spring.key.json");
    let text = std::fs::read(&file).unwrap();
    std::fs::write(&file, "damaged").unwrap();
    assert_eq!(seed_of(&vault.named(&name("spring")).unwrap()), seed_of(&made));
    vault.lock();
    assert!(matches!(vault.named(&name("spring")), Err(CustodyError::Locked)));
    vault.unlock(passphrase("one")).unwrap();
    assert!(matches!(
        vault.named(&name("spring")),
        Err(CustodyError::Damaged { .. })
    ));
    std::fs::write(&file, text).unwrap();
    assert!(vault.named(&name("spring")).is_ok());
}

#[test]
fn keys_from_the_environment_need_no_passphrase() {
    let folder = folder();
    let given = CoordinatorKey::parse(SAMPLE).unwrap();
    let sender = SenderKey::from_private_key(&"11".repeat(32)).unwrap();
    let vault = Vault::at(folder.path(), Cost::LIGHT, vec![given.clone()], Some(sender.clone()));
    let found = vault.coordinator(&given.public_key()).unwrap().unwrap();
    assert_eq!(seed_of(&found), seed_of(&given));
    assert_eq!(vault.sender().unwrap().address(), sender.address());
    assert_eq!(vault.sender_address().unwrap(), Some(sender.address()));
}

#[test]
fn a_backup_restores_every_key_elsewhere_and_twice_does_no_harm() {
    let (here, there) = (folder(), folder());
    let vault = unlocked(&here, "one");
    let keys = ["spring", "summer", "autumn"].map(|one| vault.create(&name(one)).unwrap());
    let gas = vault.sender().unwrap().address();
    std::fs::copy(
        "tests/vectors/rsa-private.pem",
        here.path().join("transport-private.pem"),
    )
    .unwrap();
    let backup = vault.backup(&passphrase("backup")).unwrap();

    let other = unlocked(&there, "two");
    let refused = other.restore(&backup, &passphrase("one"));
    assert!(matches!(refused, Err(CustodyError::WrongPassphrase { .. })));
    let restored = other.restore(&backup, &passphrase("backup")).unwrap();
    assert_eq!(restored.added, ["autumn", "spring", "summer", "gas", "transport"]);
    for (one, key) in ["spring", "summer", "autumn"].iter().zip(&keys) {
        assert_eq!(seed_of(&other.named(&name(one)).unwrap()), seed_of(key));
    }
    assert_eq!(other.sender().unwrap().address(), gas);
    assert!(unlocked(&there, "two").named(&name("spring")).is_ok());
    let again = other.restore(&backup, &passphrase("backup")).unwrap();
    assert_eq!((again.added.len(), again.present.len()), (0, 5));
}

#[test]
fn a_backup_is_a_new_file_for_its_owner_alone() {
    let folder = folder();
    let vault = unlocked(&folder, "one");
    let made = vault.create(&name("spring")).unwrap();
    let file = folder.path().join("backups/keys.json");
    vault.backup_to(&file, &passphrase("backup")).unwrap();
    let again = vault.backup_to(&file, &passphrase("backup"));
    assert!(matches!(again, Err(CustodyError::File { .. })), "{again:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let elsewhere = self::folder();
    let other = unlocked(&elsewhere, "two");
    other.restore_from(&file, &passphrase("backup")).unwrap();
    assert_eq!(seed_of(&other.named(&name("spring")).unwrap()), seed_of(&made));
}

#[test]
fn a_backup_overwrites_no_other_key() {
    let (here, there) = (folder(), folder());
    let vault = unlocked(&here, "one");
    vault.create(&name("spring")).unwrap();
    vault.sender().unwrap();
    let backup = vault.backup(&passphrase("backup")).unwrap();

    let other = unlocked(&there, "two");
    let own = other.create(&name("spring")).unwrap();
    let gas = other.sender().unwrap().address();
    let restored = other.restore(&backup, &passphrase("backup")).unwrap();
    assert_eq!(restored.conflicts, ["spring", "gas"]);
    assert_eq!(seed_of(&other.named(&name("spring")).unwrap()), seed_of(&own));
    assert_eq!(other.sender().unwrap().address(), gas);
}

#[test]
fn a_backup_holds_every_key_or_is_none() {
    let folder = folder();
    let vault = unlocked(&folder, "one");
    vault.create(&name("spring")).unwrap();
    std::fs::write(folder.path().join("spring.key.json"), "damaged").unwrap();
    let refused = vault.backup(&passphrase("backup"));
    assert!(matches!(refused, Err(CustodyError::Damaged { .. })));
}

#[test]
fn a_changed_backup_and_a_key_in_its_place_are_refused() {
    let folder = folder();
    let vault = unlocked(&folder, "one");
    vault.create(&name("spring")).unwrap();
    let backup = vault.backup(&passphrase("backup")).unwrap();
    let key = std::fs::read_to_string(folder.path().join("spring.key.json")).unwrap();
    for text in [backup.replace("spring", "winter"), backup[1..].to_owned(), key] {
        let refused = vault.restore(&text, &passphrase("backup"));
        assert!(matches!(refused, Err(CustodyError::Damaged { .. })), "{refused:?}");
    }
}

#[test]
fn no_secret_is_in_any_text() {
    let folder = folder();
    let vault = unlocked(&folder, "hush");
    let key = vault
        .import(&name("spring"), CoordinatorKey::parse(SAMPLE).unwrap())
        .unwrap();
    vault.sender().unwrap();
    let texts = [format!("{vault:?} {key:?}"), vault.backup(&passphrase("hush")).unwrap()];
    for text in texts {
        assert!(
            !text.contains(&SAMPLE["macisk.".len()..]) && !text.contains("hush"),
            "{text}"
        );
    }
}

#[test]
fn a_session_key_is_sealed_opened_after_a_restart_and_deleted_for_good() {
    let folder = folder();
    let vault_one = unlocked(&folder, "one");
    let address = vault_one.create_session_key().unwrap();
    assert_eq!(vault_one.session_key(address).unwrap().unwrap().address(), address);
    assert_ne!(vault_one.create_session_key().unwrap(), address);

    // on the disk there is no secret that opens without the passphrase
    let locked = vault(&folder);
    assert!(matches!(locked.session_key(address), Err(CustodyError::Locked)));
    let other = unlocked(&self::folder(), "two");
    assert!(other.session_key(address).unwrap().is_none());
    let restarted = unlocked(&folder, "one");
    assert_eq!(restarted.session_key(address).unwrap().unwrap().address(), address);

    assert!(restarted.delete_session_key(address).unwrap());
    assert!(!restarted.delete_session_key(address).unwrap());
    assert!(restarted.session_key(address).unwrap().is_none());
}
