//! Senders' keys: born here, from a keystore, or from the environment.

use std::path::Path;

use alloy::primitives::B256;
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use maci_custody::{Cost, CustodyError, GasKey, Passphrase, SenderKey};
use maci_protocol::ids::ChainId;
use serde_json::{Value, json};

const FIRST_OF_ANVIL: &str = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const MAINNET: ChainId = ChainId(1);

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.into()).unwrap()
}

#[test]
fn the_gas_key_is_made_once_and_its_address_is_readable_without_the_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys/gas.json");
    assert_eq!(GasKey::address(&path).unwrap(), None);
    let made = GasKey::open_or_create(&path, &passphrase("one"), Cost::LIGHT).unwrap();
    let opened = GasKey::open_or_create(&path, &passphrase("one"), Cost::LIGHT).unwrap();
    assert_eq!((made.is_new, opened.is_new), (true, false));
    assert_eq!(opened.key.address(), made.key.address());
    assert_eq!(GasKey::address(&path).unwrap(), Some(made.key.address()));
    let wrong = GasKey::open_or_create(&path, &passphrase("two"), Cost::LIGHT);
    assert!(matches!(wrong, Err(CustodyError::WrongPassphrase { .. })));
    let signature = made.key.on_chain(MAINNET).unwrap().sign_message_sync(b"hello").unwrap();
    let signer = signature.recover_address_from_msg(b"hello").unwrap();
    assert_eq!(signer.into_array(), made.key.address().0);
}

#[test]
fn a_damaged_gas_key_is_not_replaced_by_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gas.json");
    GasKey::open_or_create(&path, &passphrase("one"), Cost::LIGHT).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for damaged in [&whole[..whole.len() / 2], b""] {
        std::fs::write(&path, damaged).unwrap();
        let refused = GasKey::open_or_create(&path, &passphrase("one"), Cost::LIGHT);
        assert!(matches!(refused, Err(CustodyError::Damaged { .. })));
        assert!(matches!(GasKey::address(&path), Err(CustodyError::Damaged { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), damaged);
    }
}

#[test]
fn of_many_that_make_the_gas_key_at_once_all_get_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gas.json");
    let makers: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || GasKey::open_or_create(&path, &passphrase("one"), Cost::LIGHT).unwrap())
        })
        .collect();
    let keys: Vec<_> = makers.into_iter().map(|maker| maker.join().unwrap()).collect();
    assert_eq!(keys.iter().filter(|key| key.is_new).count(), 1);
    assert!(keys.iter().all(|key| key.key.address() == keys[0].key.address()));
}

#[test]
fn keys_from_the_environment_are_read_or_refused_without_being_repeated() {
    let key = SenderKey::from_private_key(FIRST_OF_ANVIL).unwrap();
    assert_eq!(key.address().to_string(), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    let bare = SenderKey::from_private_key(&format!(" {}\n", &FIRST_OF_ANVIL[2..])).unwrap();
    assert_eq!(bare.address(), key.address());

    let zero = "0".repeat(64);
    let too_large = "f".repeat(64);
    for text in [
        "",
        "0x",
        "0x12",
        &FIRST_OF_ANVIL[..65],
        &zero,
        &too_large,
        &format!("{FIRST_OF_ANVIL}00"),
    ] {
        let error = SenderKey::from_private_key(text).unwrap_err();
        assert!(matches!(error, CustodyError::NotAnEthereumKey));
    }
    let nearly = "test test test test test test test test test test test test";
    for phrase in ["", "test", nearly, "not words at all"] {
        let error = SenderKey::from_mnemonic(phrase, 0).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("test"));
    }
    assert_eq!(format!("{key:?}"), format!("SenderKey({})", key.address()));
}

#[test]
fn a_published_account_signs_on_development_chains_alone_and_a_signer_is_bound_to_its_chain() {
    let key = SenderKey::from_private_key(FIRST_OF_ANVIL).unwrap();
    assert!(matches!(
        key.on_chain(MAINNET),
        Err(CustodyError::PublishedAccount { .. })
    ));
    let signer = key.on_chain(ChainId(31_337)).unwrap();
    assert_eq!(alloy::signers::SignerSync::chain_id_sync(&signer), Some(31_337));
}

/// Writes a keystore that foundry or geth could have written, with cheap parameters.
fn keystore(folder: &Path) -> (std::path::PathBuf, SenderKey) {
    let secret = B256::repeat_byte(0x42);
    let (_, _) =
        PrivateKeySigner::encrypt_keystore(folder, &mut rand::thread_rng(), secret, "one", Some("store")).unwrap();
    let key = SenderKey::from(PrivateKeySigner::from_bytes(&secret).unwrap());
    (folder.join("store"), key)
}

#[test]
fn a_keystore_opens_with_its_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = keystore(folder.path());
    let opened = SenderKey::from_keystore(&path, &passphrase("one")).unwrap();
    assert_eq!(opened.address(), key.address());
    let wrong = SenderKey::from_keystore(&path, &passphrase("two"));
    assert!(matches!(wrong, Err(CustodyError::WrongPassphrase { .. })));
    let missing = SenderKey::from_keystore(&folder.path().join("none"), &passphrase("one"));
    assert!(matches!(missing, Err(CustodyError::File { .. })));
}

#[test]
fn a_hostile_keystore_is_refused_before_it_costs_anything() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = keystore(folder.path());
    let whole: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut changed = whole.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        std::fs::write(&path, changed.to_string()).unwrap();
        SenderKey::from_keystore(&path, &passphrase("one")).unwrap_err()
    };
    for n in [1_u64 << 40, 1 << 63] {
        assert!(matches!(
            with("/crypto/kdfparams/n", json!(n)),
            CustodyError::TooCostly { .. }
        ));
    }
    assert!(matches!(
        with("/crypto/kdfparams/r", json!(1 << 30)),
        CustodyError::TooCostly { .. }
    ));
    assert!(matches!(
        with("/crypto/kdfparams/p", json!(1 << 20)),
        CustodyError::TooCostly { .. }
    ));
    for (pointer, value) in [
        ("/crypto/kdfparams/n", json!(0)),
        ("/crypto/kdfparams/n", json!(1000)),
        ("/crypto/kdfparams/dklen", json!(0)),
        ("/crypto/kdfparams/dklen", json!(16)),
        ("/crypto/kdfparams", json!({})),
        ("/crypto/cipherparams/iv", json!("00")),
        ("/crypto/ciphertext", json!("")),
        ("/crypto/mac", json!("zz")),
        ("/crypto/kdf", json!("md5")),
        ("/crypto/kdf", json!("pbkdf2")),
        ("/crypto/cipher", json!("rot13")),
        ("/version", json!(1)),
    ] {
        let refused = with(pointer, value.clone());
        assert!(
            matches!(refused, CustodyError::Damaged { .. }),
            "{pointer} {value}: {refused}"
        );
    }
}

#[test]
fn a_keystore_that_ends_early_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = keystore(folder.path());
    let whole = std::fs::read(&path).unwrap();
    for length in (0..whole.len()).step_by(7) {
        std::fs::write(&path, &whole[..length]).unwrap();
        let refused = SenderKey::from_keystore(&path, &passphrase("one"));
        assert!(matches!(refused, Err(CustodyError::Damaged { .. })), "{length} bytes");
    }
}
