//! The service's health, in the shape existing dashboards read, with what they do not know beside it.

use std::collections::BTreeMap;

use maci_coordinator_core::service::{ChainHealth, CircuitHealth, HealthReport};
use maci_protocol::{CircuitId, Mode, Template};
use serde::Serialize;
use utoipa::ToSchema;

use super::scalars::AddressText;

/// Whether the service can do its work.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthAnswer {
    /// The prover. It is part of the service, so it is there when the service is.
    pub rapidsnark: ProverAnswer,
    /// Proving keys.
    pub zkeys_directory: ZkeysAnswer,
    /// Accounts that pay for transactions.
    pub coordinator_wallet_funds: FundsAnswer,
    /// Whether the database answers, which is what Redis was for.
    pub is_redis_open: bool,
    /// This program's version.
    pub version: String,
    /// Whether the service is stopping.
    pub draining: bool,
    /// Whether the keys still wait for their passphrase (`POST /v1/keys/unlock`).
    pub keys_locked: bool,
    /// Whether the original service's header is taken as a login, which whoever has seen one can use for ever.
    pub legacy_logins: bool,
    /// Jobs at work.
    pub running_jobs: usize,
    /// Proofs being made.
    pub proofs_running: usize,
    /// Proofs waiting for their turn.
    pub proofs_waiting: usize,
    /// Proving keys made without a ceremony, for development only.
    pub development_keys: Vec<String>,
}

/// The prover.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProverAnswer {
    /// `built in`.
    pub rapidsnark_executable_path: String,
    /// Always.
    pub rapidsnark_is_accessible: bool,
    /// Always.
    pub rapidsnark_is_executable: bool,
}

/// Proving keys.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ZkeysAnswer {
    /// Whether any were found.
    pub zkeys_directory_exists: bool,
    /// By circuit: `VoteTally_10-1-2_Mode_0`, `PollJoining_10`.
    pub available_zkeys: BTreeMap<String, CircuitAnswer>,
}

/// A circuit's files.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CircuitAnswer {
    /// The proving key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zkey: Option<String>,
    /// The witness calculator in WebAssembly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wasm: Option<String>,
    /// The native witness calculator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness_generator: Option<String>,
}

/// Accounts that pay.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FundsAnswer {
    /// One per chain.
    pub funds_in_networks: Vec<FundAnswer>,
}

/// An account that pays on a chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FundAnswer {
    /// The account.
    #[schema(value_type = AddressText)]
    pub address: String,
    /// The chain.
    pub network: String,
    /// What it has, in ether.
    pub balance: String,
    /// Whether it has anything.
    pub status: bool,
    /// Why that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The chain's newest block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<u64>,
}

impl From<HealthReport> for HealthAnswer {
    fn from(report: HealthReport) -> Self {
        let development = report.circuits.iter().filter(|circuit| circuit.development_only);
        Self {
            rapidsnark: ProverAnswer {
                rapidsnark_executable_path: "built in".to_owned(),
                rapidsnark_is_accessible: true,
                rapidsnark_is_executable: true,
            },
            development_keys: development.map(|circuit| circuit.name.clone()).collect(),
            zkeys_directory: ZkeysAnswer {
                zkeys_directory_exists: !report.circuits.is_empty(),
                available_zkeys: report.circuits.into_iter().map(circuit).collect(),
            },
            coordinator_wallet_funds: FundsAnswer {
                funds_in_networks: report.chains.into_iter().map(fund).collect(),
            },
            is_redis_open: report.store,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            draining: report.draining,
            keys_locked: report.locked,
            legacy_logins: false,
            running_jobs: report.running_jobs,
            proofs_running: report.proofs_running,
            proofs_waiting: report.proofs_waiting,
        }
    }
}

fn circuit(circuit: CircuitHealth) -> (String, CircuitAnswer) {
    let answer = CircuitAnswer {
        zkey: circuit.zkey,
        wasm: circuit.wasm,
        witness_generator: circuit.native,
    };
    (known_name(&circuit.name), answer)
}

/// The name existing dashboards know: the mode stands behind instead of in the middle.
fn known_name(name: &str) -> String {
    let mode = name.parse::<CircuitId>().ok().and_then(|id| mode_of(id.template()));
    mode.map_or_else(
        || name.to_owned(),
        |mode| format!("{}_Mode_{}", name.replacen(mode.circuit_word(), "", 1), u8::from(mode)),
    )
}

const fn mode_of(template: Template) -> Option<Mode> {
    match template {
        Template::MessageProcessor(mode) => Some(mode),
        Template::VoteTallyQv => Some(Mode::Qv),
        Template::VoteTallyNonQv => Some(Mode::NonQv),
        Template::PollJoining | Template::PollJoined => None,
    }
}

fn fund(chain: ChainHealth) -> FundAnswer {
    let balance = chain.balance.unwrap_or_default();
    FundAnswer {
        address: chain.sender.map(|address| address.to_string()).unwrap_or_default(),
        network: chain.name,
        status: balance.bytes().any(|digit| digit != b'0'),
        balance: ether(&balance),
        error: chain.error,
        block: chain.head.map(|block| block.0),
    }
}

/// Wei as ether, as ethers writes it.
fn ether(wei: &str) -> String {
    let padded = format!("{wei:0>19}");
    let (whole, rest) = padded.split_at(padded.len() - 18);
    let rest = rest.trim_end_matches('0');
    format!("{whole}.{}", if rest.is_empty() { "0" } else { rest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wei_is_written_as_ethers_writes_it() {
        for (wei, text) in [
            ("0", "0.0"),
            ("", "0.0"),
            ("1", "0.000000000000000001"),
            ("1500000000000000000", "1.5"),
            ("12000000000000000000", "12.0"),
        ] {
            assert_eq!(ether(wei), text);
        }
    }

    #[test]
    fn a_circuits_mode_stands_behind_its_name() {
        assert_eq!(
            known_name("MessageProcessorNonQv_10-20-2"),
            "MessageProcessor_10-20-2_Mode_1"
        );
        assert_eq!(known_name("VoteTallyQv_10-1-2"), "VoteTally_10-1-2_Mode_0");
        assert_eq!(known_name("PollJoining_10"), "PollJoining_10");
    }
}
