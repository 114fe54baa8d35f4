//! What is not taken: refused with the field and the reason, at no cost in gas; and floods of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Value, json};

use super::booth::{Booth, PUBLISH, hand_in};
use crate::process::{Answer, Service};

/// One more than a number can be in a proof, and more than one can be in a message.
const BEYOND: &str = "21888242871839275222246405745257275088696311157297823662689037894645226208583";

/// What is changed about a body that would be taken, what it is answered, and what the text has.
type Refused = (&'static str, fn(&mut Value), u16, &'static str);

const REFUSED: [Refused; 20] = [
    ("no messages", |body| body["messages"] = json!([]), 400, "messages must"),
    ("too many", |body| repeat(body, 21), 400, "messages must be 1 to 20"),
    (
        "far too many",
        |body| repeat(body, 1_001),
        400,
        "messages must contain 1 to 1000",
    ),
    (
        "no list",
        |body| body["messages"] = json!("two"),
        400,
        "messages must be an array",
    ),
    (
        "no message",
        |body| body["messages"] = json!([7]),
        400,
        "messages.0 must be an object",
    ),
    (
        "a short message",
        |body| body["messages"][0]["data"] = json!(["1"]),
        400,
        "messages.0.data must contain 10",
    ),
    (
        "numbers that are none",
        |body| body["messages"][0]["data"][4] = json!("0x4"),
        400,
        "messages.0.data at place 4",
    ),
    (
        "a number too large",
        |body| body["messages"][0]["data"][9] = json!(BEYOND),
        400,
        "messages.0.data at place 9",
    ),
    (
        "no key",
        |body| body["messages"][0]["publicKey"] = json!("mac"),
        400,
        "messages.0.publicKey must be a public key",
    ),
    (
        "off the curve",
        |body| body["messages"][0]["publicKey"] = json!("macipk.02"),
        400,
        "messages.0.publicKey must be",
    ),
    (
        "of order 4",
        |body| body["messages"][0]["publicKey"] = json!("macipk.00"),
        400,
        "messages.0.publicKey must not be a",
    ),
    (
        "of order 1",
        |body| body["messages"][0]["publicKey"] = json!("macipk.01"),
        400,
        "messages.0.publicKey must not be a",
    ),
    (
        "half a proof",
        |body| body["proof"] = json!(["1", "2", "3", "4"]),
        400,
        "proof must contain 8 elements",
    ),
    (
        "beyond the field",
        |body| body["proof"][7] = json!(BEYOND),
        400,
        "proof at place 7",
    ),
    (
        "of no points",
        |body| body["proof"][0] = json!("5"),
        403,
        "the proof does not show",
    ),
    (
        "of something else",
        |body| body["proof"][6] = body["proof"][0].clone(),
        403,
        "the proof does not show",
    ),
    (
        "another's leaf",
        |body| body["stateLeafIndex"] = json!(2),
        403,
        "stateLeafIndex 2",
    ),
    (
        "nobody's leaf",
        |body| body["stateLeafIndex"] = json!(9),
        403,
        "nobody has joined",
    ),
    (
        "no such poll",
        |body| body["poll"] = json!(77),
        404,
        "cannot be relayed for",
    ),
    (
        "no MACI there",
        |body| body["maciContractAddress"] = json!("0x000000000000000000000000000000000000dEaD"),
        404,
        "cannot be",
    ),
];

fn repeat(body: &mut Value, times: u64) {
    let message = body["messages"][0].clone();
    body["messages"] = (0..times).map(|number| numbered(message.clone(), number)).collect();
}

fn numbered(mut message: Value, number: u64) -> Value {
    message["data"][0] = json!(number.to_string());
    message
}

/// Another message than every other.
fn fresh(body: &Value, number: u64) -> Value {
    let mut fresh = body.clone();
    fresh["messages"][0]["data"][1] = json!((1_000 + number).to_string());
    fresh
}

