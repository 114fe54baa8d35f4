//! Another implementation's node fetches a poll's whole result from ours over Bitswap, knowing nothing but its root and
//! where we are.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maci_testkit::HeliaPeer;
use serde_json::{Value, json};

use crate::process::{Home, Service};
use crate::venue::Venue;

/// Gives services a node of their own, on any free port.
pub(crate) fn listen(home: &mut Home) {
    home.set("MACI__IPFS__BITSWAP__LISTEN", "['/ip4/127.0.0.1/tcp/0']");
}

pub(crate) async fn comes_whole_over_bitswap(venue: &Venue, service: &Service, poll: &str, root: &str) {
    let path = format!("{}/publication", venue.path(poll));
    let told = service.get(&path).await.expect(200);
    let address = told["addresses"][0].as_str().unwrap().to_owned();
    let mut helia = HeliaPeer::start().await.unwrap();
    helia
        .act(&json!({ "action": "dial", "address": address }))
        .await
        .unwrap();
    let fetched = helia.act(&json!({ "action": "fetchTree", "cid": root })).await.unwrap();
    let files = fetched["files"].as_object().unwrap();

    let manifest = &files["manifest.json"];
    let manifest: Value = serde_json::from_slice(&STANDARD.decode(manifest.as_str().unwrap()).unwrap()).unwrap();
    assert_eq!(files.len(), manifest["files"].as_object().unwrap().len() + 1);
    for (name, content) in files {
        let url = format!("{}/ipfs/{root}/{name}", service.url);
        let served = reqwest::get(url).await.unwrap().bytes().await.unwrap();
        assert!(STANDARD.encode(served) == content.as_str().unwrap(), "{name}");
    }

    // the object of no messages, which nobody has published here
    let (_, peer) = address.rsplit_once('/').unwrap();
    let unknown = "bagaaieraj5j43immfovaya2uxnpzupwl4xwrfk2nryi3vbz4f4irmeqcxfcq";
    let asked = json!({ "action": "presence", "cid": unknown, "peer": peer });
    assert_eq!(helia.act(&asked).await.unwrap()["has"], json!(false));
}
