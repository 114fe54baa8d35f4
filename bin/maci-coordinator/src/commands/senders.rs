use std::sync::Arc;

use alloy::primitives::utils::format_ether;
use anyhow::{Result, bail};
use maci_chain::rpc::Rpc;
use maci_chain::send::Submit;
use maci_coordinator_core::chains::Chains;
use maci_coordinator_core::clock::SystemClock;
use maci_coordinator_core::networks::network_name;
use maci_coordinator_core::senders::{SenderChoice, SenderName, Senders, SendersMeans};
use maci_protocol::ids::ChainId;
use maci_store::Store;
use serde_json::json;

use crate::build;
use crate::cli::{By, Senders as Command};
use crate::world::World;

/// Shows who can send transactions, with addresses and balances.
pub(crate) async fn senders(world: &World, command: Command) -> Result<()> {
    let chains = build::chains(&world.settings)?;
    match command {
        Command::List { passphrase } => {
            let senders = open(world, &chains, &passphrase).await?;
            for name in senders.settings().names() {
                for chain in served(world, &chains).await? {
                    show(world, &senders, &name, chain).await?;
                }
            }
        }
        Command::Address {
            name,
            chain,
            passphrase,
        } => {
            let senders = open(world, &chains, &passphrase).await?;
            let chain = match chain {
                Some(chain) => chains.named(&chain)?,
                None => match served(world, &chains).await?.as_slice() {
                    [only] => *only,
                    _ => bail!("say with --chain where: a key may be bound to some chains"),
                },
            };
            let found = senders.balance(chain, &name).await?;
            let address = found
                .map(|(address, _)| address)
                .or_else(|| senders.known_address(chain, &name));
            let Some(address) = address else {
                bail!("the address of `{name}` is not known here");
            };
            let value = json!({ "sender": name, "chain": chain, "address": address });
            world.output.result(&value, &address.to_string());
        }
    }
    Ok(())
}

/// Who sends, for a command: as the command line says, else as the description does, else as the settings do. Nobody else
/// takes the place of one that cannot be had.
pub(super) async fn chosen(
    world: &World,
    rpc: &Rpc,
    store: &Store,
    by: &By,
    described: &SenderChoice,
) -> Result<Arc<dyn Submit>> {
    let choice = by.sender.clone().unwrap_or_default().or(described.clone());
    let choice = choice.or(build::senders(&world.settings).default_on(rpc.chain()).into());
    // one that is described has limits, the gas key too
    let is_plain = choice == SenderName::gas().into() && !world.settings.senders.contains_key(&SenderName::gas());
    if is_plain {
        let key = world.sender_key(&by.passphrase)?;
        return Ok(Arc::new(world.sender(rpc, store, &key)?));
    }
    let senders = open(world, &build::chains(&world.settings)?, &by.passphrase).await?;
    let submit = senders.submit(rpc.chain(), &choice).await?;
    world.output.say(&format!("sent by {choice}, {}", submit.caller()));
    Ok(submit)
}

/// The chains of the settings, or the one behind the endpoint that is given.
async fn served(world: &World, chains: &Chains) -> Result<Vec<ChainId>> {
    let described: Vec<ChainId> = chains.described().collect();
    if described.is_empty() && !world.settings.rpc_urls.is_empty() {
        return Ok(vec![world.rpc().await?.chain()]);
    }
    Ok(described)
}

async fn open(world: &World, chains: &Chains, passphrase: &crate::cli::Passphrase) -> Result<Senders> {
    let keys = build::vault(world)?;
    if let Some(known) = world.known_passphrase(passphrase)? {
        let keys = keys.clone();
        tokio::task::spawn_blocking(move || keys.unlock(known)).await??;
    }
    Ok(Senders::new(SendersMeans {
        settings: build::senders(&world.settings),
        chains: chains.clone(),
        keys,
        store: world.store().await?,
        sending: build::sending(&world.settings),
        clock: Arc::new(SystemClock),
    }))
}

async fn show(world: &World, senders: &Senders, name: &SenderName, chain: ChainId) -> Result<()> {
    let settings = senders.settings().get(name)?;
    if !settings.chains.is_empty() && !settings.chains.contains(&chain) {
        return Ok(());
    }
    let (kind, place) = (settings.kind.word(), network_name(chain));
    let is_default = senders.settings().default_on(chain) == *name;
    let mark = if is_default { ", the default" } else { "" };
    let (value, text) = match senders.balance(chain, name).await {
        Ok(Some((address, wei))) => {
            let low = u128::try_from(wei).is_ok_and(|wei| wei < settings.limits.warn_below);
            let warning = if low { "; send it money for gas" } else { "" };
            (
                json!({ "address": address, "balance": wei.to_string(), "isLow": low }),
                format!("{address} has {} ether{warning}", format_ether(wei)),
            )
        }
        Ok(None) => (json!({}), "is known with its approval".to_owned()),
        Err(error) => {
            let address = senders.known_address(chain, name);
            (
                json!({ "address": address, "error": error.to_string() }),
                format!("cannot be had: {error}"),
            )
        }
    };
    let mut value = value;
    if let Some(object) = value.as_object_mut() {
        object.insert("sender".to_owned(), json!(name));
        object.insert("kind".to_owned(), json!(kind));
        object.insert("chain".to_owned(), json!(chain));
        object.insert("isDefault".to_owned(), json!(is_default));
    }
    world
        .output
        .result(&value, &format!("{name} ({kind}) on {place}{mark}: {text}"));
    Ok(())
}
