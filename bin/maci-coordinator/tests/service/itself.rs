//! Rounds that finish themselves.

use serde_json::json;

use crate::crashes::assert_each_once;
#[cfg(feature = "bitswap")]
use crate::exchanged;
use crate::published;
use crate::venue::{Venue, script};

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_deployed_by_api_is_finalised_and_published_by_itself_through_crashes_and_restarts() {
    let mut venue = Venue::new().await;
    #[cfg(feature = "bitswap")]
    exchanged::listen(&mut venue.home);
    let service = venue.home.start();
    let script = script();
    let (_, poll) = &venue.voted(&service, &script).await;
    // whatever it is at: the next process goes on
    service.kill();
    published::killed_at_every_step(&venue).await;

    let service = venue.home.start();
    venue.until_verified(&service, poll).await;
    venue.expect_the_count_of(&script, poll).await;
    let root = published::root(&venue, &service, poll).await;
    published::is_enough(&venue, &service, poll, &root).await;
    #[cfg(feature = "bitswap")]
    exchanged::comes_whole_over_bitswap(&venue, &service, poll, &root).await;
    assert!(service.stop().success(), "{}", venue.home.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_told_to_stop_while_it_proves_puts_its_work_aside_and_the_next_one_goes_on() {
    let mut venue = Venue::new().await;
    let service = venue.home.start();
    let script = script();
    let (token, poll) = &venue.voted(&service, &script).await;
    let first = venue.chain.block_number().await.unwrap() + 1;
    let proved = async || service.get(&venue.path(poll)).await.body["process"]["proved"].as_u64() >= Some(1);
    venue.until("a batch was proved", proved).await;
    assert!(service.stop().success(), "{}", venue.home.log());
    assert!(!venue.home.log().contains("not everything was put aside"));

    let service = venue.home.start();
    venue.until_verified(&service, poll).await;
    venue.expect_the_count_of(&script, poll).await;
    let failed = service.call("GET", "/v1/jobs?state=failed", Some(token), None).await;
    assert_eq!(failed.expect(200)["jobs"], json!([]));
    assert_each_once(&venue.chain.calls_since(first).await.unwrap());
}
