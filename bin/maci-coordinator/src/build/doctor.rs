use std::net::TcpListener;
use std::sync::Arc;

use maci_coordinator_core::chains::Chains;
use maci_coordinator_core::clock::SystemClock;
use maci_coordinator_core::doctor::{Examination, Finding, Reach};
use maci_coordinator_core::networks::network_name;
use maci_coordinator_core::senders::SenderKind;
use maci_custody::{SignerSource, Vault};
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
    findings.extend(senders(settings));
    findings.extend(super::bitswap::doubts(settings));
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

/// What the settings say about senders that cannot be.
fn senders(settings: &Settings) -> Vec<Finding> {
    let described = super::senders(settings);
    let mut findings = Vec::new();
    let chosen = settings.chains.iter().filter_map(|chain| chain.sender.as_ref());
    for name in chosen.chain(&settings.sender) {
        if let Err(error) = described.get(name) {
            let remedy = format!("describe [senders.{name}], or choose another one");
            findings.push(Finding::problem("senders", error.to_string(), remedy));
        }
    }
    for chain in &settings.chains {
        let name = described.default_on(chain.id);
        let elsewhere = described
            .get(&name)
            .is_ok_and(|own| !own.chains.is_empty() && !own.chains.contains(&chain.id));
        if elsewhere {
            let found = format!("`{name}` is to send on {} and may not", network_name(chain.id));
            let remedy = format!("add the chain to senders.{name}.chains, or name another sender for it");
            findings.push(Finding::problem("senders", found, remedy));
        }
    }
    for (name, sender) in &described.senders {
        let about = format!("sender {name}");
        match &sender.kind {
            SenderKind::Wallet(SignerSource::Keystore { path, passphrase_file }) => {
                for file in [path, passphrase_file] {
                    if let Err(error) = std::fs::metadata(file) {
                        let found = format!("{} cannot be read: {error}", file.display());
                        findings.push(Finding::problem(
                            about.clone(),
                            found,
                            "mend the path or its permissions",
                        ));
                    }
                }
            }
            SenderKind::Wallet(SignerSource::Ledger(_)) => findings.push(Finding::warning(
                about,
                "somebody has to confirm every transaction at the Ledger",
                "use it for deployments; for rounds that finish by themselves name a key of the service",
            )),
            SenderKind::Export { .. } => findings.push(Finding::warning(
                about,
                "somebody has to send what is handed out",
                "use it for deployments; for rounds that finish by themselves name a key of the service",
            )),
            SenderKind::Wallet(SignerSource::Remote { url, .. }) if url.to_string().starts_with("http:") => {
                findings.push(Finding::warning(
                    about,
                    format!("{url} is asked without encryption"),
                    "use https, or keep the signer on this machine",
                ));
            }
            SenderKind::Gas | SenderKind::Wallet(_) | SenderKind::Session { .. } => {}
        }
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
