use cid::Cid;
use futures::{TryStreamExt, stream};
use reqwest::{Client, Url};
use secrecy::SecretString;
use serde::Deserialize;

use super::{Outcome, PinError};
use crate::ipfs::fetch::{kubo_url, with_token};
use crate::ipfs::{Codec, Ipfs};

/// Blocks sent at the same time.
const SENDS: usize = 8;

/// A Kubo node, by its RPC.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) client: &'a Client,
    pub(super) rpc: &'a Url,
    pub(super) token: Option<&'a SecretString>,
}

#[derive(Deserialize)]
struct Put {
    #[serde(rename = "Key")]
    key: String,
}

#[derive(Deserialize)]
struct Pins {
    #[serde(rename = "Pins")]
    pins: Vec<String>,
}

impl Node<'_> {
    /// Gives the node every block below a root, checking that it names each as we do, and has it pin the root with all
    /// of them.
    pub(super) async fn pin(&self, ipfs: &Ipfs, root: Cid) -> Result<Outcome, PinError> {
        let blocks = ipfs.walk(root).await?;
        stream::iter(blocks.into_iter().map(Ok))
            .map_ok(|(cid, bytes)| self.put(cid, bytes))
            .try_buffer_unordered(SENDS)
            .try_collect::<Vec<()>>()
            .await?;
        let arguments = [("arg", root.to_string()), ("recursive", "true".to_owned())];
        let answer = self.call("pin/add", &arguments, None).await?;
        let pins: Pins = read("pin/add", &answer)?;
        if is_among(root, &pins.pins) {
            return Ok(Outcome::Pinned);
        }
        Err(PinError::OtherContent {
            ours: root,
            theirs: pins.pins.join(", "),
        })
    }

    async fn put(&self, cid: Cid, bytes: bytes::Bytes) -> Result<(), PinError> {
        let codec = Codec::of(&cid).map_or("raw", Codec::name);
        let arguments = [("cid-codec", codec.to_owned()), ("mhtype", "sha2-256".to_owned())];
        let answer = self.call("block/put", &arguments, Some(bytes)).await?;
        let put: Put = read("block/put", &answer)?;
        if is_among(cid, std::slice::from_ref(&put.key)) {
            return Ok(());
        }
        Err(PinError::OtherContent {
            ours: cid,
            theirs: put.key,
        })
    }

    async fn call(
        &self,
        command: &'static str,
        arguments: &[(&str, String)],
        file: Option<bytes::Bytes>,
    ) -> Result<bytes::Bytes, PinError> {
        let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut request = with_token(self.client.post(kubo_url(self.rpc, command, &arguments)), self.token);
        if let Some(bytes) = file {
            let (kind, body) = multipart(&bytes);
            request = request.header(reqwest::header::CONTENT_TYPE, kind).body(body);
        }
        let response = request.send().await.map_err(PinError::unreachable)?;
        let status = response.status();
        let answer = response.bytes().await.map_err(PinError::unreachable)?;
        if status.is_success() {
            return Ok(answer);
        }
        Err(PinError::Refused {
            call: command,
            status,
            text: String::from_utf8_lossy(&answer).chars().take(200).collect(),
        })
    }
}

/// A form with one file, and its content type. The boundary follows from the bytes, so it is not in them.
fn multipart(bytes: &[u8]) -> (String, Vec<u8>) {
    let boundary = format!("block-{}", hex::encode(maci_protocol::cid::ContentDigest::of(bytes).0));
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"data\"; filename=\"block\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, format!("\r\n--{boundary}--\r\n").as_bytes()].concat();
    (format!("multipart/form-data; boundary={boundary}"), body)
}

fn is_among(cid: Cid, names: &[String]) -> bool {
    names
        .iter()
        .any(|name| name.parse::<Cid>().is_ok_and(|named| named == cid))
}

fn read<T: for<'de> Deserialize<'de>>(call: &'static str, answer: &[u8]) -> Result<T, PinError> {
    serde_json::from_slice(answer).map_err(|error| PinError::Unreadable {
        call,
        reason: error.to_string(),
    })
}
