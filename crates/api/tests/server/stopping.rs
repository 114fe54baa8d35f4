//! What a stop does to requests under way.

use std::time::{Duration, Instant};

use maci_api::server::{Limits, Server, ServerError, ServerSettings, Tls};

use crate::venue::Venue;

#[tokio::test]
async fn a_request_under_way_is_answered_and_new_connections_are_not_taken() {
    let venue = Venue::open(Tls::Off, Limits::default());
    let url = format!("http://{}", venue.address);
    let asking = tokio::spawn(reqwest::get(format!("{url}/held")));
    let mut held = venue.held.clone();
    held.wait_for(|count| *count == 1).await.unwrap();

    venue.control.stop(Duration::from_secs(60));
    while reqwest::get(&url).await.is_ok() {
        tokio::task::yield_now().await;
    }
    venue.release.send_replace(true);
    assert_eq!(asking.await.unwrap().unwrap().text().await.unwrap(), "held and let go");
    venue.serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_that_does_not_end_holds_a_stop_up_no_longer_than_allowed() {
    let venue = Venue::open(Tls::Off, Limits::default());
    let asking = tokio::spawn(reqwest::get(format!("http://{}/held", venue.address)));
    let mut held = venue.held.clone();
    held.wait_for(|count| *count == 1).await.unwrap();

    let start = Instant::now();
    venue.control.stop(Duration::from_millis(100));
    venue.serving.await.unwrap().unwrap();
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(asking.await.unwrap().is_err());
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_to_be() {
    let venue = Venue::open(Tls::Off, Limits::default());
    let again = Server::bind(ServerSettings {
        listen: venue.address,
        tls: Tls::Off,
        limits: Limits::default(),
    });
    assert!(matches!(again, Err(ServerError::Bind { address, .. }) if address == venue.address));
}
