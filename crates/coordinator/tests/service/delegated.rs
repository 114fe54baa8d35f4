//! A whole round by a session key and what an account's owner allowed it: no other key is on the server.

use alloy::primitives::{Bytes, U256};
use alloy::sol_types::SolCall;
use maci_chain::account::bindings::IKernel;
use maci_chain::account::known::ENTRY_POINT;
use maci_chain::account::{ApprovalError, Birth, Refused};
use maci_coordinator_core::events::EventKind;
use maci_coordinator_core::finalise::Stage;
use maci_coordinator_core::senders::{
    ApprovalRefused, Limits, SenderChoice, SenderKind, SenderSettings, SendersError, SendersSettings,
};
use maci_coordinator_core::service::{ServiceError, SignedKind, TransactionQuery};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_testkit::anvil::ACCOUNTS;
use serde_json::json;

use crate::deputy::{AN_HOUR, AsOperator, Delegated};
use crate::venue::{CHAIN, admin, count_of, maci_by, operator, results_of, votes};

#[test]
fn a_round_is_deployed_and_finalised_by_a_session_key_and_no_other_key() {
    let (stage, script) = (Delegated::open(), votes());
    let venue = &stage.venue;
    let evening = stage.begin();
    let (session, account) = stage.session(&evening);
    let sender = SenderChoice::Session(session);
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

    // everything that was signed is in the one list, with its hash and where it is
    let query = TransactionQuery {
        limit: Some(500),
        ..TransactionQuery::default()
    };
    let signed = morning.run(morning.service.transactions(query)).unwrap();
    assert!(signed.len() > 3 && signed.windows(2).all(|pair| pair[0].id > pair[1].id));
    for one in &signed {
        assert_eq!(
            (one.kind, one.sender, one.state),
            (SignedKind::Operation, account, "mined")
        );
        assert!(one.attempts.iter().any(|attempt| Some(attempt.hash) == one.executed));
        assert!(
            one.mined.is_some() && one.paid.is_some_and(|paid| paid.wei > 0),
            "{one:?}"
        );
    }
    let merge = signed
        .iter()
        .find(|one| one.purposes.iter().any(|purpose| purpose.contains("merge")));
    let same = morning.run(morning.service.transaction(merge.unwrap().id)).unwrap();
    assert_eq!(Some(&same), merge);

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

#[test]
fn what_an_owner_takes_back_on_the_chain_is_told_listed_and_mended_by_a_new_approval() {
    let stage = Delegated::open();
    let (venue, process) = (&stage.venue, stage.begin());
    let (session, account) = stage.session(&process);
    let listed = || {
        let keys = process.run(process.service.session_keys(&operator())).unwrap();
        keys.into_iter().next().unwrap().approvals.remove(0)
    };
    assert_eq!(listed().revoked, None);

    // anybody may make the account; its owner then raises its nonce
    let birth = Birth::of(stage.owner.address(), U256::ZERO);
    let (factory, made) = (birth.factory().to_string(), birth.factory_data().to_string());
    let told = IKernel::invalidateNonceCall { nonce: 2 }.abi_encode();
    venue.outside(async {
        assert!(venue.chain.call_as(ACCOUNTS[2].address, &factory, &made).await.unwrap());
        let (entry_point, account) = (ENTRY_POINT.to_string(), account.to_string());
        let told = Bytes::from(told).to_string();
        assert!(venue.chain.call_as(&entry_point, &account, &told).await.unwrap());
    });
    let event = process.hear_of(EventKind::SessionKeyRevoked);
    assert_eq!(event.body["sessionKeyAddress"], json!(session));
    assert_eq!(event.body["account"], json!(account));
    let (_, how) = listed().revoked.unwrap();
    assert!(how.contains("nonce 1"), "{how}");

    // nothing is sent with it
    let refused = process.done(
        process
            .service
            .deploy_maci(&operator(), maci_by(SenderChoice::Session(session))),
    );
    assert!(refused.unwrap_err().to_string().contains("took it back"));

    let fresh = stage.approve(stage.draft(session, CHAIN, venue.now() + AN_HOUR).nonce(2));
    let kept = process.service.keep_approval_as_operator(session, &fresh);
    process.run(kept).unwrap();
    assert_eq!(listed().revoked, None);
}

#[test]
fn a_paused_session_key_and_one_over_its_cap_sign_nothing_and_say_so() {
    let stage = Delegated::open();
    let process = stage.begin();
    let (session, _) = stage.session(&process);
    let sender = SenderChoice::Session(session);
    process.run(process.service.pause_sender(&admin(), &sender)).unwrap();
    let keys = process.run(process.service.session_keys(&operator())).unwrap();
    assert!(keys[0].paused.is_some());
    let refused = process.done(process.service.deploy_maci(&operator(), maci_by(sender.clone())));
    assert!(refused.unwrap_err().to_string().contains("paused"));
    process.run(process.service.resume_sender(&admin(), &sender)).unwrap();
    process.crash();

    // what is described of it holds however it is named
    let limited = |limits: Limits| {
        let settings = SenderSettings {
            kind: SenderKind::Session { key: session },
            limits,
            ..SenderSettings::default()
        };
        stage.begin_with(SendersSettings {
            senders: [("safe".parse().unwrap(), settings)].into(),
            ..SendersSettings::default()
        })
    };
    let capped = limited(Limits {
        daily_cap: Some(1),
        ..Limits::default()
    });
    let refused = capped.done(capped.service.deploy_maci(&operator(), maci_by(sender.clone())));
    assert!(refused.unwrap_err().to_string().contains("raise the cap"));
    capped.crash();
    let saving = limited(Limits {
        min_balance: u128::MAX / 2,
        ..Limits::default()
    });
    let refused = saving.done(saving.service.deploy_maci(&operator(), maci_by(sender)));
    assert!(refused.unwrap_err().to_string().contains("with what it is to keep"));
    let signed = saving
        .run(saving.service.transactions(TransactionQuery::default()))
        .unwrap();
    assert_eq!(signed, []);
}
