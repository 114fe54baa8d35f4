use anyhow::{Context, Result, bail};
use maci_chain::reader::PollReader;
use maci_chain::rpc::Finality;
use maci_coordinator_core::finalise::{Finaliser, KeySet, ProvingLimits, ProvingPool, Settings};
use maci_coordinator_core::ledger::Follow;
use maci_coordinator_core::networks::is_development;
use maci_coordinator_core::senders::SenderChoice;
use maci_crypto::field::fr_to_decimal;
use maci_crypto::keys::PrivateKey;
use maci_custody::{CoordinatorKey, KeyName};
use maci_protocol::ids::BlockNumber;
use serde_json::json;

use crate::build;
use crate::cli::Finalise;
use crate::world::World;

pub(crate) async fn finalise(world: &World, arguments: Finalise) -> Result<()> {
    let reader = super::poll::reader(world, &arguments.which).await?;
    let store = world.store().await?;
    let key = coordinator_key(world, &arguments, &reader)?;
    let chain = reader.rpc().chain();
    let nobody = SenderChoice::default();
    let submit = super::senders::chosen(world, reader.rpc(), &store, &arguments.by, &nobody).await?;
    let configured = world.settings.chains.iter().find(|known| known.id == chain);
    let confirmations = arguments
        .confirmations
        .or(configured.and_then(|known| known.confirmations));
    let finality = match confirmations {
        Some(depth) => Finality::Depth(depth),
        None if is_development(chain) => Finality::Depth(0),
        None => Finality::Finalized,
    };
    let proving = &world.settings.proving;
    let output = world.output.clone();
    let finaliser = Finaliser {
        store,
        submit,
        keys: KeySet {
            allow_development: arguments.allow_development_keys || world.settings.circuits.allow_development_keys,
            ..build::circuits(&world.settings)
        },
        modules: build::modules(&world.settings),
        relayed: build::relayed(&world.settings),
        watch: output.clone(),
        pool: ProvingPool::new(ProvingLimits {
            parallel: arguments.parallel.or(proving.parallel),
            memory: arguments
                .memory
                .map(|mib| mib << 20)
                .or(proving.memory.map(|memory| memory.0))
                .unwrap_or_else(build::available_memory),
        }),
        settings: Settings {
            follow: Follow {
                finality,
                start: arguments.start_block.map(BlockNumber),
            },
            margin: arguments.margin.unwrap_or(world.settings.rounds.margin.0.as_secs()),
            wait: arguments.wait,
            proof_files: arguments.proof_files,
        },
        reader,
    };
    let done = finaliser.run(key).await?;
    let options = usize::try_from(done.tally.vote_options).unwrap_or(usize::MAX);
    let results: Vec<String> = done
        .tally
        .totals
        .results
        .iter()
        .take(options)
        .map(fr_to_decimal)
        .collect();
    let spent = fr_to_decimal(&done.tally.totals.spent);
    let value = json!({
        "event": "final", "results": results, "spent": spent, "folder": done.folder,
        "processProofs": done.batches.0, "tallyProofs": done.batches.1,
    });
    let lines: Vec<String> = results
        .iter()
        .enumerate()
        .map(|(option, votes)| format!("  option {option}: {votes}"))
        .collect();
    output.result(
        &value,
        &format!(
            "the result is on chain; {spent} credits were spent\n{}",
            lines.join("\n")
        ),
    );
    Ok(())
}

/// The named key, else the environment's, else the sealed key that is the poll's.
fn coordinator_key(world: &World, arguments: &Finalise, reader: &PollReader) -> Result<PrivateKey> {
    let keys = world.coordinator_keys();
    let open = |name: &KeyName| -> Result<CoordinatorKey> {
        Ok(keys.open(name, world.passphrase(&arguments.by.passphrase)?)?)
    };
    let key = match (&arguments.key, &world.settings.keys.coordinator) {
        (Some(name), _) => open(&name.parse()?)?,
        (None, Some(text)) => CoordinatorKey::parse(text.expose())?,
        (None, None) => {
            let public = reader.config().coordinator_public_key();
            let Some(name) = keys.find_by_public_key(public)? else {
                bail!(
                    "no key in {} is the poll's ({}); import it, or set COORDINATOR_MACI_PRIVATE_KEY",
                    world.settings.data_dir.display(),
                    public.serialize()
                );
            };
            open(&name)?
        }
    };
    let pair = key
        .on_chain(reader.rpc().chain())
        .context("the coordinator key was refused")?;
    Ok(pair.private_key.clone())
}
