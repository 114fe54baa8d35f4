use anyhow::{Result, bail};
use maci_custody::{GasKey, KeyName};
use serde_json::json;

use crate::cli::Keys;
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
        Keys::Show { name } => show(world, name.as_deref())?,
    }
    Ok(())
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
