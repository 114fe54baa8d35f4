use maci_chain::rpc::{Endpoint, EndpointError, Rpc, RpcError};
use maci_protocol::ids::ChainId;
use maci_testkit::anvil::AnvilOptions;
use maci_testkit::proxy::{Fault, Rule};
use maci_testkit::{Anvil, RpcProxy};

use crate::stage::{connect, patience};

#[tokio::test]
async fn a_failing_endpoint_is_left_for_the_next_one() {
    let anvil = Anvil::start().await.unwrap();
    let faults = [
        Fault::Disconnect,
        Fault::LoseAnswer,
        Fault::Status(429),
        Fault::Status(503),
        Fault::Truncate,
        Fault::Error {
            code: -32005,
            message: "daily request count exceeded, request rate limited".to_owned(),
        },
    ];
    for fault in faults {
        let broken = RpcProxy::before(anvil.url()).await.unwrap();
        let rpc = connect(&[broken.url(), anvil.url()]).await;
        broken.inject(Rule::always(fault.clone()));
        assert!(rpc.head().await.is_ok(), "{fault:?}");
        assert!(broken.faults() > 0, "{fault:?}");
        assert_eq!(
            rpc.endpoint().unwrap().to_string(),
            anvil.url().trim_end_matches('/'),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn an_endpoint_that_recovers_is_waited_for() {
    let anvil = Anvil::start().await.unwrap();
    let proxy = RpcProxy::before(anvil.url()).await.unwrap();
    let rpc = connect(&[proxy.url()]).await;
    proxy.inject(Rule::times(2, Fault::Status(503)));
    assert!(rpc.head().await.is_ok());
    assert_eq!(proxy.faults(), 2);
}

#[tokio::test]
async fn an_endpoint_of_another_chain_is_refused() {
    let (one, other) = (Anvil::start().await.unwrap(), {
        let options = AnvilOptions {
            chain_id: 10,
            ..AnvilOptions::default()
        };
        Anvil::start_with(&options).await.unwrap()
    });
    let endpoints = || vec![one.url().parse().unwrap(), other.url().parse().unwrap()];
    let refused = Rpc::connect(endpoints(), None, patience()).await.unwrap_err();
    assert!(
        matches!(refused, RpcError::WrongChain { found: ChainId(10), .. }),
        "{refused}"
    );
    let refused = Rpc::connect(endpoints(), Some(ChainId(1)), patience())
        .await
        .unwrap_err();
    assert!(
        matches!(
            refused,
            RpcError::WrongChain {
                expected: ChainId(1),
                ..
            }
        ),
        "{refused}"
    );
}

#[tokio::test]
async fn without_any_endpoint_nothing_is_tried() {
    let refused = Rpc::connect(Vec::new(), None, patience()).await.unwrap_err();
    assert!(matches!(refused, RpcError::NoEndpoint), "{refused}");
}

#[tokio::test]
async fn an_endpoint_s_secrets_are_in_no_text() {
    // a port nobody listens on, so that the failure's text can be looked at too
    let secret: Endpoint = "http://user:hunter2@127.0.0.1:9/v2/SECRETKEY?apikey=SECRETKEY"
        .parse()
        .unwrap();
    let refused = Rpc::connect(vec![secret.clone()], None, patience()).await.unwrap_err();
    for text in [
        secret.to_string(),
        format!("{secret:?}"),
        refused.to_string(),
        format!("{refused:?}"),
    ] {
        assert!(!text.contains("SECRET") && !text.contains("hunter2"), "{text}");
        assert!(text.contains("127.0.0.1:9"), "{text}");
    }
    let refused = "wss://example.org/SECRETKEY".parse::<Endpoint>().unwrap_err();
    assert_eq!(
        refused,
        EndpointError::Scheme {
            scheme: "wss".to_owned()
        }
    );
}
