//! Schemathesis over the document: no failure of ours, no answer that is not described, whoever asks.

use std::fs;

use maci_testkit::{Anvil, schemathesis::Schemathesis};

use crate::served::{Served, Who};

/// What is asked for, of every operation.
///
/// Events go on for ever and are tried in `followed`; the doctor examines the machine that the binary runs on. Two operations say themselves that they are not built, with the
/// numbers the original service has for it, which are failures by their status.
const SETTINGS: &str = r#"
seed = 3000
workers = 1
request-timeout = 20.0
continue-on-failure = true
warnings = false

[checks]
enabled = false
not_a_server_error.enabled = true
status_code_conformance.enabled = true
content_type_conformance.enabled = true
response_schema_conformance.enabled = true
response_headers_conformance.enabled = true
negative_data_rejection.enabled = true
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 431]

[generation]
max-examples = 8

[phases]
examples.enabled = false
stateful.enabled = false

[[operations]]
include-path = "/v1/events"
enabled = false

[[operations]]
include-path = "/v1/doctor"
enabled = false

[[operations]]
include-path = "/v1/subgraph/deploy"
checks.not_a_server_error.enabled = false
"#;

async fn try_out(who: Who) {
    let Some(schemathesis) = Schemathesis::install().await.unwrap() else {
        return;
    };
    let anvil = Anvil::start().await.unwrap();
    let served = Served::on(&anvil).await;
    let url = served.listen().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("schemathesis.toml");
    let headers = served
        .authorisation(who)
        .map(|value| format!("headers = {{ Authorization = \"{value}\" }}\n"))
        .unwrap_or_default();
    fs::write(&settings, headers + SETTINGS).unwrap();
    if let Err(error) = schemathesis.try_out(&settings, &format!("{url}/api-json")).await {
        panic!("{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_to_a_stranger_is_described() {
    try_out(Who::Nobody).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_to_an_admin_is_described_and_none_is_a_failure() {
    try_out(Who::Admin).await;
}
