//! An account's owner, the session keys of a service, and a bundler.

use std::path::Path;

use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use maci_chain::account::{Draft, Explanation, Policy};
use maci_chain::words::eth_address;
use maci_coordinator_core::senders::{RouteSettings, SenderChoice, SendersSettings, SessionSettings};
use maci_coordinator_core::service::{Parts, Service, ServiceError};
use maci_custody::{Cost, Passphrase, Vault};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_testkit::accounts::{AccountContracts, AltoBundler};
use maci_testkit::anvil::AnvilOptions;
use serde_json::json;

use crate::venue::{CHAIN, Process, Venue, operator};

pub(crate) const AN_HOUR: u64 = 3_600;

/// A chain with the contracts of smart accounts, a bundler, and an owner.
pub(crate) struct Delegated {
    pub(crate) venue: Venue,
    pub(crate) owner: PrivateKeySigner,
    pub(crate) sessions: SessionSettings,
    pub(crate) alto: AltoBundler,
}

impl Delegated {
    /// Opens it.
    pub(crate) fn open() -> Self {
        let venue = Venue::open_with(&AnvilOptions {
            large_contracts: true,
            ..AnvilOptions::default()
        });
        let alto = venue.outside(async {
            let contracts = AccountContracts::find().await.unwrap();
            contracts.install(&venue.chain).await.unwrap();
            AltoBundler::start(&venue.chain).await.unwrap()
        });
        let owner = PrivateKeySigner::random();
        Self {
            sessions: sessions(alto.url(), eth_address(owner.address())),
            venue,
            owner,
            alto,
        }
    }

    /// A process whose vault has no sender's key: the gas key would be made if anybody asked for it.
    pub(crate) fn begin(&self) -> Process {
        self.begin_with(SendersSettings::default())
    }

    /// The same, with these senders.
    pub(crate) fn begin_with(&self, senders: SendersSettings) -> Process {
        let senders = SendersSettings {
            sessions: self.sessions.clone(),
            ..senders
        };
        self.venue
            .begin_as(|parts| without_a_key(parts, self.venue.folder(), senders))
    }

    pub(crate) fn draft(&self, session: EthAddress, chain: ChainId, until: u64) -> Draft {
        let policies = vec![Policy::sudo(), Policy::timestamp(0, until)];
        Draft::new(eth_address(self.owner.address()), session, chain, policies)
    }

    pub(crate) fn approve(&self, draft: Draft) -> String {
        let signature = self.owner.sign_hash_sync(&draft.digest()).unwrap();
        draft.signed(signature).to_text()
    }

    /// A session key of the service with a good approval, and its account with money.
    pub(crate) fn session(&self, process: &Process) -> (EthAddress, EthAddress) {
        let session = process.run(process.service.make_session_key(&operator())).unwrap();
        let draft = self.draft(session, CHAIN, self.venue.now() + 10 * AN_HOUR);
        let account = draft.account();
        let approval = self.approve(draft);
        let kept = process.service.keep_approval_as_operator(session, &approval);
        let (sender, explained) = process.run(kept).unwrap();
        assert_eq!((explained.account, sender), (account, SenderChoice::Session(session)));
        let money = json!([account.to_string(), "0x56bc75e2d63100000"]);
        self.venue
            .outside(self.venue.chain.rpc().call("anvil_setBalance", money))
            .unwrap();
        (session, account)
    }
}

/// By what way operations reach the chain, and whose accounts may be used.
pub(crate) fn sessions(bundler: &str, owner: EthAddress) -> SessionSettings {
    let route = RouteSettings {
        bundler: Some(bundler.parse().unwrap()),
        ..RouteSettings::default()
    };
    SessionSettings {
        routes: [(CHAIN, route)].into(),
        owners: Some([owner].into()),
        ..SessionSettings::default()
    }
}

/// Takes every key but session keys away.
pub(crate) fn without_a_key(parts: &mut Parts, folder: &Path, senders: SendersSettings) {
    parts.keys = Vault::at(&folder.join("keys"), Cost::LIGHT, Vec::new(), None);
    let passphrase = Passphrase::new(b"a passphrase for tests only".to_vec()).unwrap();
    parts.keys.unlock(passphrase).unwrap();
    parts.senders = senders;
}

/// What tests ask for as an operator.
pub(crate) trait AsOperator {
    /// Keeps an approval for the test's chain.
    fn keep_approval_as_operator(
        &self,
        session: EthAddress,
        approval: &str,
    ) -> impl Future<Output = Result<(SenderChoice, Explanation), ServiceError>>;
}

impl AsOperator for Service {
    async fn keep_approval_as_operator(
        &self,
        session: EthAddress,
        approval: &str,
    ) -> Result<(SenderChoice, Explanation), ServiceError> {
        self.keep_approval(&operator(), CHAIN, session, approval).await
    }
}
