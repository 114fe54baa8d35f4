//! Approvals of the published libraries, to compare ours with.

use std::process::Stdio;

use serde::Deserialize;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::AccountsError;
use crate::places;

const SCRIPT: &str = "approval.js";

/// What an owner's wallet makes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MadeApproval {
    /// The account's address.
    pub account: String,
    /// The text.
    pub approval: String,
}

/// Has `@zerodev/permissions` make an approval: `{ rpc, chainId, owner, session, policies }`, the owner by its private key,
/// the session key by its address, policies as `{ type, … }` with the library's own parameters.
///
/// # Errors
/// When the packages are not installed, or the script fails.
pub async fn make_approval(request: &Value) -> Result<MadeApproval, AccountsError> {
    let folder = places::accounts()?;
    let mut child = Command::new("node")
        .arg(folder.join("src").join(SCRIPT))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(AccountsError::Node)?;
    if let Some(mut input) = child.stdin.take() {
        let written = input.write_all(request.to_string().as_bytes()).await;
        written.map_err(AccountsError::Node)?;
    }
    let output = child.wait_with_output().await.map_err(AccountsError::Node)?;
    let failed = |reason: String| AccountsError::Failed { script: SCRIPT, reason };
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))
}
