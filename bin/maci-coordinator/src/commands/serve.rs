use std::time::Duration;

use anyhow::{Context, Result};
use maci_coordinator_core::service::Grace;
use maci_custody::{Passphrase, Vault};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::Serve;
use crate::wire::{Wired, wire};
use crate::world::World;

/// What connections may still take once the service has put everything aside.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Runs the service until it is told to stop.
pub(crate) async fn serve(world: &World, arguments: Serve) -> Result<()> {
    let passphrase = world.known_passphrase(&arguments.passphrase)?;
    let Wired {
        service,
        vault,
        server,
        peers_reach,
        router,
        beside,
    } = wire(world, passphrase.is_some()).await?;
    let (control, address) = (server.control(), server.address());
    let scheme = if server.is_encrypted() { "https" } else { "http" };
    let mut stop = Stop::listen()?;
    let mut hang_up = signal(SignalKind::hangup()).context("cannot listen for SIGHUP")?;

    let mut serving = tokio::spawn(server.serve(router));
    let url = format!("{scheme}://{}", reachable(address));
    let value = json!({
        "event": "listening", "url": url, "address": address, "bitswap": peers_reach, "process": std::process::id(),
    });
    let lines = peers_reach
        .iter()
        .map(|reached| format!("\nserving blocks at {reached}"));
    world
        .output
        .result(&value, &format!("serving at {url}{}", lines.collect::<String>()));
    unlock(vault, passphrase);

    loop {
        tokio::select! {
            ended = &mut serving => return Ok(ended??),
            _ = hang_up.recv() => control.reload(),
            why = stop.asked() => {
                tracing::info!(signal = why, "stopping: what is under way is put aside for the next start");
                break;
            }
        }
    }
    let grace = world.settings.server.stop_within.0;
    control.stop(grace.saturating_add(LAST_WORDS));
    let drained = tokio::time::timeout(grace, service.drain(Grace(grace))).await;
    if drained.is_err() {
        tracing::warn!("not everything was put aside in time; the next start goes on from what was stored");
    }
    if tokio::time::timeout(LAST_WORDS, &mut serving).await.is_err() {
        control.close();
    }
    drop(beside);
    tracing::info!("stopped");
    Ok(())
}

/// Where a client on this machine finds an address.
fn reachable(address: std::net::SocketAddr) -> std::net::SocketAddr {
    if address.ip().is_unspecified() {
        std::net::SocketAddr::new(std::net::Ipv4Addr::LOCALHOST.into(), address.port())
    } else {
        address
    }
}

/// Opens the keys beside everything else: it takes most of a second and much memory, and requests do not wait for it.
fn unlock(vault: Vault, passphrase: Option<Passphrase>) {
    let Some(passphrase) = passphrase else {
        tracing::warn!("the keys are sealed: there is no passphrase (keys.passphrase_file, MACI_PASSPHRASE_FILE)");
        return;
    };
    tokio::task::spawn_blocking(move || {
        let is_new = vault.sender_address().is_ok_and(|known| known.is_none());
        let opened = vault.unlock(passphrase).and_then(|()| vault.sender());
        match opened {
            Ok(sender) if is_new => {
                let address = sender.address();
                tracing::info!(sender = %address, "the keys are open; made a key to pay for gas: fund {address}");
            }
            Ok(sender) => tracing::info!(sender = %sender.address(), "the keys are open"),
            Err(error) => tracing::error!(%error, "the keys stay sealed"),
        }
    });
}

/// The signals that ask a process to stop.
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    fn listen() -> Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?,
            interrupt: signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?,
        })
    }

    /// Ends with the name of the first one that comes.
    async fn asked(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
