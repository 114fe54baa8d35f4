use anyhow::{Context, Result};
use maci_chain::contracts::maci::IMaci;
use maci_chain::deploy::{
    Deployed, Deployer, KeySet, MaciSettings, ModeKeys, PolicyKind, PollSettings, VerifierKind, VoiceCredits,
    deploy_maci, deploy_poll,
};
use maci_chain::reader::Period;
use maci_chain::rpc::Rpc;
use maci_chain::words::address;
use maci_coordinator_core::networks::network_name;
use maci_protocol::circuit::{CircuitId, Template};
use maci_protocol::files::DeployedContracts;
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::ids::{EthAddress, PollId};
use maci_protocol::poll::{Mode, TreeDepths};
use maci_store::Store;
use serde_json::json;

use super::circuits::Depths;
use crate::cli::{Deploy, ModeName, Passphrase, Size};
use crate::world::World;

pub(crate) async fn deploy(world: &World, command: Deploy) -> Result<()> {
    match command {
        Deploy::Maci { size, passphrase } => maci(world, &size, &passphrase).await,
        Deploy::Poll(arguments) => poll(world, arguments).await,
    }
}

async fn maci(world: &World, size: &Size, passphrase: &Passphrase) -> Result<()> {
    let (rpc, store, artifacts) = (world.rpc().await?, world.store().await?, world.contracts()?);
    let keys = verifying_keys(world, size)?;
    let depths = size.depths()?;
    let sender = world.sender(&rpc, &store, &world.sender_key(passphrase)?)?;
    let record = Record::open(&rpc, &store)?;
    // every deployment that was finished gives the next one a label of its own; one that was not is continued
    let label = format!("maci {}", record.macis());
    let settings = MaciSettings {
        state_tree_depth: depths.state,
        sign_up_policy: PolicyKind::FreeForAll,
        verifier: VerifierKind::Groth16,
        keys: Some(keys),
    };
    let mut watch = |deployed: &Deployed| world.output.say(&format!("{} at {}", deployed.id, deployed.address));
    let mut deployer = Deployer::new(&rpc, &artifacts, &sender, label, &mut watch);
    let contracts = deploy_maci(&mut deployer, &settings).await?;
    record.add_all(deployer.deployed())?;
    let value = json!({
        "maci": contracts.maci, "generation": contracts.generation.to_string(), "verifier": contracts.verifier,
        "verifyingKeysRegistry": contracts.verifying_keys_registry, "signUpPolicy": contracts.sign_up_policy,
    });
    world.output.result(
        &value,
        &format!("MACI (generation {}) is at {}", contracts.generation, contracts.maci),
    );
    Ok(())
}

async fn poll(world: &World, arguments: crate::cli::DeployPoll) -> Result<()> {
    let (rpc, store, artifacts) = (world.rpc().await?, world.store().await?, world.contracts()?);
    let maci = world.maci(arguments.maci.as_deref(), rpc.chain(), &store)?;
    let coordinator = world
        .coordinator_keys()
        .list()?
        .keys
        .into_iter()
        .find(|key| key.name.as_str() == arguments.key);
    let coordinator = coordinator
        .with_context(|| {
            format!(
                "there is no coordinator key `{}`; `keys new {}` makes one",
                arguments.key, arguments.key
            )
        })?
        .public_key;
    let record = Record::open(&rpc, &store)?;
    let now = rpc.head().await?.timestamp;
    let start = arguments.start.unwrap_or(now);
    let end = match (arguments.end, arguments.duration) {
        (Some(end), _) => end,
        (None, Some(duration)) => start.saturating_add(duration),
        (None, None) => start,
    };
    let verifier = record.contracts.lookup(&record.chain, "Verifier", None);
    let registry = record.contracts.lookup(&record.chain, "VerifyingKeysRegistry", None);
    let settings = PollSettings {
        maci,
        verifier_and_registry: verifier
            .zip(registry)
            .map(|(verifier, registry)| (verifier.address, registry.address)),
        mode: arguments.mode.into(),
        depths: TreeDepths::new(
            arguments.tally_depth,
            arguments.vote_option_depth,
            arguments.state_depth(&rpc, maci).await?,
        )?,
        message_batch_size: arguments.batch,
        vote_options: u64::from(arguments.options),
        period: Period { start, end },
        coordinator,
        policy: PolicyKind::FreeForAll,
        credits: VoiceCredits::Constant(arguments.credits),
        relayers: Vec::new(),
    };
    let sender = world.sender(&rpc, &store, &world.sender_key(&arguments.passphrase)?)?;
    let label = format!("{maci} poll {}", record.polls());
    let mut watch = |deployed: &Deployed| world.output.say(&format!("{} at {}", deployed.id, deployed.address));
    let mut deployer = Deployer::new(&rpc, &artifacts, &sender, label, &mut watch);
    let contracts = deploy_poll(&mut deployer, &settings).await?;
    record.add_all(deployer.deployed())?;
    let value = json!({
        "maci": maci, "poll": contracts.poll.poll.0, "start": start, "end": end,
        "contracts": {
            "poll": contracts.addresses.poll, "messageProcessor": contracts.addresses.message_processor,
            "tally": contracts.addresses.tally,
        },
    });
    world.output.result(
        &value,
        &format!("{} takes votes from {start} to {end} (Unix seconds)", contracts.poll),
    );
    Ok(())
}

