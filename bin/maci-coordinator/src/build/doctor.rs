use std::net::TcpListener;
use std::sync::Arc;

use maci_coordinator_core::chains::Chains;
use maci_coordinator_core::clock::SystemClock;
use maci_coordinator_core::doctor::{Examination, Finding, Reach};
use maci_custody::Vault;
use maci_store::Store;

use super::circuits;
use crate::settings::{Sealing, Settings, TlsSettings};

/// What is looked at.
pub(crate) fn examination(settings: &Settings, chains: Chains, vault: &Vault, store: Option<Store>) -> Examination {
    let described = settings.chains.iter().map(|chain| Reach {
        chain: Some(chain.id),
        endpoints: chain.rpc_urls.clone(),
    });
    let any = (!settings.rpc_urls.is_empty()).then(|| Reach {
        chain: None,
        endpoints: settings.rpc_urls.clone(),
    });
    Examination {
        reaches: described.chain(any).collect(),
        chains,
        sender: vault.sender_address().ok().flatten(),
        circuits: circuits(settings),
        folder: settings.data_dir.clone(),
        memory: settings.proving.memory.map(|memory| memory.0),
        store,
        clock: Arc::new(SystemClock),
    }
}

/// What can be said of the settings alone.
pub(crate) fn doubts(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let auth = &settings.auth;
    if auth.admins.is_empty() && auth.operators.is_empty() {
        let remedy = "name Ethereum addresses in auth.admins or COORDINATOR_ADDRESSES";
        findings.push(Finding::warning(
            "logins",
            "nobody may run rounds through the API",
            remedy,
        ));
    }
    if auth.legacy.enabled {
        findings.push(Finding::warning(
            "logins",
            "the old authorisation header is taken, which never expires",
            "let clients log in with Ethereum or sign requests, then switch auth.legacy off",
        ));
    }
    if settings.server.tls.is_none() && !settings.server.host.is_loopback() {
        findings.push(Finding::warning(
            "connections",
            format!("{} is listened on without encryption", settings.server.listen()),
            "give [server.tls], or put a proxy with HTTPS in front and listen on 127.0.0.1",
        ));
    }
    let keys = &settings.keys;
    if keys.passphrase_file.is_none() && keys.passphrase.is_none() {
        findings.push(Finding::warning(
            "keys",
            "there is no passphrase, so a service without a terminal starts with sealed keys",
            "name a file with keys.passphrase_file",
        ));
    }
    if keys.coordinator.is_some() || keys.private_key.is_some() || keys.mnemonic.is_some() {
        findings.push(Finding::warning(
            "keys",
            "a key stands in the settings or the environment in the clear",
            "seal coordinator keys with `keys new`, and let the service make the key that pays for gas",
        ));
    }
    if keys.sealing == Sealing::Light {
        let remedy = "set keys.sealing to \"strong\" for anything but development";
        findings.push(Finding::warning(
            "keys",
            "new keys are sealed so that guessing is cheap",
            remedy,
        ));
    }
    if settings.circuits.allow_development_keys {
        findings.push(Finding::warning(
            "circuits",
            "development keys may be used on main networks",
            "set circuits.allow_development_keys to false: whoever made them can forge results",
        ));
    }
    findings
}

/// Whether the port can be had; for a machine on which the service is not running.
pub(crate) fn port(settings: &Settings) -> Finding {
    let address = settings.server.listen();
    match TcpListener::bind(address) {
        Ok(_) => match &settings.server.tls {
            Some(TlsSettings::Acme { .. }) if address.port() != 443 => Finding::warning(
                "port",
                format!("{address} is free, and ACME authorities call port 443"),
                "forward port 443 to it",
            ),
            Some(_) | None => Finding::good("port", format!("{address} is free")),
        },
        Err(error) => Finding::warning(
            "port",
            format!("{address} cannot be had: {error}"),
            "if the service is not running already, end the program that has it, or set server.port",
        ),
    }
}
