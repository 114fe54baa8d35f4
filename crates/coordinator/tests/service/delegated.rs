//! A whole round by a session key and what an account's owner allowed it: no other key is on the server.

use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use maci_chain::account::{ApprovalError, Draft, Policy, Refused};
use maci_chain::words::eth_address;
use maci_coordinator_core::events::EventKind;
use maci_coordinator_core::finalise::Stage;
use maci_coordinator_core::senders::{
    ApprovalRefused, RouteSettings, SenderChoice, SendersError, SendersSettings, SessionSettings,
};
use maci_coordinator_core::service::ServiceError;
use maci_custody::{Cost, Passphrase, Vault};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_testkit::accounts::{AccountContracts, AltoBundler};
use maci_testkit::anvil::AnvilOptions;
use serde_json::json;

use crate::venue::{CHAIN, Process, Venue, count_of, operator, results_of, votes};

const AN_HOUR: u64 = 3_600;

struct Delegated {
    venue: Venue,
    owner: PrivateKeySigner,
    sessions: SessionSettings,
    _alto: AltoBundler,
}

impl Delegated {
    /// A chain with the contracts of smart accounts, behind a bundler.
    fn open() -> Self {
        let venue = Venue::open_with(&AnvilOptions {
            large_contracts: true,
            ..AnvilOptions::default()
        });
        let alto = venue.outside(async {
            let contracts = AccountContracts::find().await.unwrap();
            contracts.install(&venue.chain).await.unwrap();
            AltoBundler::start(&venue.chain).await.unwrap()
        });
        let route = RouteSettings {
            bundler: Some(alto.url().parse().unwrap()),
            ..RouteSettings::default()
        };
        let owner = PrivateKeySigner::random();
        let sessions = SessionSettings {
            routes: [(CHAIN, route)].into(),
            owners: Some([eth_address(owner.address())].into()),
            ..SessionSettings::default()
        };
        Self {
            venue,
            owner,
            sessions,
            _alto: alto,
        }
    }

    /// A process whose vault has no sender's key: the gas key would be made if anybody asked for it.
    fn begin(&self) -> Process {
        self.venue.begin_as(|parts| {
            parts.keys = Vault::at(&self.venue.folder().join("keys"), Cost::LIGHT, Vec::new(), None);
            let passphrase = Passphrase::new(b"a passphrase for tests only".to_vec()).unwrap();
            parts.keys.unlock(passphrase).unwrap();
            parts.senders = SendersSettings {
                sessions: self.sessions.clone(),
                ..SendersSettings::default()
            };
        })
    }

    fn draft(&self, session: EthAddress, chain: ChainId, until: u64) -> Draft {
        let policies = vec![Policy::sudo(), Policy::timestamp(0, until)];
        Draft::new(eth_address(self.owner.address()), session, chain, policies)
    }

    fn approve(&self, draft: Draft) -> String {
        let signature = self.owner.sign_hash_sync(&draft.digest()).unwrap();
        draft.signed(signature).to_text()
    }
}

#[test]
fn a_round_is_deployed_and_finalised_by_a_session_key_and_no_other_key() {
    let (stage, script) = (Delegated::open(), votes());
    let venue = &stage.venue;
    let evening = stage.begin();
    let session = evening.run(evening.service.make_session_key(&operator())).unwrap();
    let draft = stage.draft(session, CHAIN, venue.now() + 10 * AN_HOUR);
    let account = draft.account();
    let approval = stage.approve(draft);
    let kept = evening.service.keep_approval_as_operator(session, &approval);
    let (sender, explained) = evening.run(kept).unwrap();
    assert_eq!(
        (explained.account, sender.clone()),
        (account, SenderChoice::Session(session))
    );
    let money = json!([account.to_string(), "0x56bc75e2d63100000"]);
    venue
        .outside(venue.chain.rpc().call("anvil_setBalance", money))
        .unwrap();

    evening.deploy_maci_by(sender.clone());
    let end = venue.now() + AN_HOUR;
    let poll = evening.deploy_poll_by(venue.now(), end, sender);
    venue.vote(&script, poll);
    evening.crash();

    // the poll remembers who sends for it, also in another process
    venue.time_passes_to(end + 60);
    let morning = stage.begin();
    let view = morning.until("the result is checked", || async {
        let view = morning.service.poll(poll).await.unwrap();
        view.verification.is_some().then_some(view)
    });
    assert_eq!((view.stage, view.trouble), (Stage::Final, None));
    assert!(view.verification.unwrap().verified());
    let tally = morning.run(morning.service.tally(poll)).unwrap();
    let told = serde_json::from_str(&tally.text).unwrap();
    assert_eq!(results_of(&told), count_of(&script));
    morning.hear(poll, EventKind::JobDone);

    // nobody asked for a key of the service's own, so none was made
    assert!(!venue.folder().join("keys/gas-key.json").exists());
}

