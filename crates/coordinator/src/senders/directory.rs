use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use alloy::primitives::U256;
use maci_chain::account::LookedAfter;
use maci_chain::send::{SendSettings, Sender, Submit};
use maci_custody::Vault;
use maci_protocol::ids::{ChainId, EthAddress};
use maci_store::Store;
use tokio::sync::OnceCell;

use super::export::Exported;
use super::rules::Rules;
use super::session::{Accounts, Keeper};
use super::{SenderChoice, SenderKind, SenderName, SenderSettings, SendersError, SendersSettings};
use crate::StoredIntents;
use crate::chains::Chains;
use crate::clock::Clock;
use crate::perform::aside;
use crate::service::ServiceError;

/// What senders work with.
#[derive(Debug, Clone)]
pub struct SendersMeans {
    /// Those that are described.
    pub settings: SendersSettings,
    /// The chains.
    pub chains: Chains,
    /// Where the gas key is.
    pub keys: Vault,
    /// Where signed transactions, exported calls and pauses are kept.
    pub store: Store,
    /// How transactions are priced and followed.
    pub sending: SendSettings,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// Every sender, opened when it is first needed. One per name and chain, so that nonces are chosen one at a time.
pub struct Senders {
    parts: SendersMeans,
    wallets: Mutex<BTreeMap<(ChainId, SenderName), Arc<OnceCell<Sender>>>>,
    accounts: Accounts,
}

impl Senders {
    /// The senders that settings describe; none is opened yet.
    #[must_use]
    pub fn new(parts: SendersMeans) -> Self {
        Self {
            accounts: Accounts::new(parts.clone()),
            parts,
            wallets: Mutex::default(),
        }
    }

    /// The senders that are described.
    #[must_use]
    pub fn settings(&self) -> &SendersSettings {
        &self.parts.settings
    }

    /// Refuses a choice that names nobody, or somebody who may not send on the chain.
    ///
    /// # Errors
    /// Which of the two.
    pub async fn expect(&self, chain: ChainId, choice: &SenderChoice) -> Result<(), ServiceError> {
        let session = match choice {
            SenderChoice::Session(key) => *key,
            SenderChoice::ChainDefault | SenderChoice::Named(_) => {
                let (_, settings) = self.settings().resolve(chain, choice)?;
                match settings.kind {
                    SenderKind::Session { key } => key,
                    SenderKind::Gas | SenderKind::Wallet(_) | SenderKind::Export { .. } => return Ok(()),
                }
            }
        };
        self.accounts.payer(chain)?;
        self.accounts.keeper().kept(session, chain).await.map(drop)
    }

    /// Something that puts calls on the chain for the chosen sender.
    ///
    /// # Errors
    /// When there is no such sender, it may not send there, or its key cannot be had.
    pub async fn submit(&self, chain: ChainId, choice: &SenderChoice) -> Result<Arc<dyn Submit>, ServiceError> {
        if let SenderChoice::Session(key) = choice {
            return self.session(chain, *key).await;
        }
        let (name, settings) = self.settings().resolve(chain, choice)?;
        match settings.kind {
            SenderKind::Gas | SenderKind::Wallet(_) => Ok(Arc::new(self.wallet(chain, &name).await?)),
            SenderKind::Session { key } => self.session(chain, key).await,
            SenderKind::Export { account } => Ok(Arc::new(Exported {
                name,
                account,
                rpc: self.parts.chains.rpc(chain).await?,
                store: self.parts.store.clone(),
                clock: self.parts.clock.clone(),
                patience: self.parts.sending.give_up_after,
            })),
        }
    }

    /// The smart account for which a session key acts.
    async fn session(&self, chain: ChainId, key: EthAddress) -> Result<Arc<dyn Submit>, ServiceError> {
        let payer: Option<Arc<dyn Submit>> = match self.accounts.payer(chain)? {
            Some(name) => Some(Arc::new(self.wallet(chain, &name).await?)),
            None => None,
        };
        Ok(self.accounts.account(chain, key, payer).await?)
    }

    /// Looks after the operations of an account that nobody follows any more.
    pub(crate) async fn look_after(&self, chain: ChainId, account: EthAddress) -> Result<LookedAfter, ServiceError> {
        self.accounts.look_after(chain, account).await
    }

    /// Session keys, and what they were allowed.
    pub(crate) fn keeper(&self) -> &Keeper {
        self.accounts.keeper()
    }

    /// The wallet of that name on a chain.
    ///
    /// # Errors
    /// When the sender is none, or its key cannot be had.
    pub async fn wallet(&self, chain: ChainId, name: &SenderName) -> Result<Sender, ServiceError> {
        let cell = {
            let mut wallets = self.wallets.lock().unwrap_or_else(PoisonError::into_inner);
            wallets.entry((chain, name.clone())).or_default().clone()
        };
        Ok(cell.get_or_try_init(|| self.open(chain, name)).await?.clone())
    }

