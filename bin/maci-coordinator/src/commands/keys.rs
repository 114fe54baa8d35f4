use std::path::Path;

use anyhow::{Context, Result, bail};
use maci_custody::{CoordinatorKey, GasKey, KeyName, Passphrase, Restored, Vault};
use serde_json::json;
use zeroize::Zeroizing;

use crate::build::vault;
use crate::cli::{self, Keys};
use crate::world::World;

pub(crate) fn keys(world: &World, command: Keys) -> Result<()> {
    match command {
        Keys::New { name, passphrase } => {
            let name: KeyName = name.parse()?;
            let key = world.coordinator_keys().create(&name, world.passphrase(&passphrase)?)?;
            let public = key.public_key().serialize();
            // born together, so that the operator knows at once whom to fund
            let gas = world.sender_key(&passphrase)?.address();
            let value = json!({ "name": name.as_str(), "publicKey": public, "gasAddress": gas });
            world
                .output
                .result(&value, &format!("{}: {public}\ngas is paid by {gas}", name.as_str()));
        }
        Keys::Import {
            name,
            key_file,
            passphrase,
        } => {
            let name: KeyName = name.parse()?;
            let key = given_key(world, key_file.as_deref())?;
            let key = unlocked(world, &passphrase)?.import(&name, key)?;
            let public = key.public_key().serialize();
            let value = json!({ "name": name.as_str(), "publicKey": public });
            world.output.result(&value, &format!("{}: {public}", name.as_str()));
        }
        Keys::Backup {
            file,
            backup,
            passphrase,
        } => {
            let vault = unlocked(world, &passphrase)?;
            vault.backup_to(&file, &backup_passphrase(world, &backup, true)?)?;
            let value = json!({ "file": file });
            world
                .output
                .result(&value, &format!("every key is in {}", file.display()));
        }
        Keys::Restore {
            file,
            backup,
            passphrase,
        } => {
            let vault = unlocked(world, &passphrase)?;
            let restored = vault.restore_from(&file, &backup_passphrase(world, &backup, false)?)?;
            tell_restored(world, &restored);
        }
        Keys::Show { name } => show(world, name.as_deref())?,
    }
    Ok(())
}

/// The keys, opened.
fn unlocked(world: &World, passphrase: &cli::Passphrase) -> Result<Vault> {
    let vault = vault(world)?;
    vault.unlock(world.passphrase(passphrase)?.clone())?;
    Ok(vault)
}

/// The key to import: from a file, the environment, or the terminal.
fn given_key(world: &World, file: Option<&Path>) -> Result<CoordinatorKey> {
    if let Some(file) = file {
        return Ok(CoordinatorKey::read(file)?);
    }
    if let Some(text) = &world.settings.keys.coordinator {
        return Ok(CoordinatorKey::parse(text.expose())?);
    }
    let typed = rpassword::prompt_password("the coordinator key (macisk…): ")
        .context("no key: use --key-file or COORDINATOR_MACI_PRIVATE_KEY where there is no terminal")?;
    Ok(CoordinatorKey::parse(&Zeroizing::new(typed))?)
}

/// The passphrase of a backup; a new one is asked for twice.
fn backup_passphrase(world: &World, from: &cli::BackupPassphrase, is_new: bool) -> Result<Passphrase> {
    if let Some(path) = &from.backup_passphrase_file {
        let file = Passphrase::from_file(path)?;
        if let Some(warning) = file.warning {
            world.output.say(&format!("warning: {warning}"));
        }
        return Ok(file.passphrase);
    }
    let ask = |prompt: &str| {
        let typed = rpassword::prompt_password(prompt);
        typed
            .map(Zeroizing::new)
            .context("no passphrase: use --backup-passphrase-file where there is no terminal")
    };
    let typed = ask("passphrase of the backup: ")?;
    if is_new && *ask("the same again: ")? != *typed {
        bail!("the two passphrases differ; nothing was written");
    }
    Ok(Passphrase::new(typed.as_bytes().to_vec())?)
}

fn tell_restored(world: &World, restored: &Restored) {
    let Restored {
        added,
        present,
        conflicts,
    } = restored;
    let value = json!({ "added": added, "present": present, "conflicts": conflicts });
    let line = |what: &str, names: &[String]| (!names.is_empty()).then(|| format!("{what}: {}", names.join(", ")));
    let lines = [
        line("restored", added),
        line("already here", present),
        line("left alone, because another key has their name", conflicts),
    ];
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    world.output.result(&value, &lines.join("\n"));
}

fn show(world: &World, name: Option<&str>) -> Result<()> {
    let list = world.coordinator_keys().list()?;
    let mut keys = list.keys;
    keys.retain(|key| name.is_none_or(|name| key.name.as_str() == name));
    if let (Some(name), true) = (name, keys.is_empty()) {
        bail!(
            "there is no key `{name}` in {}; `keys new {name}` makes one",
            world.settings.data_dir.display()
        );
    }
    let gas = GasKey::address(&world.gas_key_path())?.map(|address| address.to_string());
    let entries = keys
        .iter()
        .map(|key| json!({ "name": key.name.as_str(), "publicKey": key.public_key.serialize() }));
    let value = json!({ "keys": entries.collect::<Vec<_>>(), "gasAddress": gas });
    let mut lines: Vec<String> = keys
        .iter()
        .map(|key| format!("{}: {}", key.name.as_str(), key.public_key.serialize()))
        .collect();
    lines.extend(list.unreadable.iter().map(|error| format!("unreadable: {error}")));
    lines.extend(gas.map(|address| format!("gas is paid by {address}")));
    if lines.is_empty() {
        lines.push("no keys yet; `keys new` makes one".to_owned());
    }
    world.output.result(&value, &lines.join("\n"));
    Ok(())
}
