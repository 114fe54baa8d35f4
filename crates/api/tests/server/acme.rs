//! Certificates from an ACME authority: Pebble, Let's Encrypt's own for tests, which checks the challenge as the real one
//! does.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use maci_api::server::{AcmeSettings, Limits, Server, ServerSettings, Tls};
use maci_testkit::Absent;
use reqwest::{Certificate, Client};
use serde_json::json;
use tempfile::TempDir;

use crate::venue::{Venue, certify, files_in};

/// How long an order may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running authority; gone when dropped.
struct Pebble {
    server: Child,
    management: u16,
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Pebble {
    /// Starts an authority on a port that checks challenges on another; none where it is left out.
    fn start(folder: &Path, port: u16, challenged: u16) -> Option<Self> {
        let (management, own) = (free_port(), files_in(folder));
        let config = json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": own.certificates, "privateKey": own.key,
            "httpPort": free_port(), "tlsPort": challenged,
            "ocspResponderURL": "", "externalAccountBindingRequired": false,
        } });
        let file = folder.join("pebble.json");
        fs::write(&file, config.to_string()).unwrap();
        let started = Command::new("pebble")
            .arg("-config")
            .arg(&file)
            .env("PEBBLE_VA_NOSLEEP", "1")
            .env("PEBBLE_WFE_NONCEREJECT", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut server = match started {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let absent = Absent {
                    what: "Pebble, an ACME authority",
                    command: "apt-get install -y pebble",
                };
                return absent.leave_out().unwrap();
            }
            started => started.unwrap(),
        };
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let listens = lines.find(|line| {
            line.as_ref()
                .is_ok_and(|line| line.contains("ACME directory available"))
        });
        assert!(listens.is_some(), "pebble does not listen");
        // it logs every request; somebody has to read that
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { server, management })
    }

    /// The root of what it issues.
    async fn root(&self, own: &Certificate) -> Certificate {
        let client = Client::builder().tls_certs_only([own.clone()]).build().unwrap();
        let url = format!("https://localhost:{}/roots/0", self.management);
        let pem = client.get(url).send().await.unwrap().bytes().await.unwrap();
        Certificate::from_pem(&pem).unwrap()
    }
}

async fn is_trusted(address: SocketAddr, root: &Certificate) -> bool {
    let client = Client::builder()
        .tls_certs_only([root.clone()])
        .resolve("localhost", address)
        .build()
        .unwrap();
    let answer = client
        .get(format!("https://localhost:{}/", address.port()))
        .send()
        .await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_asked_for_shown_and_kept_for_the_next_start() {
    let folder = TempDir::new().unwrap();
    let own = certify(folder.path());
    let port = free_port();
    let settings = AcmeSettings {
        domains: vec!["localhost".to_owned()],
        contacts: vec!["admin@example.org".to_owned()],
        directory: Some(format!("https://localhost:{port}/dir")),
        authority_root: Some(files_in(folder.path()).certificates),
        folder: folder.path().join("acme"),
    };
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let server = Server::bind(ServerSettings {
        listen: ([127, 0, 0, 1], 0).into(),
        tls: Tls::Acme(settings.clone()),
        limits: Limits::default(),
    })
    .unwrap();
    let Some(authority) = Pebble::start(folder.path(), port, server.address().port()) else {
        return;
    };
    let root = authority.root(&Certificate::from_pem(own.as_bytes()).unwrap()).await;
    let venue = Venue::of(server);
    let begun = Instant::now();
    while !is_trusted(venue.address, &root).await {
        assert!(begun.elapsed() < PATIENCE, "no certificate came");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    venue.control.close();
    venue.serving.await.unwrap().unwrap();

    // the next start shows it without asking anybody
    drop(authority);
    let venue = Venue::open(Tls::Acme(settings), Limits::default());
    let begun = Instant::now();
    while !is_trusted(venue.address, &root).await {
        assert!(begun.elapsed() < PATIENCE, "the certificate was not kept");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
