use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use maci_chain::account::{AccountError, Bundler, Delegation, LookedAfter, Route, SmartAccount, Sponsor, look_after};
use maci_chain::rpc::{Endpoint, Patience, Rpc};
use maci_chain::send::{Purpose, SendError, SendSettings, Submit};
use maci_protocol::ids::{ChainId, EthAddress};
use tokio::sync::OnceCell;

use super::{Keeper, RouteSettings, SponsorSettings};
use crate::StoredOperations;
use crate::perform::aside;
use crate::senders::rules::Rules;
use crate::senders::{SenderChoice, SenderKind, SenderName, SendersError, SendersMeans};
use crate::service::ServiceError;

/// An account by its session key's permission: another approval is another permission, and another account here.
type Which = (ChainId, EthAddress, EthAddress, [u8; 4]);

/// Every smart account, connected when it is first needed; one each, so that its operations follow one another.
pub(crate) struct Accounts {
    parts: SendersMeans,
    keeper: Keeper,
    connected: Mutex<BTreeMap<Which, Arc<OnceCell<Arc<SmartAccount>>>>>,
}

impl Accounts {
    pub(crate) fn new(parts: SendersMeans) -> Self {
        Self {
            keeper: Keeper::new(parts.clone()),
            parts,
            connected: Mutex::default(),
        }
    }

    /// Session keys and approvals.
    pub(crate) fn keeper(&self) -> &Keeper {
        &self.keeper
    }

    /// The sender of this service that pays on a chain where there is no bundler.
    ///
    /// # Errors
    /// [`SendersError::NoRoute`] when nobody said how operations reach the chain.
    pub(crate) fn payer(&self, chain: ChainId) -> Result<Option<SenderName>, SendersError> {
        let RouteSettings { bundler, payer, .. } = self.route(chain)?;
        Ok(payer.clone().filter(|_| bundler.is_none()))
    }

    /// The account for which a session key acts on a chain.
    ///
    /// # Errors
    /// When there is no such session key or approval, it must not be used any more, or it cannot be connected.
    pub(crate) async fn account(
        &self,
        chain: ChainId,
        session: EthAddress,
        payer: Option<Arc<dyn Submit>>,
    ) -> Result<Arc<SmartAccount>, ServiceError> {
        let delegation = self.keeper.kept(session, chain).await?;
        let cell = {
            let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
            let which = (chain, session, delegation.account(), delegation.permission().0.0);
            connected.entry(which).or_default().clone()
        };
        let account = cell.get_or_try_init(|| self.connect(chain, delegation, payer)).await?;
        Ok(account.clone())
    }

    async fn connect(
        &self,
        chain: ChainId,
        delegation: Delegation,
        payer: Option<Arc<dyn Submit>>,
    ) -> Result<Arc<SmartAccount>, ServiceError> {
        let route = self.route(chain)?;
        let rpc = self.parts.chains.rpc(chain).await?;
        let (keys, session) = (self.keeper.keys(), delegation.session());
        let key = aside(move || keys.session_key(session)).await??;
        let key = key.ok_or(SendersError::NoSessionKey { key: session, chain })?;
        let signer = Arc::new(key.on_chain(chain)?);
        let way = match (self.bundler(chain).await?, payer) {
            (Some(bundler), _) => Route::Bundler(bundler),
            (None, Some(payer)) => Route::Own(payer),
            (None, None) => return Err(SendersError::NoRoute { chain }.into()),
        };
        let sponsor = match &route.sponsor {
            Some(sponsor) => Some(sponsor_at(sponsor, chain).await?),
            None => None,
        };
        let (rules, log) = (self.rules(session), Arc::new(self.log()));
        let sending = SendSettings {
            min_balance: rules.limits.min_balance,
            ..self.parts.chains.sending(chain, self.parts.sending)
        };
        let account = SmartAccount::connect(rpc, delegation, signer, way, log, sending).await;
        let account = account.map_err(of_account("using a session key"))?;
        Ok(Arc::new(account.sponsored_by(sponsor).permitted_by(Arc::new(rules))))
    }

    /// Looks after the operations of an account that nobody follows any more.
    ///
    /// # Errors
    /// When chain, bundler or store cannot be asked.
    pub(crate) async fn look_after(&self, chain: ChainId, account: EthAddress) -> Result<LookedAfter, ServiceError> {
        let rpc = self.parts.chains.rpc(chain).await?;
        let bundler = if self.parts.settings.sessions.routes.contains_key(&chain) {
            self.bundler(chain).await?
        } else {
            None
        };
        let found = look_after(&rpc, bundler.as_ref(), &self.log(), account).await;
        Ok(found.map_err(SendersError::from)?)
    }

    /// What the operator lets a session key's account spend: the limits of the sender that is described with it.
    fn rules(&self, session: EthAddress) -> Rules {
        let named = self.parts.settings.senders.iter();
        let named =
            named.filter(|(_, settings)| matches!(settings.kind, SenderKind::Session { key } if key == session));
        let (mut known_as, mut limits) = (vec![SenderChoice::Session(session)], None);
        for (name, settings) in named {
            known_as.push(name.clone().into());
            limits.get_or_insert(settings.limits);
        }
        Rules {
            known_as,
            limits: limits.unwrap_or_default(),
            store: self.parts.store.clone(),
            clock: self.parts.clock.clone(),
        }
    }

    fn log(&self) -> StoredOperations {
        StoredOperations::new(self.parts.store.operations(), self.parts.clock.clone())
    }

    /// The chain's bundler, if the settings name one.
    async fn bundler(&self, chain: ChainId) -> Result<Option<Bundler>, ServiceError> {
        let Some(bundler) = &self.route(chain)?.bundler else {
            return Ok(None);
        };
        let connected = Bundler::connect(bundler.clone(), chain, Patience::default()).await;
        let connected = connected.map_err(of_account("connecting to the bundler"))?;
        Ok(Some(connected))
    }

    fn route(&self, chain: ChainId) -> Result<&RouteSettings, SendersError> {
        let route = self.parts.settings.sessions.routes.get(&chain);
        route.ok_or(SendersError::NoRoute { chain })
    }
}

async fn sponsor_at(sponsor: &SponsorSettings, chain: ChainId) -> Result<Sponsor, ServiceError> {
    let connect = async |endpoint: &Endpoint| {
        let connected = Rpc::connect(vec![endpoint.clone()], Some(chain), Patience::default()).await;
        connected.map_err(|error| SendersError::Send(SendError::Rpc(error)))
    };
    Ok(match sponsor {
        SponsorSettings::ZeroDev(endpoint) => Sponsor::ZeroDev(connect(endpoint).await?),
        SponsorSettings::Erc7677 { endpoint, context } => Sponsor::Erc7677 {
            rpc: connect(endpoint).await?,
            context: context.clone(),
        },
    })
}

pub(super) fn of_account(doing: &'static str) -> impl FnOnce(AccountError) -> SendersError {
    move |source| {
        let purpose = Purpose::new(doing);
        let source = Box::new(source);
        SendersError::Send(SendError::Account { purpose, source })
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts").finish_non_exhaustive()
    }
}
