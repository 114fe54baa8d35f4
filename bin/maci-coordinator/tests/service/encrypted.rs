//! HTTPS of the process itself: certificates from files, and new ones taken over when it is told.

use std::fs;
use std::path::Path;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::{Certificate, Client};
use tempfile::TempDir;

use crate::venue::Venue;

/// Writes a new certificate for `localhost` with its key, and returns it.
fn certify(folder: &Path) -> Certificate {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    fs::write(folder.join("certificates.pem"), cert.pem()).unwrap();
    Certificate::from_pem(cert.pem().as_bytes()).unwrap()
}

/// Whether a service shows this certificate.
async fn shows(url: &str, certificate: &Certificate) -> bool {
    let client = Client::builder().tls_certs_only([certificate.clone()]).build().unwrap();
    let answer = client.get(format!("{url}/v1/health/live")).send().await;
    answer.is_ok_and(|answer| answer.headers().contains_key("strict-transport-security"))
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_that_were_renewed_are_taken_over_when_the_process_is_told() {
    let folder = TempDir::new().unwrap();
    let old = certify(folder.path());
    let mut venue = Venue::new().await;
    let [certificates, key] = ["certificates.pem", "key.pem"].map(|name| folder.path().join(name));
    let tls = format!(
        "{{ from = 'files', certificates = '{}', key = '{}', look_every = '1h' }}",
        certificates.display(),
        key.display()
    );
    venue.home.set("MACI__SERVER__TLS", &tls);
    let service = venue.home.start();
    assert!(service.url.starts_with("https://"), "{}", service.url);
    let url = &service.url.replace("127.0.0.1", "localhost");
    assert!(shows(url, &old).await);

    let new = certify(folder.path());
    assert!(shows(url, &old).await);
    service.hang_up();
    venue
        .until("the new certificate was shown", async || shows(url, &new).await)
        .await;
    assert!(!shows(url, &old).await);
    assert!(service.stop().success(), "{}", venue.home.log());
}
