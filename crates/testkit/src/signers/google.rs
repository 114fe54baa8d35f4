//! Google Cloud KMS.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use alloy::signers::local::PrivateKeySigner;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::header::HeaderValue;
use hyper::{HeaderMap, Response};
use serde_json::json;

use super::amazon::base64;
use super::http::{Answer, Asked, Server, json as answer, serve};
use super::key::Key;

/// Google Cloud KMS with one key: gRPC with protocol buffers, and the address at which a service account's signed claim
/// becomes the token it takes.
#[derive(Debug)]
pub struct GcpKmsDouble {
    server: Server,
    key: Arc<Key>,
}

/// What the token's address answers.
const TOKEN: &str = "ya29.a-token-for-tests";

/// The key's full name.
const NAME: &str = "projects/maci/locations/global/keyRings/ring/cryptoKeys/sender/cryptoKeyVersions/1";

/// The service, as paths name it.
const SERVICE: &str = "/google.cloud.kms.v1.KeyManagementService";

impl GcpKmsDouble {
    /// Starts it with a key: version 1 of `sender` in the ring `ring` of the project `maci`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(key: PrivateKeySigner) -> io::Result<Self> {
        let key = Arc::new(Key(key));
        let signs = key.clone();
        let server = serve(true, move |asked| {
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

    /// The address its key signs for.
    #[must_use]
    pub fn address(&self) -> String {
        self.key.address()
    }

    /// A service account's credentials, with this RSA key in PEM, that it gives tokens for.
    #[must_use]
    pub fn credentials(&self, rsa_key: &str) -> String {
        json!({
            "type": "service_account", "project_id": "maci", "private_key_id": "1", "private_key": rsa_key,
            "client_email": "sender@maci.example", "client_id": "1", "token_uri": format!("{}/token", self.server.url),
        })
        .to_string()
    }
}

fn respond(key: &Key, asked: &Asked) -> Answer {
    if asked.path == "/token" {
        let form = String::from_utf8_lossy(&asked.body);
        let is_claim = form.contains("grant-type%3Ajwt-bearer") && form.contains("assertion=ey");
        return if is_claim {
            answer(
                200,
                &json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600 }),
            )
        } else {
            answer(400, &json!({ "error": "invalid_grant" }))
        };
    }
    if asked.header("authorization") != format!("Bearer {TOKEN}") {
        return grpc(Err((16, "Request had invalid authentication credentials.")));
    }
    let Some(message) = asked.body.get(5..) else {
        return grpc(Err((3, "no message")));
    };
    if field(message, 1) != Some(NAME.as_bytes()) {
        return grpc(Err((5, "CryptoKeyVersion not found.")));
    }
    let method = asked.path.strip_prefix(SERVICE).unwrap_or_default();
    grpc(match method {
        "/GetPublicKey" => Ok(encoded(1, pem(&key.spki()).as_bytes())),
        // the digest is a message of its own, whose first field is SHA-256
        "/AsymmetricSign" => field(message, 3)
            .and_then(|digest| <[u8; 32]>::try_from(field(digest, 1)?).ok())
            .and_then(|digest| key.sign(&digest))
            .map(|signature| encoded(1, &signature))
            .ok_or((3, "The digest is not one of SHA-256.")),
        _ => Err((12, "unknown method")),
    })
}

fn pem(der: &[u8]) -> String {
    let text = base64(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    )
}

/// A field of bytes, as protocol buffers write it; shorter than 2^14 bytes.
fn encoded(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len();
    let mut message = vec![number << 3 | 2];
    if length < 0x80 {
        message.push(u8::try_from(length).unwrap_or(0));
    } else {
        message.push(u8::try_from(length & 0x7f).unwrap_or(0) | 0x80);
        message.push(u8::try_from(length >> 7).unwrap_or(0));
    }
    message.extend_from_slice(bytes);
    message
}

/// The bytes of a field; others before it are passed over.
fn field(mut message: &[u8], wanted: u64) -> Option<&[u8]> {
    while !message.is_empty() {
        let (tag, rest) = varint(message)?;
        let (value, rest) = varint(rest)?;
        if tag & 7 == 2 {
            let (bytes, after) = rest.split_at_checked(usize::try_from(value).ok()?)?;
            if tag >> 3 == wanted {
                return Some(bytes);
            }
            message = after;
        } else {
            message = rest;
        }
    }
    None
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0u64;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(index + 1..)?));
        }
    }
    None
}

/// An answer of gRPC: a message and a good end, or only a bad one.
fn grpc(outcome: Result<Vec<u8>, (u16, &'static str)>) -> Answer {
    let mut frames = Vec::new();
    let mut end = HeaderMap::new();
    match outcome {
        Ok(message) => {
            let mut framed = vec![0];
            framed.extend_from_slice(&u32::try_from(message.len()).unwrap_or(0).to_be_bytes());
            framed.extend_from_slice(&message);
            frames.push(Ok::<_, Infallible>(Frame::data(Bytes::from(framed))));
            end.insert("grpc-status", HeaderValue::from_static("0"));
        }
        Err((status, message)) => {
            end.insert("grpc-status", HeaderValue::from(status));
            end.insert("grpc-message", HeaderValue::from_static(message));
        }
    }
    frames.push(Ok(Frame::trailers(end)));
    let body = StreamBody::new(tokio_stream::iter(frames)).boxed();
    let mut answer = Response::new(body);
    let kind = HeaderValue::from_static("application/grpc");
    answer.headers_mut().insert(hyper::header::CONTENT_TYPE, kind);
    answer
}
