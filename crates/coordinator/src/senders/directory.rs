use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use alloy::primitives::U256;
use maci_chain::send::{Sender, Submit};
use maci_protocol::ids::{ChainId, EthAddress};
use tokio::sync::OnceCell;

use super::{SenderChoice, SenderKind, SenderName, SendersError, SendersSettings};
use crate::StoredIntents;
use crate::perform::aside;
use crate::service::{Parts, ServiceError};

/// Every sender, opened when it is first needed. One per name and chain, so that nonces are chosen one at a time.
pub(crate) struct Senders {
    parts: Parts,
    wallets: Mutex<BTreeMap<(ChainId, SenderName), Arc<OnceCell<Sender>>>>,
}

impl Senders {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            parts,
            wallets: Mutex::default(),
        }
    }

    /// The senders that are described.
    pub(crate) fn settings(&self) -> &SendersSettings {
        &self.parts.senders
    }

    /// Refuses a choice that names nobody, or somebody who may not send on the chain.
    ///
    /// # Errors
    /// Which of the two.
    pub(crate) fn expect(&self, chain: ChainId, choice: &SenderChoice) -> Result<(), SendersError> {
        match choice {
            SenderChoice::Session(key) => Err(SendersError::NoSessionKey { key: *key, chain }),
            SenderChoice::ChainDefault | SenderChoice::Named(_) => self.settings().resolve(chain, choice).map(drop),
        }
    }

    /// Something that puts calls on the chain for the chosen sender.
    ///
    /// # Errors
    /// When there is no such sender, it may not send there, or its key cannot be had.
    pub(crate) async fn submit(&self, chain: ChainId, choice: &SenderChoice) -> Result<Arc<dyn Submit>, ServiceError> {
        if let SenderChoice::Session(key) = choice {
            return Err(SendersError::NoSessionKey { key: *key, chain }.into());
        }
        let (name, settings) = self.settings().resolve(chain, choice)?;
        match settings.kind {
            SenderKind::Gas | SenderKind::Wallet(_) => Ok(Arc::new(self.wallet(chain, &name).await?)),
            SenderKind::Session { key } => Err(SendersError::NoSessionKey { key, chain }.into()),
            kind @ SenderKind::Export { .. } => Err(SendersError::NoWallet {
                name,
                kind: kind.word(),
            }
            .into()),
        }
    }

    /// The address of the chain's default sender, as far as it is known without asking anybody: without a passphrase
    /// the gas key may not be there yet.
    pub(crate) fn known_address(&self, chain: ChainId) -> Option<EthAddress> {
        let name = self.settings().default_on(chain);
        let settings = self.settings().get(&name).ok()?;
        match settings.kind {
            SenderKind::Gas => self.parts.keys.sender_address().ok().flatten(),
            SenderKind::Export { account } => Some(account),
            SenderKind::Wallet(_) => self.opened(chain, &name).map(|sender| sender.address()),
            SenderKind::Session { .. } => None,
        }
    }

    /// What the chain's default sender has, in wei; none for one that does not pay itself.
    ///
    /// # Errors
    /// When its key cannot be had, or the chain cannot be asked.
    pub(crate) async fn balance(&self, chain: ChainId) -> Result<Option<U256>, ServiceError> {
        let name = self.settings().default_on(chain);
        match self.settings().get(&name)?.kind {
            SenderKind::Gas | SenderKind::Wallet(_) => {
                let balance = self.wallet(chain, &name).await?.balance().await?;
                Ok(Some(balance))
            }
            SenderKind::Session { .. } | SenderKind::Export { .. } => Ok(None),
        }
    }

    fn opened(&self, chain: ChainId, name: &SenderName) -> Option<Sender> {
        let wallets = self.wallets.lock().unwrap_or_else(PoisonError::into_inner);
        wallets.get(&(chain, name.clone()))?.get().cloned()
    }

    /// The wallet of that name on a chain.
    ///
    /// # Errors
    /// When the sender is none, or its key cannot be had.
    pub(crate) async fn wallet(&self, chain: ChainId, name: &SenderName) -> Result<Sender, ServiceError> {
        let cell = {
            let mut wallets = self.wallets.lock().unwrap_or_else(PoisonError::into_inner);
            wallets.entry((chain, name.clone())).or_default().clone()
        };
        Ok(cell.get_or_try_init(|| self.open(chain, name)).await?.clone())
    }

    async fn open(&self, chain: ChainId, name: &SenderName) -> Result<Sender, ServiceError> {
        let settings = self.settings().get(name)?;
        let wallet = match settings.kind {
            SenderKind::Gas => {
                let keys = self.parts.keys.clone();
                let key = aside(move || keys.sender()).await??;
                key.on_chain(chain)?.into()
            }
            SenderKind::Wallet(source) => source.wallet(chain).await?,
            kind @ (SenderKind::Session { .. } | SenderKind::Export { .. }) => {
                let name = name.clone();
                let kind = kind.word();
                return Err(SendersError::NoWallet { name, kind }.into());
            }
        };
        let rpc = self.parts.chains.rpc(chain).await?;
        let intents = Arc::new(StoredIntents::new(self.parts.store.intents()));
        Ok(Sender::new(rpc, wallet, intents, self.parts.sending))
    }
}
