//! Certificates, their reload, both versions of HTTP.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use axum::http::Version;
use maci_api::server::{CertificateFiles, Limits, Server, ServerError, ServerSettings, Tls};
use reqwest::{Certificate, Client, ClientBuilder};
use tempfile::TempDir;

use crate::venue::{Venue, certify, files_in};

/// A client that trusts one certificate alone and keeps no connection.
fn trusting(pem: &str, address: SocketAddr) -> ClientBuilder {
    Client::builder()
        .tls_certs_only([Certificate::from_pem(pem.as_bytes()).unwrap()])
        .resolve("localhost", address)
        .pool_max_idle_per_host(0)
}

fn url(address: SocketAddr) -> String {
    format!("https://localhost:{}/", address.port())
}

#[tokio::test]
async fn both_versions_of_http_are_spoken_over_tls() {
    let folder = TempDir::new().unwrap();
    let pem = certify(folder.path());
    let venue = Venue::open(Tls::Files(files_in(folder.path())), Limits::default());
    let two = trusting(&pem, venue.address).build().unwrap();
    assert_eq!(
        two.get(url(venue.address)).send().await.unwrap().version(),
        Version::HTTP_2
    );
    let one = trusting(&pem, venue.address).http1_only().build().unwrap();
    let answer = one.get(url(venue.address)).send().await.unwrap();
    assert_eq!(answer.version(), Version::HTTP_11);
    assert_eq!(answer.text().await.unwrap(), "here");
}

#[tokio::test]
async fn browsers_are_told_to_stay_encrypted_only_by_a_server_that_is() {
    let folder = TempDir::new().unwrap();
    let pem = certify(folder.path());
    let venue = Venue::open(Tls::Files(files_in(folder.path())), Limits::default());
    let client = trusting(&pem, venue.address).build().unwrap();
    for path in ["", "nothing"] {
        let answer = client.get(url(venue.address) + path).send().await.unwrap();
        assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    }
    let plain = Venue::open(Tls::Off, Limits::default());
    let answer = Client::new()
        .get(format!("http://{}/", plain.address))
        .send()
        .await
        .unwrap();
    assert!(!answer.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn changed_certificates_are_taken_over_without_being_told() {
    let folder = TempDir::new().unwrap();
    let old = certify(folder.path());
    let venue = Venue::open(Tls::Files(files_in(folder.path())), Limits::default());
    let before = trusting(&old, venue.address).build().unwrap();
    assert!(before.get(url(venue.address)).send().await.is_ok());

    let new = certify(folder.path());
    let after = trusting(&new, venue.address).build().unwrap();
    while after.get(url(venue.address)).send().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert!(before.get(url(venue.address)).send().await.is_err());
}

#[tokio::test]
async fn certificates_are_reloaded_when_told_and_bad_ones_leave_the_old_in_use() {
    let folder = TempDir::new().unwrap();
    let old = certify(folder.path());
    let files = CertificateFiles {
        look_every: Duration::from_secs(3_600),
        ..files_in(folder.path())
    };
    let venue = Venue::open(Tls::Files(files.clone()), Limits::default());
    fs::write(&files.certificates, "not a certificate").unwrap();
    venue.control.reload();
    let before = trusting(&old, venue.address).build().unwrap();
    assert!(before.get(url(venue.address)).send().await.is_ok());

    let new = certify(folder.path());
    venue.control.reload();
    let after = trusting(&new, venue.address).build().unwrap();
    while after.get(url(venue.address)).send().await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_named_before_anything_starts() {
    let folder = TempDir::new().unwrap();
    certify(folder.path());
    let files = files_in(folder.path());
    let bind = || {
        Server::bind(ServerSettings {
            listen: ([127, 0, 0, 1], 0).into(),
            tls: Tls::Files(files.clone()),
            limits: Limits::default(),
        })
    };
    fs::write(&files.key, "hush").unwrap();
    let error = bind().unwrap_err();
    assert!(matches!(&error, ServerError::Certificate { path, .. } if *path == files.key));
    assert!(!error.to_string().contains("hush"));
    fs::remove_file(&files.certificates).unwrap();
    assert!(matches!(bind().unwrap_err(), ServerError::Certificate { path, .. } if path == files.certificates));
}
