//! The service, put together from its parts: settings in, a server with its router out.
//!
//! Nothing here asks a chain, opens a key, compiles a calculator or makes an RSA key: what takes long happens when it is
//! needed, or beside everything else. Everything is taken apart without `..`, so a part that is forgotten is a
//! compiler's complaint.

use std::sync::Arc;

use anyhow::Result;
use axum::{Router, middleware};
use maci_api::ApiState;
use maci_api::metrics::{Metrics, count_requests};
use maci_api::operations::{doctor_routes, figures, log_requests, probe_routes};
use maci_api::server::Server;
use maci_coordinator_core::clock::SystemClock;
use maci_coordinator_core::doctor::Diagnosis;
use maci_coordinator_core::service::{Parts, Service};
use maci_custody::Vault;
use tokio::task::JoinSet;

use crate::build;
use crate::world::World;

/// Everything that `serve` needs.
#[derive(Debug)]
pub(crate) struct Wired {
    /// The coordinator.
    pub service: Service,
    /// Its keys, still locked.
    pub vault: Vault,
    /// The listener, with its port.
    pub server: Server,
    /// Where others fetch from here over Bitswap, if there is a node for that.
    pub peers_reach: Vec<String>,
    /// Every route.
    pub router: Router,
    /// What runs beside; it ends when this is dropped.
    pub beside: JoinSet<()>,
}

/// Puts the service together. `will_unlock` says that the vault will be unlocked, so that work waits for it.
pub(crate) async fn wire(world: &World, will_unlock: bool) -> Result<Wired> {
    let settings = &world.settings;
    // first what may fail for a reason outside: the port, the certificates, the database
    let server = Server::bind(build::listener(settings))?;
    let store = build::store(settings).await?;
    let companion = build::companion(settings, &store).await?;
    let metrics = Metrics::install()?;

    let vault = build::vault(world)?;
    if will_unlock {
        vault.await_unlocking();
    }
    let chains = build::chains(settings)?;
    let examination = build::examination(settings, chains.clone(), &vault, Some(store.clone()));
    let mut ipfs = build::ipfs(settings);
    if let Some(companion) = &companion {
        companion.join(&mut ipfs);
    }
    let peers_reach = ipfs.addresses.clone();
    let service = Service::start(Parts {
        store,
        chains,
        keys: vault.clone(),
        transport: build::transport(settings),
        circuits: build::circuits(settings),
        modules: build::modules(settings),
        contracts: build::contracts(settings),
        listed: build::listed(settings)?,
        relayed: build::relayed(settings),
        ipfs,
        proving: build::limits(settings),
        sending: build::sending(settings),
        senders: build::senders(settings),
        clock: Arc::new(SystemClock),
        rounds: build::rounds(settings),
        relayer: build::relayer(settings),
    })
    .await?;

    let doubts = Diagnosis {
        findings: build::doubts(settings),
    };
    let door = build::door(settings, server.address(), service.access());
    let guarded = maci_api::router(ApiState::new(service.clone()))
        .merge(probe_routes(service.clone()))
        .merge(doctor_routes(examination, doubts));
    let router = door
        .before(guarded)
        .merge(figures(service.clone(), metrics.clone(), build::figures(settings)))
        .layer(middleware::from_fn(count_requests))
        .layer(middleware::from_fn(log_requests));
    let mut beside = JoinSet::new();
    beside.spawn(metrics.keep_small());
    if let Some(companion) = companion {
        beside.spawn(companion.serving);
    }
    Ok(Wired {
        service,
        vault,
        server,
        peers_reach,
        router,
        beside,
    })
}
