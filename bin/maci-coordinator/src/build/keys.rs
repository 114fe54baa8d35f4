use anyhow::Result;
use maci_coordinator_core::access::{Transport, TransportSource};
use maci_custody::{CoordinatorKey, SenderKey, Vault};

use crate::settings::{KeySettings, Settings};
use crate::world::World;

/// The keys, locked; those that stand in the settings in the clear can be used at once.
pub(crate) fn vault(world: &World) -> Result<Vault> {
    let Settings { data_dir, keys, .. } = &world.settings;
    let given = keys
        .coordinator
        .as_ref()
        .map(|text| CoordinatorKey::parse(text.expose()))
        .transpose()?;
    let folder = data_dir.join("keys");
    Ok(Vault::at(
        &folder,
        world.sealing_cost(),
        given.into_iter().collect(),
        sender(keys)?,
    ))
}

/// Who pays for gas, if the settings have a key in the clear.
fn sender(keys: &KeySettings) -> Result<Option<SenderKey>> {
    Ok(match (&keys.private_key, &keys.mnemonic) {
        (Some(key), _) => Some(SenderKey::from_private_key(key.expose())?),
        (None, Some(words)) => Some(SenderKey::from_mnemonic(words.expose(), keys.mnemonic_index)?),
        (None, None) => None,
    })
}

/// The key that clients encrypt to; it is opened, or made, beside everything else.
pub(crate) fn transport(settings: &Settings) -> Transport {
    let rsa = &settings.auth.rsa;
    Transport::start(match &rsa.private_key {
        Some(private) => TransportSource::Files {
            public: rsa.public_key.clone(),
            private: private.clone(),
        },
        None => TransportSource::Folder(settings.data_dir.join("keys")),
    })
}