    /// The wallet that signs for an address on a chain.
    ///
    /// # Errors
    /// [`SendersError::NotOurs`].
    pub async fn wallet_of(&self, chain: ChainId, account: EthAddress) -> Result<Sender, ServiceError> {
        let mut trouble = None;
        for name in self.settings().names() {
            let kind = self.settings().get(&name)?.kind;
            if !matches!(kind, SenderKind::Gas | SenderKind::Wallet(_)) {
                continue;
            }
            match self.wallet(chain, &name).await {
                Ok(wallet) if wallet.address() == account => return Ok(wallet),
                Ok(_) => {}
                Err(error) => trouble = Some(error),
            }
        }
        // one that does not open may be the one
        Err(trouble.unwrap_or_else(|| SendersError::NotOurs { account, chain }.into()))
    }

    /// Every wallet that was opened, with its chain and name.
    #[must_use]
    pub fn opened(&self) -> Vec<(ChainId, SenderName, Sender)> {
        let wallets = self.wallets.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = wallets.iter();
        opened
            .filter_map(|((chain, name), cell)| Some((*chain, name.clone(), cell.get()?.clone())))
            .collect()
    }

    /// The address of a sender on a chain, as far as it is known without asking anybody: without a passphrase the gas
    /// key may not be there yet.
    #[must_use]
    pub fn known_address(&self, chain: ChainId, name: &SenderName) -> Option<EthAddress> {
        let settings = self.settings().get(name).ok()?;
        match settings.kind {
            SenderKind::Gas => self.parts.keys.sender_address().ok().flatten(),
            SenderKind::Export { account } => Some(account),
            SenderKind::Wallet(_) => {
                let opened = self.opened().into_iter();
                let mut own = opened.filter(|(of, named, _)| *of == chain && named == name);
                own.next().map(|(_, _, sender)| sender.address()).or(settings.account)
            }
            SenderKind::Session { .. } => settings.account,
        }
    }

    /// What a sender has on a chain, in wei, and its address; none for one whose address is not known here.
    ///
    /// # Errors
    /// When its key cannot be had, or the chain cannot be asked.
    pub async fn balance(&self, chain: ChainId, name: &SenderName) -> Result<Option<(EthAddress, U256)>, ServiceError> {
        match self.settings().get(name)?.kind {
            SenderKind::Gas | SenderKind::Wallet(_) => {
                let wallet = self.wallet(chain, name).await?;
                Ok(Some((wallet.address(), wallet.balance().await?)))
            }
            SenderKind::Session { key } => {
                let account = self.keeper().kept(key, chain).await?.account();
                let rpc = self.parts.chains.rpc(chain).await?;
                Ok(Some((
                    account,
                    maci_chain::account::balance_of_account(&rpc, account).await?,
                )))
            }
            SenderKind::Export { account } => {
                let rpc = self.parts.chains.rpc(chain).await?;
                Ok(Some((account, maci_chain::send::balance_of(&rpc, account).await?)))
            }
        }
    }

    async fn open(&self, chain: ChainId, name: &SenderName) -> Result<Sender, ServiceError> {
        let settings = self.settings().get(name)?;
        let SenderSettings {
            kind, account, limits, ..
        } = settings;
        let wallet = match kind {
            SenderKind::Gas => {
                let keys = self.parts.keys.clone();
                let key = aside(move || keys.sender()).await?.map_err(|error| match error {
                    maci_custody::CustodyError::Locked => ServiceError::Locked,
                    error => ServiceError::Custody(error),
                })?;
                key.on_chain(chain)?.into()
            }
            SenderKind::Wallet(source) => source.wallet(chain).await?,
            kind @ (SenderKind::Session { .. } | SenderKind::Export { .. }) => {
                let name = name.clone();
                let kind = kind.word();
                return Err(SendersError::NoWallet { name, kind }.into());
            }
        };
        let found = maci_custody::address_of(&wallet);
        if let Some(expected) = account
            && expected != found
        {
            let name = name.clone();
            return Err(SendersError::OtherAccount { name, expected, found }.into());
        }
        let rpc = self.parts.chains.rpc(chain).await?;
        let intents = StoredIntents::new(self.parts.store.intents()).by(self.parts.clock.clone());
        let sending = SendSettings {
            min_balance: limits.min_balance,
            ..self.parts.chains.sending(chain, self.parts.sending)
        };
        let rules = Rules {
            known_as: vec![name.clone().into()],
            limits,
            store: self.parts.store.clone(),
            clock: self.parts.clock.clone(),
        };
        Ok(Sender::new(rpc, wallet, Arc::new(intents), sending).permitted_by(Arc::new(rules)))
    }
}

impl fmt::Debug for Senders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Senders")
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