/// That an answer is a refusal with this status, whose text has this.
fn assert_refused(what: &str, answer: &Answer, status: u16, text: &str) {
    // what may not be is told under the words of the existing service, and why beside them
    let said = format!("{} {}", answer.body["message"], answer.body["text"]);
    assert!(
        answer.status == status && said.contains(text),
        "{what}: {} {}",
        answer.status,
        answer.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_not_be_relayed_is_refused_with_the_field_and_the_reason_and_costs_no_gas() {
    let (mut booth, mut service) = Booth::open(&[("MACI__RELAYER__BAD_PROOFS", "1000 in 60s")], 2).await;
    let good = booth.good_body().await;
    let (token, relayer) = (booth.token.clone(), booth.relayer.clone());
    let foreign = booth.venue.deploy_poll(&service, &token).await;
    let begins = 600;
    let venue = &mut booth.venue;
    let early = venue
        .deploy_poll_that_begins(&service, &token, &[&relayer], begins)
        .await;
    let blocks = booth.venue.chain.block_number().await.unwrap();

    for (what, change, status, text) in REFUSED {
        let mut body = good.clone();
        change(&mut body);
        assert_refused(what, &hand_in(&service, &body).await, status, text);
    }
    for (what, poll, status, text) in [
        ("a poll that names others", &foreign, 412, "among its relayers"),
        ("a poll that has not begun", &early, 409, "begins at"),
    ] {
        let mut body = good.clone();
        body["poll"] = json!(poll.parse::<u64>().unwrap());
        assert_refused(what, &hand_in(&service, &body).await, status, text);
    }
    let raw = async |text: String| {
        let request = reqwest::Client::new().post(format!("{}{PUBLISH}", service.url));
        let answer = request
            .header("content-type", "application/json")
            .body(text)
            .send()
            .await;
        answer.unwrap().status().as_u16()
    };
    assert_eq!(raw("{\"messages\": ".to_owned()).await, 400);
    assert_eq!(raw(format!("{{\"poll\": \"{}\"}}", "1".repeat(2 << 20))).await, 413);
    assert_eq!(
        booth.venue.chain.block_number().await.unwrap(),
        blocks,
        "a refusal costs no gas"
    );

    hand_in(&service, &good).await.expect(201);
    assert_refused(
        "twice",
        &hand_in(&service, &good).await,
        409,
        "messages.0 was taken before",
    );
    let mut both = fresh(&good, 1);
    both["messages"] = json!([both["messages"][0], both["messages"][0]]);
    assert_refused(
        "twice at once",
        &hand_in(&service, &both).await,
        409,
        "messages.1 was taken before",
    );

    // budgets, each reached by one message more
    for (setting, value, number, text) in [
        ("MACI__RELAYER__PER_VOTER", "2", 10, "no more messages are taken"),
        ("MACI__RELAYER__PER_POLL", "3", 11, "the operator's budget"),
        ("MACI__RELAYER__PER_ADDRESS", "1 in 1h", 12, "too many requests"),
    ] {
        service.kill();
        booth.venue.home.set(setting, value);
        service = booth.venue.home.start();
        let last = hand_in(&service, &fresh(&good, number)).await;
        let is_address = setting == "MACI__RELAYER__PER_ADDRESS";
        // by then the poll has no room any more, and yet the address is looked at before it
        assert_eq!(last.status, if is_address { 409 } else { 201 }, "{}", last.body);
        let refused = hand_in(&service, &fresh(&good, 99)).await;
        assert_refused(setting, &refused, if is_address { 429 } else { 409 }, text);
        booth.venue.home.set("MACI__RELAYER__PER_VOTER", "100");
    }
    booth.venue.home.set("MACI__RELAYER__PER_ADDRESS", "1000 in 1m");
    service.kill();
    service = booth.venue.home.start();
    booth.until_on_chain(&service, 3).await;
    booth.venue.close().await;
    let late = async || {
        let answer = hand_in(&service, &fresh(&good, 99)).await;
        answer.status == 409 && answer.body["message"].to_string().contains("votes on chain until")
    };
    booth.venue.until("votes come too late", late).await;
}

/// A figure of the service.
async fn figure(service: &Service, name: &str) -> f64 {
    let figures = service.get("/metrics").await.expect(200);
    let lines = figures.as_str().unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let values = lines
        .iter()
        .filter_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
    values.sum()
}

/// Hands in bad proofs, each another one, from an address of a documentation network, for as long as the flood lasts.
async fn flood(service_url: String, body: Value, address: u64, over: Arc<AtomicBool>, sent: Arc<AtomicU64>) {
    let http = reqwest::Client::new();
    while !over.load(Ordering::Relaxed) {
        let number = sent.fetch_add(1, Ordering::Relaxed);
        let mut bad = fresh(&body, number);
        // points of the curve, and no proof: C is A, and what is claimed is another leaf
        bad["proof"][6] = bad["proof"][0].clone();
        bad["proof"][7] = bad["proof"][1].clone();
        bad["stateLeafIndex"] = json!(1 + number % 2);
        let answer = http
            .post(format!("{service_url}{PUBLISH}"))
            .header("x-forwarded-for", format!("198.51.100.{address}"))
            .json(&bad)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        assert!(
            matches!(status, 403 | 429 | 503),
            "{status}: {}",
            answer.text().await.unwrap()
        );
        if status == 429 {
            assert!(answer.headers().contains_key("retry-after"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_bad_proofs_is_cut_off_at_its_addresses_and_good_votes_are_taken_meanwhile() {
    const ADDRESSES: u64 = 6;
    const BAD_PROOFS: u64 = 5;
    const GOOD: u64 = 20;
    let settings = [
        ("MACI__RELAYER__BAD_PROOFS", "5 in 10m"),
        ("MACI__SERVER__TRUSTED_PROXIES", "['127.0.0.1']"),
    ];
    let (booth, service) = Booth::open(&settings, 2).await;
    let good = booth.good_body().await;
    let (over, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let flooding: Vec<_> = (0..ADDRESSES)
        .map(|address| {
            let (url, body) = (service.url.clone(), good.clone());
            tokio::spawn(flood(url, body, address + 1, over.clone(), sent.clone()))
        })
        .collect();
    let is_flooded = async || sent.load(Ordering::Relaxed) > 2 * ADDRESSES * BAD_PROOFS;
    booth
        .venue
        .until("the flood has used up its allowances", is_flooded)
        .await;
    let http = reqwest::Client::new();
    for number in 0..GOOD {
        let request = http
            .post(format!("{}{PUBLISH}", service.url))
            .header("x-forwarded-for", "203.0.113.7")
            .json(&fresh(&good, 1_000_000 + number));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 201, "{}", answer.text().await.unwrap());
    }
    over.store(true, Ordering::Relaxed);
    for flooder in flooding {
        flooder.await.unwrap();
    }
    // what costs anything was done as often as the limits allow, however much was handed in; some may be checked at the
    // same time as the last that is allowed
    let checked = figure(&service, "maci_relay_proofs_total").await;
    let most = ADDRESSES * (BAD_PROOFS + 1) + GOOD;
    assert!(
        (1.0..=most as f64).contains(&checked),
        "{checked} proofs were checked, {most} at most may be"
    );
    assert_eq!(figure(&service, "maci_relay_messages_total").await, GOOD as f64);
    booth.until_on_chain(&service, GOOD).await;
    assert_eq!(booth.standing(&service).await["onChain"].as_u64(), Some(GOOD));
}
