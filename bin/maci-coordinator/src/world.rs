//! What commands work with: the chain, the store, the keys. Each is opened when a command asks for it.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use alloy::network::EthereumWallet;
use anyhow::{Context, Result, bail};
use maci_chain::artifacts::Artifacts;
use maci_chain::rpc::{Patience, Rpc};
use maci_chain::send::{SendSettings, Sender};
use maci_coordinator_core::StoredIntents;
use maci_coordinator_core::networks::network_name;
use maci_custody::{CoordinatorKeys, Cost, GasKey, Passphrase, SenderKey};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_store::Store;

use crate::output::Output;
use crate::settings::{Sealing, Settings};
use crate::{build, cli};

pub(crate) struct World {
    pub settings: Settings,
    pub output: Arc<Output>,
    /// Asked for once, however many keys a command opens.
    passphrase: OnceLock<Passphrase>,
}

impl World {
    pub(crate) fn new(settings: Settings, output: Output) -> Self {
        Self {
            settings,
            output: Arc::new(output),
            passphrase: OnceLock::new(),
        }
    }

    /// The chain behind the configured endpoints.
    pub(crate) async fn rpc(&self) -> Result<Rpc> {
        let (endpoints, expected) = match (self.settings.rpc_urls.as_slice(), self.settings.chains.as_slice()) {
            ([], []) => {
                bail!("no RPC endpoint is given; use --rpc-url, COORDINATOR_RPC_URL or [[chains]] in the settings")
            }
            ([], [chain]) => (chain.rpc_urls.clone(), Some(chain.id)),
            ([], _) => bail!("the settings name several chains; say with --rpc-url which one is meant"),
            (endpoints, _) => (endpoints.to_vec(), None),
        };
        Ok(Rpc::connect(endpoints, expected, Patience::default()).await?)
    }

    pub(crate) async fn store(&self) -> Result<Store> {
        build::store(&self.settings).await
    }

    pub(crate) fn contracts(&self) -> Result<Artifacts> {
        Artifacts::open(&self.settings.contracts).with_context(|| {
            format!(
                "the official contracts are not in {}; install them with `npm ci` in contracts/",
                self.settings.contracts.display()
            )
        })
    }

    /// Where coordinator keys rest.
    pub(crate) fn coordinator_keys(&self) -> CoordinatorKeys {
        CoordinatorKeys::at(self.settings.data_dir.join("keys"), self.sealing_cost())
    }

    pub(crate) fn sealing_cost(&self) -> Cost {
        match self.settings.keys.sealing {
            Sealing::Light => Cost::LIGHT,
            Sealing::Strong => Cost::STRONG,
        }
    }

    /// The passphrase: from the file, the environment, or the terminal.
    pub(crate) fn passphrase(&self, from: &cli::Passphrase) -> Result<&Passphrase> {
        if let Some(known) = self.passphrase.get() {
            return Ok(known);
        }
        let read = self.read_passphrase(from)?;
        Ok(self.passphrase.get_or_init(|| read))
    }

    /// The passphrase for a process that may have nobody to ask: none if there is neither a file nor a variable nor a
    /// terminal.
    pub(crate) fn known_passphrase(&self, from: &cli::Passphrase) -> Result<Option<Passphrase>> {
        let keys = &self.settings.keys;
        let is_given = from.passphrase_file.is_some() || keys.passphrase_file.is_some() || keys.passphrase.is_some();
        if is_given || std::io::stdin().is_terminal() {
            return self.passphrase(from).cloned().map(Some);
        }
        Ok(None)
    }

    fn read_passphrase(&self, from: &cli::Passphrase) -> Result<Passphrase> {
        let keys = &self.settings.keys;
        if let Some(path) = from.passphrase_file.as_ref().or(keys.passphrase_file.as_ref()) {
            let file = Passphrase::from_file(path)?;
            if let Some(warning) = file.warning {
                self.output.say(&format!("warning: {warning}"));
            }
            return Ok(file.passphrase);
        }
        if let Some(text) = &keys.passphrase {
            return Ok(Passphrase::new(text.expose().as_bytes().to_vec())?);
        }
        let typed = rpassword::prompt_password("passphrase of the keys: ")
            .context("no passphrase: use --passphrase-file or MACI_PASSPHRASE where there is no terminal")?;
        Ok(Passphrase::new(typed.into_bytes())?)
    }

    pub(crate) fn gas_key_path(&self) -> PathBuf {
        self.settings.data_dir.join("keys").join("gas-key.json")
    }

    /// Who pays for gas: the environment's key where one is set, else the gas key of this data folder.
    pub(crate) fn sender_key(&self, passphrase: &cli::Passphrase) -> Result<SenderKey> {
        let keys = &self.settings.keys;
        if let Some(key) = &keys.private_key {
            return Ok(SenderKey::from_private_key(key.expose())?);
        }
        if let Some(words) = &keys.mnemonic {
            return Ok(SenderKey::from_mnemonic(words.expose(), keys.mnemonic_index)?);
        }
        let gas = GasKey::open_or_create(&self.gas_key_path(), self.passphrase(passphrase)?, self.sealing_cost())?;
        if gas.is_new {
            self.output
                .say(&format!("made a key to pay for gas: fund {}", gas.key.address()));
        }
        Ok(gas.key)
    }

    /// A sender whose signed transactions survive crashes.
    pub(crate) fn sender(&self, rpc: &Rpc, store: &Store, key: &SenderKey) -> Result<Sender> {
        let wallet = EthereumWallet::from(key.on_chain(rpc.chain())?);
        let log = Arc::new(StoredIntents::new(store.intents()));
        Ok(Sender::new(rpc.clone(), wallet, log, SendSettings::default()))
    }

    /// The MACI contract asked for, or the last one deployed from this data folder.
    pub(crate) fn maci(&self, given: Option<&str>, chain: ChainId, store: &Store) -> Result<EthAddress> {
        if let Some(text) = given {
            return Ok(text.parse()?);
        }
        let name = network_name(chain);
        let known = store.deployments().read()?.lookup(&name, "MACI", None);
        known.map(|record| record.address).with_context(|| {
            format!(
                "no MACI is recorded for chain {name} in {}; name one with --maci",
                store.deployments().path().display()
            )
        })
    }
}
