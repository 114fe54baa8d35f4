use std::path::Path;

use anyhow::{Context, Result};
use maci_chain::deploy::Contracts;
use maci_coordinator_core::deploy::{CoordinatorChoice, Description, Workshop};
use maci_coordinator_core::networks::network_name;
use maci_coordinator_core::service::ServiceError;
use maci_crypto::curve::Point;
use maci_crypto::keys::PublicKey;
use serde_json::{Value, json};

use super::deploy::{Bringing, coordinator_key, read, workshop};
use super::senders::chosen;
use crate::build;
use crate::cli::By;
use crate::world::World;

/// Tells what applying a description would do and cost.
pub(super) async fn plan(world: &World, file: &Path, by: &By) -> Result<()> {
    let (description, workshop) = open(world, file).await?;
    let (mut coordinators, mut notes) = (Vec::new(), Vec::new());
    for choice in description.coordinators()? {
        coordinators.push(match choice {
            CoordinatorChoice::Public(key) => key,
            CoordinatorChoice::Named(name) => coordinator_key(world, &name)?,
            CoordinatorChoice::Own(name) => coordinator_key(world, &name).or_else(|_| {
                notes.push(format!(
                    "the coordinator key {name} is made when this is applied; the calldata of its poll has a stand-in"
                ));
                PublicKey::new(Point::BASE8)
            })?,
        });
    }
    let design = workshop.design(&description, &coordinators).await?;
    let submit = chosen(world, &workshop.rpc, &workshop.store, by, &description.sender).await?;
    let bringing = Bringing {
        workshop: &workshop,
        submit: submit.as_ref(),
        reuse: description.reuse,
    };
    bringing.tell(world, &design, notes).await
}

/// Brings a description about.
pub(super) async fn apply(world: &World, file: &Path, by: &By) -> Result<()> {
    let (description, workshop) = open(world, file).await?;
    let mut coordinators = Vec::new();
    for choice in description.coordinators()? {
        coordinators.push(match choice {
            CoordinatorChoice::Public(key) => key,
            CoordinatorChoice::Named(name) => coordinator_key(world, &name)?,
            CoordinatorChoice::Own(name) => match coordinator_key(world, &name) {
                Ok(known) => known,
                Err(_) => {
                    let key = world
                        .coordinator_keys()
                        .create(&name.parse()?, world.passphrase(&by.passphrase)?)?;
                    world.output.say(&format!("made the coordinator key {name}"));
                    key.public_key()
                }
            },
        });
    }
    let design = workshop.design(&description, &coordinators).await?;
    let submit = chosen(world, &workshop.rpc, &workshop.store, by, &description.sender).await?;
    let bringing = Bringing {
        workshop: &workshop,
        submit: submit.as_ref(),
        reuse: description.reuse,
    };
    let contracts = bringing.apply(world, &design).await?;
    let value = told(&description, &workshop, &contracts);
    let polls: Vec<String> = contracts.polls.iter().map(|poll| poll.poll.to_string()).collect();
    let text = match polls.as_slice() {
        [] => format!("MACI is at {}", contracts.maci.maci),
        polls => polls.join(", "),
    };
    world
        .output
        .result(&value, &format!("{} is deployed: {text}", description.name));
    Ok(())
}

async fn open(world: &World, file: &Path) -> Result<(Description, Workshop)> {
    let document: Value =
        serde_json::from_str(&read(file)?).with_context(|| format!("{} is not JSON", file.display()))?;
    let read = Description::read(&document);
    let description = read.map_err(|complaints| ServiceError::Refused { complaints })?;
    let chains = build::chains(&world.settings)?;
    let chain = description.chain(&chains)?;
    let workshop = workshop(world, chains.rpc(chain).await?).await?;
    Ok((description, workshop))
}

fn told(description: &Description, workshop: &Workshop, contracts: &Contracts) -> Value {
    let polls = contracts.polls.iter().map(|poll| {
        json!({
            "pollId": poll.poll.poll.0.to_string(), "poll": poll.addresses.poll,
            "messageProcessor": poll.addresses.message_processor, "tally": poll.addresses.tally,
            "policy": poll.policy, "initialVoiceCreditProxy": poll.initial_voice_credit_proxy,
        })
    });
    let maci = &contracts.maci;
    json!({
        "name": description.name, "chain": network_name(workshop.rpc.chain()),
        "maci": {
            "address": maci.maci, "generation": maci.generation.to_string(), "verifier": maci.verifier,
            "verifyingKeysRegistry": maci.verifying_keys_registry, "signUpPolicy": maci.sign_up_policy,
        },
        "polls": polls.collect::<Vec<_>>(),
    })
}
