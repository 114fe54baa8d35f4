//! Rounds that finish themselves.

use crate::venue::{Venue, script};

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_deployed_by_api_is_finalised_by_itself_through_a_crash_and_a_restart() {
    let mut venue = Venue::new().await;
    let service = venue.home.start();
    let token = &venue.token(&service, "token").await;
    venue.deploy_maci(&service, token).await;
    let poll = &venue.deploy_poll(&service, token).await;
    let script = script();
    venue.play(&script, poll).await;
    venue.close().await;
    // whatever it is at: the next process goes on
    service.kill();

    let service = venue.home.start();
    venue.until_verified(&service, poll).await;
    venue.expect_the_count_of(&script, poll).await;
    assert!(service.stop().success(), "{}", venue.home.log());
}
