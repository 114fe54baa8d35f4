//! What was published, by its hash: for clients that check it, and for browsers.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use bytes::Bytes;
use maci_coordinator_core::ipfs::{Block, Car, Dag, walk};
use maci_protocol::cid::ContentDigest;
use serde_json::json;

use crate::served::{Answered, Served, Who};

const BATCH: &[u8] = b"[{\"poll\":0}]";

async fn with_header(served: &Served, method: &str, path: &str, name: &str, value: &str) -> Answered {
    let request = Request::builder().method(method).uri(path).header(name, value);
    served.send(request.body(Body::empty()).unwrap()).await
}

fn directory() -> Dag {
    let files = BTreeMap::from([
        ("manifest.json".to_owned(), Bytes::from_static(b"{\"a\":1}")),
        ("proofs/0/tally_0.json".to_owned(), Bytes::from_static(b"{\"b\":2}")),
        ("large.bin".to_owned(), Bytes::from(vec![7; (2 << 20) + 5])),
    ]);
    Dag::directory(&files).unwrap()
}

#[tokio::test]
async fn a_batch_is_had_as_a_block_and_as_a_file_under_every_name_it_has() {
    let served = Served::start().await;
    let block = Block::json(BATCH);
    let (cid, digest) = (block.cid(), ContentDigest::of(BATCH));
    let unknown = served.get(Who::Nobody, &format!("/ipfs/{cid}?format=raw")).await;
    assert_eq!(unknown.status.as_u16(), 404, "{}", unknown.text);
    served.service.ipfs().publish(&block, "a test").await.unwrap();

    let raw = served.get(Who::Nobody, &format!("/ipfs/{cid}?format=raw")).await;
    assert_eq!((raw.status.as_u16(), raw.text.as_bytes()), (200, BATCH));
    for (name, value) in [
        ("content-type", "application/vnd.ipld.raw".to_owned()),
        ("etag", format!("\"{cid}.raw\"")),
        ("cache-control", "public, max-age=29030400, immutable".to_owned()),
        ("x-ipfs-path", format!("/ipfs/{cid}")),
        ("x-ipfs-roots", cid.to_string()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("content-disposition", format!("attachment; filename=\"{cid}.bin\"")),
    ] {
        assert_eq!(raw.header(name), Some(value.as_str()), "{name}");
    }
    for name in [cid.to_string(), digest.to_bytes32_hex(), digest.to_version_0()] {
        let file = served.get(Who::Nobody, &format!("/ipfs/{name}")).await;
        assert_eq!((file.status.as_u16(), file.text.as_bytes()), (200, BATCH), "{name}");
        assert_eq!(file.header("content-type"), Some("application/json"), "{name}");
        let block = served.get(Who::Nobody, &format!("/ipfs/{name}?format=raw")).await;
        assert_eq!((block.status.as_u16(), block.text.as_bytes()), (200, BATCH), "{name}");
    }
}

#[tokio::test]
async fn a_client_that_has_it_is_told_so_and_one_that_only_asks_gets_no_body() {
    let served = Served::start().await;
    let cid = served
        .service
        .ipfs()
        .publish(&Block::json(BATCH), "a test")
        .await
        .unwrap();
    let path = format!("/ipfs/{cid}");
    let known = with_header(&served, "GET", &path, "if-none-match", &format!("W/\"{cid}\"")).await;
    assert_eq!((known.status.as_u16(), known.text.as_str()), (304, ""));
    let other = with_header(&served, "GET", &path, "if-none-match", "\"other\"").await;
    assert_eq!(other.status.as_u16(), 200);
    let head = with_header(&served, "HEAD", &path, "accept", "application/vnd.ipld.raw").await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-type"), Some("application/vnd.ipld.raw"));
    assert_eq!(head.header("content-length"), Some(BATCH.len().to_string().as_str()));
    // so gateways are probed
    let empty = served.get(Who::Nobody, "/ipfs/bafkqaaa?format=raw").await;
    assert_eq!((empty.status.as_u16(), empty.text.as_str()), (200, ""));
}

#[tokio::test]
async fn a_part_of_a_block_or_file_is_had_by_its_bytes_and_a_car_only_whole() {
    let served = Served::start().await;
    let root = served.service.ipfs().publish_dag(&directory(), "a test").await.unwrap();
    let file = format!("/ipfs/{root}/manifest.json");
    for path in [file.clone(), format!("{file}?format=raw")] {
        let part = with_header(&served, "GET", &path, "range", "bytes=2-3").await;
        assert_eq!((part.status.as_u16(), part.text.as_str()), (206, "a\""), "{path}");
        assert_eq!(part.header("content-range"), Some("bytes 2-3/7"));
        assert_eq!(part.header("accept-ranges"), Some("bytes"));
        assert_eq!(
            part.header("cache-control"),
            Some("public, max-age=29030400, immutable")
        );
        let beyond = with_header(&served, "GET", &path, "range", "bytes=7-").await;
        assert_eq!(beyond.status.as_u16(), 416, "{path}: {}", beyond.text);
        assert_eq!(beyond.header("content-range"), Some("bytes */7"));
    }
    let head = with_header(&served, "HEAD", &file, "range", "bytes=-3").await;
    assert_eq!((head.status.as_u16(), head.header("content-length")), (206, Some("3")));
    let path = format!("/ipfs/{root}?format=car");
    let whole = with_header(&served, "GET", &path, "range", "bytes=0-3").await;
    assert_eq!((whole.status.as_u16(), whole.header("accept-ranges")), (200, None));
    let other = format!("/ipfs/{root}/large.bin");
    let large = with_header(&served, "GET", &other, "range", "bytes=2097152-").await;
    assert_eq!((large.status.as_u16(), large.text.len()), (206, 5));
}

#[tokio::test]
async fn a_directory_is_had_whole_in_part_and_by_path() {
    let served = Served::start().await;
    let dag = directory();
    let root = served.service.ipfs().publish_dag(&dag, "a test").await.unwrap();
    let ask = async |path: &str| {
        let request = served.request(Who::Nobody, "GET", path, None);
        served.bytes(request).await
    };

    let (status, kind, whole) = ask(&format!("/ipfs/{root}?format=car")).await;
    assert_eq!(
        (status, kind.as_str()),
        (200, "application/vnd.ipld.car; version=1; order=dfs; dups=n")
    );
    let car = Car::read(&whole).unwrap();
    assert_eq!(car.root(), Some(root));
    assert_eq!(walk(&car, root).await.unwrap().len(), dag.blocks().len());

    let (_, _, part) = ask(&format!("/ipfs/{root}/proofs?format=car&dag-scope=entity")).await;
    assert_eq!(
        Car::read(&part).unwrap().blocks().len(),
        2,
        "the root and the directory, not what is in it"
    );
    let (_, _, part) = ask(&format!("/ipfs/{root}/large.bin?format=car&dag-scope=block")).await;
    assert_eq!(Car::read(&part).unwrap().blocks().len(), 2);

    let (status, kind, file) = ask(&format!("/ipfs/{root}/proofs/0/tally_0.json")).await;
    assert_eq!(
        (status, kind.as_str(), file.as_ref()),
        (200, "application/json", &b"{\"b\":2}"[..])
    );
    let (_, kind, file) = ask(&format!("/ipfs/{root}/large.bin")).await;
    assert_eq!((kind.as_str(), file.len()), ("application/octet-stream", (2 << 20) + 5));
    let listing = served.get(Who::Nobody, &format!("/ipfs/{root}/")).await.json();
    let names: Vec<_> = listing["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["name"].clone())
        .collect();
    assert_eq!(names, [json!("large.bin"), json!("manifest.json"), json!("proofs")]);
    for path in ["nothing.json", "manifest.json/inside", "proofs/1/tally_0.json"] {
        assert_eq!(ask(&format!("/ipfs/{root}/{path}")).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_pages_of_anybody_may_read() {
    let served = Served::start().await;
    let cid = served
        .service
        .ipfs()
        .publish(&Block::json(BATCH), "a test")
        .await
        .unwrap();
    for (path, status) in [
        ("/ipfs/bafy".to_owned(), 400),
        (format!("/ipfs/{cid}?format=tar"), 400),
        (format!("/ipfs/{cid}?format=car&dag-scope=some"), 400),
        (
            "/ipfs/bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy".to_owned(),
            404,
        ),
    ] {
        let answer = served.get(Who::Nobody, &path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
    }
    let other = with_header(
        &served,
        "GET",
        &format!("/ipfs/{cid}"),
        "accept",
        "application/vnd.ipfs.ipns-record",
    )
    .await;
    assert_eq!(other.status.as_u16(), 406);
    let foreign = with_header(
        &served,
        "GET",
        &format!("/ipfs/{cid}"),
        "origin",
        "https://somebody.example",
    )
    .await;
    assert_eq!(
        foreign.header("access-control-allow-origin"),
        Some("https://somebody.example")
    );
}

#[tokio::test]
async fn kept_messages_are_taken_in_by_an_operator_and_their_state_is_told() {
    let served = Served::start().await;
    let none = served
        .post(Who::Operator, "/v1/content/batches", &json!({ "not": "a batch" }))
        .await;
    assert_eq!(none.status.as_u16(), 400, "{}", none.text);
    assert_eq!(
        served
            .post(Who::Nobody, "/v1/content/batches", &json!([]))
            .await
            .status
            .as_u16(),
        401
    );
    let taken = served.post(Who::Operator, "/v1/content/batches", &json!([])).await;
    assert_eq!(taken.status.as_u16(), 201, "{}", taken.text);
    let (cid, digest) = (
        Block::json(&b"[]"[..]).cid().to_string(),
        ContentDigest::of(b"[]").to_bytes32_hex(),
    );
    assert_eq!(
        (&taken.json()["cid"], &taken.json()["bytes32"]),
        (&json!(cid), &json!(digest))
    );
    let state = served.get(Who::Nobody, &format!("/v1/content/{cid}")).await.json();
    assert_eq!((&state["cid"], &state["pins"]), (&json!(cid), &json!([])));
    assert_eq!(served.get(Who::Nobody, &format!("/ipfs/{digest}")).await.text, "[]");
    let unknown = served.get(Who::Nobody, "/v1/content/bafkqaaa").await;
    assert_eq!(unknown.status.as_u16(), 404);
}
