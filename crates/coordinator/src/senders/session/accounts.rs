use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use maci_chain::account::{AccountError, Bundler, Delegation, Route, SmartAccount, Sponsor};
use maci_chain::rpc::{Endpoint, Patience, Rpc};
use maci_chain::send::{Purpose, SendError, Submit};
use maci_protocol::ids::{ChainId, EthAddress};
use tokio::sync::OnceCell;

use super::{Keeper, RouteSettings, SponsorSettings};
use crate::StoredOperations;
use crate::perform::aside;
use crate::senders::{SenderName, SendersError, SendersMeans};
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
        let way = match (&route.bundler, payer) {
            (Some(bundler), _) => {
                let connected = Bundler::connect(bundler.clone(), chain, Patience::default()).await;
                Route::Bundler(connected.map_err(of_account("connecting to the bundler"))?)
            }
            (None, Some(payer)) => Route::Own(payer),
            (None, None) => return Err(SendersError::NoRoute { chain }.into()),
        };
        let sponsor = match &route.sponsor {
            Some(sponsor) => Some(sponsor_at(sponsor, chain).await?),
            None => None,
        };
        let log = Arc::new(StoredOperations::new(self.parts.store.operations()));
        let account = SmartAccount::connect(rpc, delegation, signer, way, log, self.parts.sending).await;
        let account = account.map_err(of_account("using a session key"))?;
        Ok(Arc::new(account.sponsored_by(sponsor)))
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

fn of_account(doing: &'static str) -> impl FnOnce(AccountError) -> SendersError {
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
