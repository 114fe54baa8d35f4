//! Start, probes, figures, stop.

use std::fs;
use std::process::Command;

use serde_json::json;

use crate::venue::Venue;

/// The most memory of its own an idle service may hold, in KiB. What it maps of its program comes on top: some tens of MiB
/// for an unoptimised build as this one, half of that for a release, of which `cargo xtask bench service` measures all.
const IDLE: u64 = 24 << 10;

#[tokio::test(flavor = "multi_thread")]
async fn a_service_says_that_it_lives_shows_its_figures_and_stops_when_told() {
    let venue = Venue::new().await;
    let service = venue.home.start();
    assert_eq!(service.get("/v1/health/live").await.expect(200)["ok"], json!(true));
    assert_eq!(service.get("/v1/health/ready").await.expect(200)["ok"], json!(true));
    let figures = service.get("/metrics").await.expect(200);
    let figures = figures.as_str().unwrap();
    assert!(figures.contains("maci_http_requests_total"), "{figures}");
    assert!(figures.contains("process_resident_memory_bytes"), "{figures}");
    service.get("/v1/doctor").await.expect(401);
    assert!(service.stop().success(), "{}", venue.home.log());
    let log = venue.home.log();
    assert!(log.contains("SIGTERM") && log.contains("stopped"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_service_is_small() {
    let venue = Venue::new().await;
    let service = venue.home.start();
    service.get("/v1/health/live").await.expect(200);
    let status = fs::read_to_string(format!("/proc/{}/status", service.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    let kib: u64 = line.trim().split(' ').next().unwrap().parse().unwrap();
    assert!(kib < IDLE, "{kib} KiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_json_when_asked_for_and_holds_no_secret() {
    let mut venue = Venue::new().await;
    venue.home.set("MACI__LOG__FORMAT", "json");
    venue.home.set("MACI_LOG", "debug");
    let service = venue.home.start();
    let token = venue.token(&service, "token").await;
    service.call("GET", "/v1/jobs", Some(&token), None).await.expect(200);
    service.call("GET", "/v1/jobs", Some("maci_forged"), None).await;
    assert!(service.stop().success());
    let log = venue.home.log();
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
    assert!(log.contains("\"spans\""), "no line names its request");
    for secret in [
        token.as_str(),
        "maci_forged",
        "a passphrase for tests only",
        "59c6995e998f97a5",
    ] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_to_do_and_its_exit_code_tells_scripts() {
    let mut venue = Venue::new().await;
    let run = |mut command: Command| {
        let output = command.output().unwrap();
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let (code, said) = run(venue.home.command(&["doctor"]));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("serves localhost"), "{said}");

    venue.home.set("COORDINATOR_RPC_URL", "http://127.0.0.1:9");
    let (code, said) = run(venue.home.command(&["doctor"]));
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("remedy"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_means_nothing_stops_the_start_and_is_named() {
    let mut venue = Venue::new().await;
    venue.home.set("MACI__SERVER__PROT", "1");
    let output = venue.home.command(&["serve"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("server.prot"), "{said}");
}

#[cfg(not(feature = "bitswap"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_binary_without_a_node_of_its_own_says_so_when_one_is_asked_for() {
    let mut venue = Venue::new().await;
    venue.home.set("MACI__IPFS__BITSWAP__CONNECTIONS", "5");
    for command in ["serve", "doctor"] {
        let output = venue.home.command(&[command]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("--features bitswap"), "{said}");
    }
}
