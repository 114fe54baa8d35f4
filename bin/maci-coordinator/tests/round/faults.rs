//! A chain whose node fails in every way.

use std::time::Duration;

use maci_testkit::{
    RpcProxy, Script,
    proxy::{Fault, Rule},
    script::Mode,
};

use crate::venue::Venue;

fn script() -> Script {
    Script::of_two_batches(Mode::Linear)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_fails_every_few_calls_delays_the_poll_and_nothing_else() {
    let script = script();
    let mut venue = Venue::after(&script).await;
    let proxy = RpcProxy::before(venue.chain.url()).await.unwrap();
    let faults = [
        (1, 31, Fault::Disconnect),
        (2, 31, Fault::Status(500)),
        (3, 31, Fault::Status(429)),
        (4, 31, Fault::Truncate),
        (5, 31, Fault::Delay(Duration::from_millis(200))),
        (6, 31, Fault::LoseAnswer),
        (
            7,
            31,
            Fault::Error {
                code: -32005,
                message: "too many requests".into(),
            },
        ),
    ];
    for (seed, one_in, fault) in faults {
        proxy.inject(Rule::sometimes(seed, one_in, fault));
    }
    proxy.inject(Rule::always(Fault::MaxLogRange(5)));
    venue.operator.through(proxy.url());

    let done = venue.operator.run(&["finalise"]);
    assert!(done.ok, "{}", done.error);
    assert!(proxy.faults() > 0);
    venue.operator.through(venue.chain.url());
    venue.expect_the_count_of(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_answer_to_a_transaction_is_lost_it_is_not_sent_twice() {
    let script = script();
    let mut venue = Venue::after(&script).await;
    let first = venue.chain.block_number().await.unwrap() + 1;
    let proxy = RpcProxy::before(venue.chain.url()).await.unwrap();
    proxy.inject(Rule::times(3, Fault::LoseAnswer).on(&["eth_sendRawTransaction"]));
    venue.operator.through(proxy.url());

    let done = venue.operator.run(&["finalise"]);
    assert!(done.ok, "{}", done.error);
    let mut calls: Vec<_> = venue.chain.calls_since(first).await.unwrap();
    assert!(calls.iter().all(|call| call.succeeded));
    let count = calls.len();
    calls.sort_by(|a, b| (&a.to, &a.input).cmp(&(&b.to, &b.input)));
    calls.dedup_by(|a, b| (&a.to, &a.input) == (&b.to, &b.input));
    assert_eq!(calls.len(), count);
    venue.operator.through(venue.chain.url());
    venue.expect_the_count_of(&script).await;
}

/// Finalises through a lying endpoint and an honest one behind it.
async fn another_endpoint_is_asked_after(lie: Fault) {
    let script = script();
    let mut venue = Venue::after(&script).await;
    let liar = RpcProxy::before(venue.chain.url()).await.unwrap();
    liar.inject(Rule::always(lie));
    venue.operator.through(&format!("{},{}", liar.url(), venue.chain.url()));

    let done = venue.operator.run(&["finalise"]);
    assert!(done.ok, "{}", done.error);
    assert!(liar.faults() > 0);
    venue.operator.through(venue.chain.url());
    venue.expect_the_count_of(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_drops_a_log_is_noticed_and_another_is_asked() {
    another_endpoint_is_asked_after(Fault::DropLog { position: 1 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_invents_a_log_is_noticed_and_another_is_asked() {
    another_endpoint_is_asked_after(Fault::InventLog { position: 0 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_provider_that_drops_logs_is_named_with_the_blocks() {
    let mut venue = Venue::after(&script()).await;
    let liar = RpcProxy::before(venue.chain.url()).await.unwrap();
    liar.inject(Rule::always(Fault::DropLog { position: 1 }));
    venue.operator.through(liar.url());

    let done = venue.operator.run(&["finalise"]);
    assert!(!done.ok);
    assert!(done.error.contains("logs of blocks"), "{}", done.error);
}
