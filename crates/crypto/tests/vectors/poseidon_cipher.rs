//! `poseidon_cipher.json`: encryption, checked and unchecked decryption.

use crate::source::{fr, frs, list, load, number, point, text};
use maci_crypto::cipher::{CipherError, decrypt, decrypt_unchecked, encrypt};

#[test]
fn ciphertexts_are_the_recorded_ones_and_decrypt_again() {
    for case in list(&load("poseidon_cipher")) {
        let (key, nonce) = (point(&case["key"]), text(&case["nonce"]).parse().unwrap());
        let (plaintext, ciphertext) = (frs(&case["plaintext"]), frs(&case["ciphertext"]));
        assert_eq!(number(&case["length"]), plaintext.len() as u64);
        assert_eq!(encrypt(&plaintext, &key, nonce), ciphertext);
        assert_eq!(
            decrypt(&ciphertext, &key, nonce, plaintext.len()),
            Ok(plaintext.clone())
        );
        assert_eq!(
            decrypt_unchecked(&ciphertext, &key, nonce, plaintext.len()),
            Ok(plaintext)
        );
    }
}

#[test]
fn a_wrong_key_or_a_tampered_tag_is_noticed_only_by_the_checked_decryption() {
    for case in list(&load("poseidon_cipher")) {
        let nonce = text(&case["nonce"]).parse().unwrap();
        let length = list(&case["plaintext"]).len();
        let ciphertext = frs(&case["ciphertext"]);
        let tampered = frs(&case["tamperedTag"]["ciphertext"]);
        let wrong_key = point(&case["wrongKey"]["key"]);
        for (ciphertext, key, expected) in [
            (ciphertext, wrong_key, &case["wrongKey"]),
            (tampered, point(&case["key"]), &case["tamperedTag"]),
        ] {
            assert_eq!(expected["checkedDecryptFails"], true);
            assert_eq!(decrypt(&ciphertext, &key, nonce, length), Err(CipherError::Tampered));
            let unchecked = list(&expected["uncheckedDecrypt"]).iter().map(fr).collect();
            assert_eq!(decrypt_unchecked(&ciphertext, &key, nonce, length), Ok(unchecked));
        }
    }
}
