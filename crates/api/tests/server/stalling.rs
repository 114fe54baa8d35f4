//! Clients that are slow, silent or too many lose their connection; others notice nothing.

use std::io::ErrorKind;
use std::time::Duration;

use maci_api::server::{Limits, Tls};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::venue::{Venue, certify, files_in, short};

/// Longer than any limit here, shorter than a test that hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whatever the server still says until it closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    match timeout(PATIENCE, stream.read_to_end(&mut said))
        .await
        .expect("the connection stays open")
    {
        Ok(_) => {}
        Err(error) => assert!(matches!(
            error.kind(),
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
        )),
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// Says something and waits for the connection's end.
async fn after(venue: &Venue, said: &str) -> String {
    let mut stream = TcpStream::connect(venue.address).await.unwrap();
    stream.write_all(said.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

#[tokio::test]
async fn a_client_that_says_nothing_is_disconnected() {
    let venue = Venue::open(Tls::Off, short());
    assert_eq!(after(&venue, "").await, "");
}

#[tokio::test]
async fn a_client_that_begins_like_http_2_and_stops_is_disconnected() {
    let venue = Venue::open(Tls::Off, short());
    assert_eq!(after(&venue, "PRI * HT").await, "");
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_headers_is_disconnected() {
    let venue = Venue::open(Tls::Off, short());
    let answer = after(&venue, "GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ").await;
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[tokio::test]
async fn a_connection_that_idles_after_its_answer_is_closed() {
    let venue = Venue::open(Tls::Off, short());
    let answer = after(&venue, "GET / HTTP/1.1\r\nHost: here\r\n\r\n").await;
    assert!(answer.contains("200 OK") && answer.ends_with("here"), "{answer}");
}

#[tokio::test]
async fn a_body_that_drips_does_not_hold_its_connection() {
    let venue = Venue::open(Tls::Off, short());
    let mut stream = TcpStream::connect(venue.address).await.unwrap();
    let head = "POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let dripping = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_millis(30));
        // ends with the connection
        while writing.write_all(b"x").await.is_ok() {
            ticks.tick().await;
        }
    });
    let mut said = Vec::new();
    let _ = timeout(PATIENCE, reading.read_to_end(&mut said))
        .await
        .expect("the connection stays open");
    let answer = String::from_utf8_lossy(&said);
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    dripping.abort();
}

#[tokio::test]
async fn an_answer_that_is_not_read_does_not_hold_its_connection() {
    let venue = Venue::open(Tls::Off, short());
    let mut stream = TcpStream::connect(venue.address).await.unwrap();
    stream
        .write_all(b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n")
        .await
        .unwrap();
    timeout(PATIENCE, async {
        while venue.control.connections() == 0 {
            tokio::task::yield_now().await;
        }
        while venue.control.connections() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the connection stays open");
}

#[tokio::test]
async fn a_long_answer_is_waited_for() {
    let venue = Venue::open(Tls::Off, short());
    let asking = tokio::spawn(reqwest::get(format!("http://{}/held", venue.address)));
    let mut held = venue.held.clone();
    held.wait_for(|count| *count == 1).await.unwrap();
    // several times as long as any limit
    for _ in 0..4 {
        after(&venue, "").await;
    }
    venue.release.send_replace(true);
    assert_eq!(asking.await.unwrap().unwrap().text().await.unwrap(), "held and let go");
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_broken_off() {
    let folder = TempDir::new().unwrap();
    certify(folder.path());
    let venue = Venue::open(Tls::Files(files_in(folder.path())), short());
    // the beginning of a TLS record, and no more
    assert_eq!(after(&venue, "\u{16}\u{3}\u{1}").await, "");
}

#[tokio::test]
async fn connections_beyond_the_limit_are_closed_and_those_within_are_served() {
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    let venue = Venue::open(Tls::Off, limits);
    let ask = |path: &str| reqwest::get(format!("http://{}{path}", venue.address));
    let (first, second) = (tokio::spawn(ask("/held")), tokio::spawn(ask("/held")));
    let mut held = venue.held.clone();
    held.wait_for(|count| *count == 2).await.unwrap();
    assert!(ask("/").await.is_err());
    venue.release.send_replace(true);
    assert!(first.await.unwrap().is_ok() && second.await.unwrap().is_ok());
    timeout(PATIENCE, async { while ask("/").await.is_err() {} })
        .await
        .expect("places are free again");
}
