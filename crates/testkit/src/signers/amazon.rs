//! AWS KMS.

use std::io;
use std::sync::Arc;

use alloy::signers::local::PrivateKeySigner;
use serde_json::{Value, json};

use super::http::{Answer, Asked, Server, json as answer, serve};
use super::key::Key;

/// AWS KMS with one key. It takes requests that are signed (Signature Version 4) by the access key it knows, signs
/// digests as they are when told that they are digests, and refuses everything else as the real one does.
#[derive(Debug)]
pub struct AwsKmsDouble {
    server: Server,
    key: Arc<Key>,
}

/// The key's id.
const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

/// The access key that may use it.
const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";

impl AwsKmsDouble {
    /// Starts it with a key.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(key: PrivateKeySigner) -> io::Result<Self> {
        let key = Arc::new(Key(key));
        let signs = key.clone();
        let server = serve(false, move |asked| {
            let key = signs.clone();
            async move { respond(&key, &asked) }
        });
        Ok(Self {
            server: server.await?,
            key,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// The id of its key.
    #[must_use]
    pub fn key_id(&self) -> &'static str {
        KEY_ID
    }

    /// The address its key signs for.
    #[must_use]
    pub fn address(&self) -> String {
        self.key.address()
    }

    /// A credentials file whose access key it knows.
    #[must_use]
    pub fn credentials(&self) -> String {
        format!(
            "[default]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY\n"
        )
    }
}

fn refuse(kind: &str, message: &str) -> Answer {
    answer(400, &json!({ "__type": kind, "message": message }))
}

fn respond(key: &Key, asked: &Asked) -> Answer {
    let authorization = asked.header("authorization");
    let signed = [
        "AWS4-HMAC-SHA256 ",
        &format!("Credential={ACCESS_KEY}/"),
        "/kms/aws4_request",
        "Signature=",
    ];
    if !signed.iter().all(|part| authorization.contains(part)) || asked.header("x-amz-date").is_empty() {
        return refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    if text("KeyId") != KEY_ID {
        let message = format!("Key '{}' does not exist", text("KeyId"));
        return refuse("NotFoundException", &message);
    }
    let spec = "ECC_SECG_P256K1";
    match asked.header("x-amz-target") {
        "TrentService.GetPublicKey" => answer(
            200,
            &json!({
                "KeyId": KEY_ID, "KeySpec": spec, "CustomerMasterKeySpec": spec, "KeyUsage": "SIGN_VERIFY",
                "SigningAlgorithms": ["ECDSA_SHA_256"], "PublicKey": base64(&key.spki()),
            }),
        ),
        "TrentService.Sign" => sign(key, text("SigningAlgorithm"), text("MessageType"), text("Message")),
        other => refuse("UnknownOperationException", other),
    }
}

fn sign(key: &Key, algorithm: &str, kind: &str, message: &str) -> Answer {
    if algorithm != "ECDSA_SHA_256" {
        return refuse("ValidationException", "the key does not sign with this algorithm");
    }
    // without DIGEST the real one hashes the message once more, and the signature is of something else
    if kind != "DIGEST" {
        return refuse("ValidationException", "this stand-in signs digests only");
    }
    let digest = unbase64(message).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    match digest.and_then(|digest| key.sign(&digest)) {
        Some(signature) => answer(
            200,
            &json!({ "KeyId": KEY_ID, "SigningAlgorithm": algorithm, "Signature": base64(&signature) }),
        ),
        None => refuse(
            "ValidationException",
            "Digest is invalid length for algorithm ECDSA_SHA_256",
        ),
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn base64(bytes: &[u8]) -> String {
    let letter = |six: u32| char::from(ALPHABET.get(six as usize & 63).copied().unwrap_or(b'='));
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            text.push(if index > chunk.len() {
                '='
            } else {
                letter(word >> shift)
            });
        }
    }
    text
}

pub(super) fn unbase64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0u32, 0u32);
    for letter in text.trim_end_matches('=').bytes() {
        let six = ALPHABET.iter().position(|known| *known == letter)?;
        word = word << 6 | u32::try_from(six).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 0xff).ok()?);
        }
    }
    Some(bytes)
}