impl crate::cli::DeployPoll {
    /// A poll's state tree is as deep as its MACI's.
    async fn state_depth(&self, rpc: &Rpc, maci: EthAddress) -> Result<u8> {
        let contract = IMaci::new(address(maci), rpc.provider().clone());
        contract
            .stateTreeDepth()
            .call()
            .await
            .with_context(|| format!("{maci} does not answer as MACI does"))
    }
}

/// `deployed-contracts.json`, as far as a deployment reads and writes it.
struct Record {
    chain: String,
    store: Store,
    contracts: DeployedContracts,
}

impl Record {
    fn open(rpc: &Rpc, store: &Store) -> Result<Self> {
        Ok(Self {
            chain: network_name(rpc.chain()),
            store: store.clone(),
            contracts: store.deployments().read()?,
        })
    }

    /// How often MACI was registered.
    fn macis(&self) -> u64 {
        self.contracts
            .lookup(&self.chain, "MACI", None)
            .map_or(0, |record| record.count)
    }

    /// How often polls were registered, of whichever MACI.
    fn polls(&self) -> u64 {
        let record = |poll| self.contracts.lookup(&self.chain, "Poll", Some(PollId(poll)));
        (0..).map_while(record).map(|record| record.count).sum()
    }

    fn add_all(&self, deployed: &[Deployed]) -> Result<()> {
        let chain = &self.chain;
        self.store
            .deployments()
            .update(|contracts| deployed.iter().for_each(|one| one.add_to(contracts, chain)))?;
        Ok(())
    }
}

/// The verifying keys of circuits of one size.
fn verifying_keys(world: &World, size: &Size) -> Result<KeySet> {
    let Depths {
        state,
        batch,
        vote_option,
        tally,
    } = size.depths()?;
    // a contract takes any key; whether it may be used there is asked when a poll is finalised
    let set = crate::build::circuits(&world.settings);
    let key = |circuit: CircuitId, name: Option<&str>, mode| -> Result<VerifyingKey> {
        Ok(set.open(circuit, name, mode)?.verifying_key().clone())
    };
    let joining = |template| key(CircuitId::with_parameters(template, &[state])?, None, Mode::Qv);
    let mode_keys = |name: &ModeName| -> Result<ModeKeys> {
        let mode = Mode::from(*name);
        Ok(ModeKeys {
            mode,
            process: key(
                CircuitId::with_parameters(Template::MessageProcessor(mode), &[state, batch, vote_option])?,
                set.process.as_deref(),
                mode,
            )?,
            tally: key(
                CircuitId::with_parameters(Template::vote_tally(mode), &[state, tally, vote_option])?,
                set.tally.as_deref(),
                mode,
            )?,
        })
    };
    Ok(KeySet {
        depths: TreeDepths::new(tally, vote_option, state)?,
        message_batch_size: batch,
        poll_joining: joining(Template::PollJoining)?,
        poll_joined: joining(Template::PollJoined)?,
        modes: size.modes.iter().map(mode_keys).collect::<Result<_>>()?,
    })
}
