use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use maci_chain::contracts::maci::IMaci;
use maci_chain::deploy::{
    Contracts, Deployed, Design, MaciDesign, NewMaci, Policy, PolicyDesign, PollDesign, VerifierKind, VoiceCredits,
};
use maci_chain::reader::Period;
use maci_chain::rpc::Rpc;
use maci_chain::send::Submit;
use maci_chain::words::address;
use maci_coordinator_core::clock::SystemClock;
use maci_coordinator_core::deploy::{Outline, Reuse, Workshop};
use maci_coordinator_core::networks::network_name;
use maci_coordinator_core::senders::SenderChoice;
use maci_crypto::keys::PublicKey;
use maci_protocol::files::DeployedContracts;
use maci_protocol::ids::{EthAddress, PollId};
use maci_protocol::poll::{Mode, TreeDepths};
use serde_json::json;

use super::circuits::Depths;
use super::senders::chosen;
use super::{described, sources};
use crate::build;
use crate::cli::{By, Deploy, Size};
use crate::world::World;

pub(crate) async fn deploy(world: &World, command: Deploy) -> Result<()> {
    match command {
        Deploy::Maci { size, dry_run, by } => maci(world, &size, dry_run, &by).await,
        Deploy::Poll(arguments) => poll(world, arguments).await,
        Deploy::Plan { file, by } => described::plan(world, &file, &by).await,
        Deploy::VerifySource(arguments) => sources::verify(world, &arguments).await,
        Deploy::Apply {
            file,
            dry_run: true,
            by,
        } => described::plan(world, &file, &by).await,
        Deploy::Apply {
            file,
            dry_run: false,
            by,
        } => described::apply(world, &file, &by).await,
    }
}

async fn maci(world: &World, size: &Size, dry_run: bool, by: &By) -> Result<()> {
    let workshop = workshop(world, world.rpc().await?).await?;
    let Depths {
        state,
        batch,
        vote_option,
        tally,
    } = size.depths()?;
    let modes: Vec<Mode> = size.modes.iter().map(|mode| Mode::from(*mode)).collect();
    // a contract takes any key; whether it may be used there is asked when a poll is finalised
    let keys = workshop.keys(TreeDepths::new(tally, vote_option, state)?, batch, &modes)?;
    // every deployment that was finished gives the next one a name of its own; one that was not is continued
    let name = format!("maci {}", Record::of(&workshop)?.macis());
    let design = Design {
        name,
        maci: MaciDesign::New(Box::new(NewMaci {
            state_tree_depth: state,
            sign_up_policy: PolicyDesign::New(Policy::free_for_all()),
            verifier: VerifierKind::Groth16,
            registry: None,
            keys: vec![keys],
            poseidon: [None; 4],
        })),
        polls: Vec::new(),
    };
    let submit = chosen(world, &workshop.rpc, &workshop.store, by, &SenderChoice::default()).await?;
    let bringing = Bringing {
        workshop: &workshop,
        submit: submit.as_ref(),
        reuse: Reuse::Own,
    };
    let Some(contracts) = bringing.done(world, &design, dry_run).await? else {
        return Ok(());
    };
    let maci = contracts.maci;
    let value = json!({
        "maci": maci.maci, "generation": maci.generation.to_string(), "verifier": maci.verifier,
        "verifyingKeysRegistry": maci.verifying_keys_registry, "signUpPolicy": maci.sign_up_policy,
    });
    let text = format!("MACI (generation {}) is at {}", maci.generation, maci.maci);
    world.output.result(&value, &text);
    Ok(())
}

