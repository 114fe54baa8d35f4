use alloy::primitives::{Bytes, U256};
use maci_chain::account::bindings::IKernel;
use maci_chain::account::{AccountError, Mode, Policy, Revocation, Route};
use maci_chain::send::Submit;

use crate::stage::{Stage, rings, why};

#[tokio::test]
async fn without_a_bundler_a_sender_of_ours_pays_and_the_account_needs_no_money() {
    let stage = Stage::start().await;
    let session = stage.approve(vec![Policy::sudo(), Policy::timestamp(0, stage.now().await + 1_000)], 1);
    let account = stage.account(&session, Route::Own(stage.payer())).await;
    let at = account.caller();
    assert_eq!(account.balance().await.unwrap(), U256::ZERO);

    let first = account.submit(stage.ring("first", 1)).await.unwrap();
    assert_eq!(rings(&first), [(at, 1)]);
    let second = account.submit(stage.ring("second", 2)).await.unwrap();
    assert_eq!(rings(&second), [(at, 2)]);
    let calls = [stage.make_bell("a bell"), stage.ring("third", 3)];
    let together = account.send_all(&calls).await;
    assert!(together.iter().all(Result::is_ok), "{together:?}");
    assert_eq!(account.balance().await.unwrap(), U256::ZERO);

    // the owner uninstalls the permission: that is told as well, and nothing is sent
    let id = account.delegation().permission();
    assert_eq!(account.delegation().standing(&stage.rpc).await.unwrap().mode, Mode::Use);
    let mut validation = [0; 21];
    validation[0] = 2;
    validation[1..5].copy_from_slice(&id.0[..]);
    let parts: Vec<Bytes> = vec![Bytes::new(); 3];
    let uninstall = IKernel::uninstallValidationCall {
        vId: validation.into(),
        deinitData: alloy::sol_types::SolValue::abi_encode(&parts).into(),
        hookDeinitData: Bytes::new(),
    };
    stage.owner_tells(at, uninstall).await;
    let revoked = account.submit(stage.ring("fourth", 4)).await.unwrap_err();
    assert!(
        matches!(
            why(&revoked),
            AccountError::Revoked {
                how: Revocation::Uninstalled,
                ..
            }
        ),
        "{revoked}"
    );
    assert_eq!(stage.rung().await, 3);
}