#[test]
fn approvals_that_do_not_hold_are_refused_with_the_reason_and_the_number() {
    let stage = Delegated::open();
    let process = stage.begin();
    let session = process.run(process.service.make_session_key(&operator())).unwrap();
    let (now, far) = (stage.venue.now(), stage.venue.now() + AN_HOUR);
    let refused = |key: EthAddress, approval: &str| {
        let refused = process
            .run(process.service.keep_approval_as_operator(key, approval))
            .unwrap_err();
        let code = refused.code().map(|code| code.number());
        match refused {
            ServiceError::Sender(error) => (code, error),
            other => panic!("{other}"),
        }
    };
    let good = stage.approve(stage.draft(session, CHAIN, far));

    let (code, error) = refused(EthAddress([7; 20]), &good);
    assert_eq!(code, Some(8), "{error}");
    let (code, error) = refused(session, "bm8=");
    assert_eq!(code, Some(9), "{error}");
    let expected = |error: &SendersError| match error {
        SendersError::Approval(ApprovalRefused::Refused(refused)) => refused.clone(),
        other => panic!("{other}"),
    };
    let elsewhere = stage.approve(stage.draft(session, ChainId(10), far));
    let (code, error) = refused(session, &elsewhere);
    assert_eq!(code, Some(9));
    let other_chain = Refused::OtherChain {
        signed: ChainId(10),
        asked: CHAIN,
    };
    assert_eq!(expected(&error), other_chain);
    let expired = stage.approve(stage.draft(session, CHAIN, now - 1));
    let (_, error) = refused(session, &expired);
    assert_eq!(expected(&error), Refused::Expired { until: now - 1 });
    let endless = stage.approve(stage.draft(session, CHAIN, 0));
    let (_, error) = refused(session, &endless);
    assert_eq!(expected(&error), Refused::Endless);
    let another = process.run(process.service.make_session_key(&operator())).unwrap();
    let (_, error) = refused(another, &good);
    assert!(matches!(expected(&error), Refused::NotByOwner { .. }), "{error}");

    // with a private key inside it is refused before anything else is looked at
    let with_key = with_private_key(&good);
    let (code, error) = refused(session, &with_key);
    assert_eq!(code, Some(9));
    assert!(
        matches!(
            error,
            SendersError::Approval(ApprovalRefused::Unreadable(ApprovalError::CarriesKey))
        ),
        "{error}"
    );

    // the good one is kept, listed in words, and gone with its key
    let kept = process.service.keep_approval_as_operator(session, &good);
    process.run(kept).unwrap();
    let listed = process.run(process.service.session_keys(&operator())).unwrap();
    let first = listed.iter().find(|key| key.address == session).unwrap();
    let explained = first.approvals[0].explanation.as_ref().unwrap();
    assert_eq!(explained.until, Some(far));
    assert_eq!(explained.policies[0], "everything is allowed");
    process
        .run(process.service.delete_session_key(&operator(), session))
        .unwrap();
    let (code, _) = refused(session, &good);
    assert_eq!(code, Some(8));
}

fn with_private_key(approval: &str) -> String {
    use base64::Engine;
    let engine = base64::engine::general_purpose::STANDARD;
    let json = engine.decode(approval).unwrap();
    let mut json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    json["privateKey"] = json!(format!("0x{}", "17".repeat(32)));
    engine.encode(json.to_string())
}

/// What tests ask for as an operator.
trait AsOperator {
    /// Keeps an approval for the test's chain.
    fn keep_approval_as_operator(
        &self,
        session: EthAddress,
        approval: &str,
    ) -> impl Future<Output = Result<(SenderChoice, maci_chain::account::Explanation), ServiceError>>;
}

impl AsOperator for maci_coordinator_core::service::Service {
    async fn keep_approval_as_operator(
        &self,
        session: EthAddress,
        approval: &str,
    ) -> Result<(SenderChoice, maci_chain::account::Explanation), ServiceError> {
        self.keep_approval(&operator(), CHAIN, session, approval).await
    }
}