async fn poll(world: &World, arguments: crate::cli::DeployPoll) -> Result<()> {
    let workshop = workshop(world, world.rpc().await?).await?;
    let rpc = &workshop.rpc;
    let maci = world.maci(arguments.maci.as_deref(), rpc.chain(), &workshop.store)?;
    let coordinator = coordinator_key(world, &arguments.key)?;
    let record = Record::of(&workshop)?;
    let now = rpc.head().await?.timestamp;
    let start = arguments.start.unwrap_or(now);
    let end = match (arguments.end, arguments.duration) {
        (Some(end), _) => end,
        (None, Some(duration)) => start.saturating_add(duration),
        (None, None) => start,
    };
    let design = Design {
        name: format!("{maci} poll {}", record.polls()),
        maci: MaciDesign::There {
            maci,
            verifier_and_registry: workshop.around(maci).await?,
            keys: Vec::new(),
        },
        polls: vec![PollDesign {
            name: "0".to_owned(),
            mode: arguments.mode.into(),
            depths: TreeDepths::new(
                arguments.tally_depth,
                arguments.vote_option_depth,
                arguments.state_depth(rpc, maci).await?,
            )?,
            message_batch_size: arguments.batch,
            vote_options: u64::from(arguments.options),
            period: Period { start, end },
            coordinator,
            policy: PolicyDesign::New(Policy::free_for_all()),
            credits: VoiceCredits::Constant(arguments.credits),
            relayers: Vec::new(),
        }],
    };
    let submit = chosen(world, rpc, &workshop.store, &arguments.by, &SenderChoice::default()).await?;
    let bringing = Bringing {
        workshop: &workshop,
        submit: submit.as_ref(),
        reuse: Reuse::Own,
    };
    let Some(contracts) = bringing.done(world, &design, arguments.dry_run).await? else {
        return Ok(());
    };
    for poll in &contracts.polls {
        let value = json!({
            "maci": maci, "poll": poll.poll.poll.0, "start": start, "end": end,
            "contracts": {
                "poll": poll.addresses.poll, "messageProcessor": poll.addresses.message_processor,
                "tally": poll.addresses.tally,
            },
        });
        let text = format!("{} takes votes from {start} to {end} (Unix seconds)", poll.poll);
        world.output.result(&value, &text);
    }
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

/// Where deployments on a chain are designed and done.
pub(super) async fn workshop(world: &World, rpc: Rpc) -> Result<Workshop> {
    Ok(Workshop {
        rpc,
        artifacts: world.contracts()?,
        store: world.store().await?,
        clock: Arc::new(SystemClock),
        circuits: build::circuits(&world.settings),
        listed: build::listed(&world.settings)?,
    })
}

/// Where, by whom and out of what a design is brought about.
pub(super) struct Bringing<'a> {
    pub(super) workshop: &'a Workshop,
    pub(super) submit: &'a dyn Submit,
    pub(super) reuse: Reuse,
}

impl Bringing<'_> {
    /// Brings a design about; or, if it is a dry run, tells what that would do, and gives nothing.
    async fn done(&self, world: &World, design: &Design, dry_run: bool) -> Result<Option<Contracts>> {
        if dry_run {
            self.tell(world, design, Vec::new()).await?;
            return Ok(None);
        }
        self.apply(world, design).await.map(Some)
    }

    /// Tells what bringing a design about would do; `notes` are what else is to be said.
    pub(super) async fn tell(&self, world: &World, design: &Design, notes: Vec<String>) -> Result<()> {
        let plan = self.workshop.plan(self.submit.caller(), design, self.reuse).await?;
        let outline = Outline::of(&plan, notes);
        world
            .output
            .result(&serde_json::to_value(&outline)?, &outline.to_string());
        Ok(())
    }

    /// Brings a design about.
    pub(super) async fn apply(&self, world: &World, design: &Design) -> Result<Contracts> {
        let mut watch =
            |_: &str, deployed: &Deployed| world.output.say(&format!("{} at {}", deployed.id, deployed.address));
        Ok(self.workshop.apply(self.submit, design, self.reuse, &mut watch).await?)
    }
}

/// The public half of a coordinator key that is here.
pub(super) fn coordinator_key(world: &World, name: &str) -> Result<PublicKey> {
    let mut keys = world.coordinator_keys().list()?.keys.into_iter();
    let known = keys.find(|key| key.name.as_str() == name);
    let known = known.with_context(|| format!("there is no coordinator key `{name}`; `keys new {name}` makes one"))?;
    Ok(known.public_key)
}

/// Reads a file whole.
pub(super) fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// `deployed-contracts.json`, as far as it names the next deployment.
struct Record {
    chain: String,
    contracts: DeployedContracts,
}

impl Record {
    fn of(workshop: &Workshop) -> Result<Self> {
        Ok(Self {
            chain: network_name(workshop.rpc.chain()),
            contracts: workshop.store.deployments().read()?,
        })
    }

    /// How often MACI was registered.
    fn macis(&self) -> u64 {
        let record = self.contracts.lookup(&self.chain, "MACI", None);
        record.map_or(0, |record| record.count)
    }

    /// How often polls were registered, of whichever MACI.
    fn polls(&self) -> u64 {
        let record = |poll| self.contracts.lookup(&self.chain, "Poll", Some(PollId(poll)));
        (0..).map_while(record).map(|record| record.count).sum()
    }
}
