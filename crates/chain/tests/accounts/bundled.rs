use std::sync::Arc;

use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use maci_chain::account::{AccountError, MemoryOperationLog, Mode, Policy, Refused, Revocation, Route};
use maci_chain::send::{SendError, Submit};
use maci_chain::words::eth_address;

use crate::stage::{IBell, Stage, allowed, rings, why};

#[tokio::test]
async fn a_session_key_acts_through_a_bundler_until_its_owner_takes_it_back() {
    let stage = Stage::start().await;
    let (_alto, bundler) = stage.bundler().await;
    let route = || Route::Bundler(bundler.clone());
    let now = stage.now().await;
    let session = stage.approve(vec![Policy::sudo(), Policy::timestamp(0, now + 10_000)], 1);
    let log = Arc::new(MemoryOperationLog::default());
    let account = stage.account_with(&session, route(), log.clone()).await;
    let at = account.caller();

    // without money nothing is sent, and the account is told whom to fund
    let poor = account.submit(stage.ring("first", 1)).await.unwrap_err();
    assert!(
        matches!(&poor, SendError::Poor { sender, .. } if *sender == at),
        "{poor}"
    );
    stage.fund(at).await;

    // the account is made, and the permission installed, by the first operation
    let standing = account.delegation().standing(&stage.rpc).await.unwrap();
    assert_eq!((standing.born, standing.mode), (false, Mode::Enable));
    let first = account.submit(stage.ring("first", 1)).await.unwrap();
    assert_eq!(rings(&first), [(at, 1)]);
    let standing = account.delegation().standing(&stage.rpc).await.unwrap();
    assert_eq!((standing.born, standing.mode), (true, Mode::Use));

    // the same purpose again is the same operation, for another process with the same memory too
    let restarted = stage.account_with(&session, route(), log.clone()).await;
    assert_eq!(restarted.submit(stage.ring("first", 1)).await.unwrap(), first);
    assert_eq!(stage.rung().await, 1);

    // a contract is where it was computed to be, and calls of different contracts share an operation
    let calls = [
        stage.ring("second", 2),
        stage.make_bell("a bell"),
        stage.make_bell("another bell"),
    ];
    let answers: Vec<_> = account.send_all(&calls).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|one| one.transaction == answers[0].transaction));
    assert_eq!(rings(&answers[0]), [(at, 2)]);
    assert_eq!(answers[0].created, None);
    let made: Vec<_> = answers[1..].iter().map(|one| one.created.unwrap()).collect();
    assert_ne!(made[0], made[1]);
    assert_eq!(
        account.submit(stage.make_bell("a bell")).await.unwrap().created,
        Some(made[0])
    );

    // a refusal is heard before anything is signed
    let times = U256::from(7);
    let refused = account
        .submit(stage.call("jam", IBell::jamCall { times }))
        .await
        .unwrap_err();
    let SendError::WouldRevert { reason, .. } = &refused else {
        panic!("{refused}");
    };
    assert!(reason.is::<IBell::Broken>(), "{reason}");

    // revoked: nothing is sent any more, and the reason is the owner's
    stage.invalidate(at, 2).await;
    let revoked = account.submit(stage.ring("third", 3)).await.unwrap_err();
    let AccountError::Revoked {
        how, account: named, ..
    } = why(&revoked)
    else {
        panic!("{revoked}");
    };
    assert_eq!(
        (*named, *how),
        (
            at,
            Revocation::Invalidated {
                nonce: 1,
                valid_from: 2
            }
        )
    );
    assert_eq!(stage.rung().await, 2);

    // an approval that was signed for the nonce before is dead, one for the new nonce lives
    let stale = stage.approve(vec![Policy::sudo()], 1);
    let stale = stage.account(&stale, route()).await;
    let moved = stale.submit(stage.ring("third", 3)).await.unwrap_err();
    assert!(
        matches!(
            why(&moved),
            AccountError::NonceMoved {
                signed: 1,
                current: 2,
                ..
            }
        ),
        "{moved}"
    );
    let fresh = stage.approve(
        vec![Policy::calls(vec![allowed(stage.bell, IBell::ringCall::SELECTOR)])],
        2,
    );
    let fresh = stage.account(&fresh, route()).await;
    let third = fresh.submit(stage.ring("third", 3)).await.unwrap();
    assert_eq!(rings(&third), [(at, 3)]);

    // what its call policy does not allow is refused here
    let refused = fresh.submit(stage.make_bell("no bell")).await.unwrap_err();
    assert!(matches!(why(&refused), AccountError::NotAllowed { .. }), "{refused}");
}

#[tokio::test]
async fn operations_are_sponsored_and_end_with_their_time() {
    let stage = Stage::start().await;
    let (_alto, bundler) = stage.bundler().await;
    let until = stage.now().await + 1_000;
    let session = stage.approve(vec![Policy::sudo(), Policy::timestamp(0, until)], 1);
    let account = stage.account(&session, Route::Bundler(bundler.clone())).await;
    let desk = crate::sponsors::Desk::open(&stage).await;
    for (number, sponsor) in [desk.erc7677().await, desk.zero_dev().await].into_iter().enumerate() {
        let sponsored = stage
            .account(&session, Route::Bundler(bundler.clone()))
            .await
            .sponsored_by(Some(sponsor));
        let landed = sponsored
            .submit(stage.ring(&format!("sponsored {number}"), 1))
            .await
            .unwrap();
        assert_eq!(rings(&landed), [(account.caller(), 1)]);
    }
    assert_eq!(account.balance().await.unwrap(), U256::ZERO);

    stage.anvil.advance_to(until + 1).await.unwrap();
    let expired = account.submit(stage.ring("late", 1)).await.unwrap_err();
    assert!(
        matches!(why(&expired), AccountError::Refused(Refused::Expired { until: ended }) if *ended == until),
        "{expired}"
    );
    assert_eq!(account.delegation().session(), eth_address(session.key.address()));
}
