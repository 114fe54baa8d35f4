use std::path::Path;

use anyhow::{Context, Result};
use maci_coordinator_core::voter::{Vote, join, sign_up, vote};
use maci_crypto::Fr;
use maci_crypto::field::fr_from_be_bytes_mod_order;
use maci_crypto::keys::PrivateKey;
use maci_protocol::circuit::{CircuitFiles, CircuitId, Template};
use maci_protocol::files::KeypairFile;
use maci_proving::witness::ModuleCache;
use maci_proving::{Backend, CircuitArtifacts, Prover};
use serde_json::json;
use zeroize::Zeroizing;

use super::poll::reader;
use crate::cli::Voter;
use crate::world::World;

pub(crate) async fn voter(world: &World, command: Voter) -> Result<()> {
    let store = world.store().await?;
    match command {
        Voter::Signup { which, voter } => {
            let rpc = world.rpc().await?;
            let maci = world.maci(which.maci.as_deref(), rpc.chain(), &store)?;
            let key = read_or_make(&voter.voter)?;
            let sender = world.sender(&rpc, &store, &world.sender_key(&voter.passphrase)?)?;
            let place = sign_up(&sender, maci, &key.public_key()).await?;
            let public = key.public_key().serialize();
            let value = json!({ "publicKey": public, "stateIndex": place.0 });
            world
                .output
                .result(&value, &format!("{public} signed up as leaf {}", place.0));
        }
        Voter::Join { which, voter } => {
            let reader = reader(world, &which).await?;
            let key = read(&voter.voter)?;
            let sender = world.sender(reader.rpc(), &store, &world.sender_key(&voter.passphrase)?)?;
            let prover = joining_prover(world, reader.config().depths().state_tree())?;
            let place = join(&sender, &reader, &prover, &key).await?;
            let value = json!({ "publicKey": key.public_key().serialize(), "pollStateIndex": place.0 });
            world.output.result(&value, &format!("joined as leaf {}", place.0));
        }
        Voter::Vote {
            which,
            voter,
            option,
            weight,
            nonce,
            new_key,
        } => {
            let reader = reader(world, &which).await?;
            let key = read(&voter.voter)?;
            let new_key = new_key
                .as_deref()
                .map(read)
                .transpose()?
                .unwrap_or_else(|| key.clone())
                .public_key();
            let sender = world.sender(reader.rpc(), &store, &world.sender_key(&voter.passphrase)?)?;
            let one_time = PrivateKey::from_seed(*random()?);
            let salt: Fr = fr_from_be_bytes_mod_order(random()?.as_slice());
            let vote = vote(
                &sender,
                &reader,
                &key,
                new_key,
                Vote { option, weight, nonce },
                (&one_time, salt),
            )
            .await?;
            world.output.result(
                &json!({ "transaction": vote.to_string() }),
                &format!("published in {vote}"),
            );
        }
    }
    Ok(())
}

fn joining_prover(world: &World, state_tree_depth: u8) -> Result<Prover> {
    let circuit = CircuitId::with_parameters(Template::PollJoining, &[state_tree_depth])?;
    let name = world
        .settings
        .circuits
        .joining
        .clone()
        .unwrap_or_else(|| circuit.to_string());
    let artifacts =
        CircuitArtifacts::open_as(&world.settings.circuits.folder, circuit, &CircuitFiles::new(name), None)?;
    let modules = ModuleCache::in_folder(&world.settings.data_dir.join("modules"));
    Ok(Prover::load(&artifacts, Backend::default(), &modules)?)
}

fn read(path: &Path) -> Result<PrivateKey> {
    let text = Zeroizing::new(
        std::fs::read_to_string(path).with_context(|| format!("cannot read the voter's key in {}", path.display()))?,
    );
    Ok(KeypairFile::parse(&text)?.0)
}

fn read_or_make(path: &Path) -> Result<PrivateKey> {
    if path.exists() {
        return read(path);
    }
    let key = PrivateKey::from_seed(*random()?);
    let text = KeypairFile(key.clone()).to_text()?;
    write_for_owner(path, text.as_bytes())
        .with_context(|| format!("cannot write the voter's key to {}", path.display()))?;
    Ok(key)
}

#[cfg(unix)]
fn write_for_owner(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?
        .write_all(bytes)
}

#[cfg(not(unix))]
fn write_for_owner(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}

fn random() -> Result<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice())
        .map_err(|error| anyhow::anyhow!("the system gives no randomness: {error}"))?;
    Ok(bytes)
}
