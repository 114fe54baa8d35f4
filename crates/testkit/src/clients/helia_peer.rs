use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::ClientError;
use crate::places;

/// The script.
const SCRIPT: &str = "peer.mjs";

/// A Helia node that listens and exchanges blocks with others over Bitswap. It ends when this is dropped.
#[derive(Debug)]
pub struct HeliaPeer {
    _child: Child,
    requests: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl HeliaPeer {
    /// Starts one.
    ///
    /// # Errors
    /// When its packages are not installed, or it does not start.
    pub async fn start() -> Result<Self, ClientError> {
        let (folder, node) = places::helia().map_err(|missing| failed(&missing))?;
        let mut child = Command::new(node)
            .arg(folder.join("src").join(SCRIPT))
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(ClientError::Node)?;
        let (Some(requests), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed(&"it has no pipes"));
        };
        let mut peer = Self {
            _child: child,
            requests,
            answers: BufReader::new(answers).lines(),
            address: String::new(),
        };
        let first = peer.answer().await?;
        let address = first.pointer("/addresses/0").and_then(Value::as_str);
        peer.address = address.unwrap_or_default().to_owned();
        Ok(peer)
    }

    /// Where others reach it, with who it is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Lets it act; `helia/src/peer.mjs` says which actions there are.
    ///
    /// # Errors
    /// When the action fails.
    pub async fn act(&mut self, action: &Value) -> Result<Value, ClientError> {
        let line = format!("{action}\n");
        let written = self.requests.write_all(line.as_bytes()).await;
        written.map_err(|error| failed(&error))?;
        let answer = self.answer().await?;
        match answer.get("error") {
            Some(error) => Err(failed(error)),
            None => Ok(answer),
        }
    }

    async fn answer(&mut self) -> Result<Value, ClientError> {
        let line = self.answers.next_line().await.map_err(|error| failed(&error))?;
        let line = line.ok_or_else(|| failed(&"it ended"))?;
        serde_json::from_str(&line).map_err(|source| ClientError::Unreadable {
            script: SCRIPT.to_owned(),
            line,
            source,
        })
    }
}

fn failed(reason: &dyn std::fmt::Display) -> ClientError {
    ClientError::Failed {
        script: SCRIPT.to_owned(),
        reason: reason.to_string(),
    }
}
