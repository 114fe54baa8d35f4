//! The contracts.

use std::process::Stdio;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::process::Command;

use super::AccountsError;
use crate::anvil::{ACCOUNTS, Anvil};
use crate::places;
use crate::rpc::RpcError;

const SCRIPT: &str = "contracts.js";

/// The contract that makes contracts at addresses that follow from their code, on every chain.
const DEPLOYER: &str = "0x4e59b44847b379578588920ca78fbf26c0b4956c";

/// The code of the contracts that smart accounts need.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountContracts {
    entry_point: EntryPoint,
    placed: Vec<Placed>,
    paymaster: String,
    bell: String,
}

#[derive(Debug, Clone, Deserialize)]
struct EntryPoint {
    address: String,
    salt: String,
    creation: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Placed {
    address: String,
    creation: String,
}

impl AccountContracts {
    /// Reads the packages, and compiles what none of them has.
    ///
    /// # Errors
    /// When the packages are not installed, or Node is not.
    pub async fn find() -> Result<Self, AccountsError> {
        let folder = places::accounts()?;
        let output = Command::new("node")
            .arg(folder.join("src").join(SCRIPT))
            .arg(places::target().join("accounts"))
            .stdin(Stdio::null())
            .output()
            .await
            .map_err(AccountsError::Node)?;
        let failed = |reason: String| AccountsError::Failed { script: SCRIPT, reason };
        if !output.status.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))
    }

    /// Puts them on a chain that takes contracts of any size.
    ///
    /// # Errors
    /// When the chain does not answer or refuses.
    pub async fn install(&self, anvil: &Anvil) -> Result<(), AccountsError> {
        for Placed { address, creation } in &self.placed {
            let code = anvil
                .rpc()
                .call("eth_call", json!([{ "data": creation }, "latest"]))
                .await?;
            anvil.rpc().call("anvil_setCode", json!([address, code])).await?;
        }
        let EntryPoint {
            address,
            salt,
            creation,
        } = &self.entry_point;
        let data = format!("{salt}{}", creation.trim_start_matches("0x"));
        send(anvil, Some(DEPLOYER), &data, "0x0").await?;
        let code = anvil.rpc().call("eth_getCode", json!([address, "latest"])).await?;
        if code.as_str().is_none_or(|code| code.len() < 4) {
            return Err(AccountsError::Failed {
                script: SCRIPT,
                reason: format!("the EntryPoint is not at {address}"),
            });
        }
        Ok(())
    }

    /// Makes a sponsor who pays for everything, and gives it a deposit.
    ///
    /// # Errors
    /// When the chain does not answer or refuses.
    pub async fn sponsor(&self, anvil: &Anvil) -> Result<String, AccountsError> {
        let sponsor = send(anvil, None, &self.paymaster, "0x0").await?;
        // depositTo(address)
        let deposit = format!("0xb760faf9{:0>64}", sponsor.trim_start_matches("0x"));
        send(anvil, Some(&self.entry_point.address), &deposit, "0x8ac7230489e80000").await?;
        Ok(sponsor)
    }

    /// Makes something to call: `ring(uint256)`, and `jam(uint256)`, which refuses.
    ///
    /// # Errors
    /// When the chain does not answer or refuses.
    pub async fn bell(&self, anvil: &Anvil) -> Result<String, AccountsError> {
        send(anvil, None, &self.bell, "0x0").await
    }

    /// The code with which a bell is made.
    pub fn bell_code(&self) -> &str {
        &self.bell
    }
}

/// A transaction of the node's own first account; the contract it made.
async fn send(anvil: &Anvil, to: Option<&str>, data: &str, value: &str) -> Result<String, AccountsError> {
    let [first, ..] = &ACCOUNTS;
    let mut request = json!({ "from": first.address, "data": data, "value": value, "gas": "0x1000000" });
    if let (Some(to), Some(fields)) = (to, request.as_object_mut()) {
        fields.insert("to".to_owned(), to.into());
    }
    let hash = anvil.rpc().call("eth_sendTransaction", json!([request])).await?;
    let method = "eth_getTransactionReceipt";
    let mut receipt = anvil.rpc().call(method, json!([&hash])).await?;
    while receipt.is_null() {
        anvil.mine(1).await?;
        receipt = anvil.rpc().call(method, json!([&hash])).await?;
    }
    if receipt.get("status").and_then(Value::as_str) != Some("0x1") {
        let method = method.to_owned();
        return Err(RpcError::Unexpected {
            method,
            answer: receipt,
        }
        .into());
    }
    let made = receipt.get("contractAddress").and_then(Value::as_str);
    Ok(made.unwrap_or_default().to_owned())
}
