//! What was published of a round is enough, beside the chain, to check all of it: anywhere, by anybody, and nothing of it
//! can be changed unnoticed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use bytes::Bytes;
use maci_chain::rpc::{Patience, Rpc};
use maci_coordinator_core::publication::{Manifest, paths};
use maci_coordinator_core::verify::{Evidence, Finding, verify_round};
use maci_protocol::cid::ContentDigest;
use maci_store::Store;
use maci_testkit::Helia;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Home, Service};
use crate::venue::Venue;

/// Where publishing can be cut short.
const POINTS: [&str; 4] = [
    "publication-gathered",
    "content-published",
    "publication-told",
    "publication-recorded",
];

/// Lets the service run until it dies where it is told, once for each step of publishing.
pub(crate) async fn killed_at_every_step(venue: &Venue) {
    for point in POINTS {
        let mut dying = venue
            .home
            .command(&["serve"])
            .env("MACI_CRASH_AT", point)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let dying = std::cell::RefCell::new(&mut dying);
        let ended = async || dying.borrow_mut().try_wait().unwrap().is_some();
        venue.until(&format!("it has died at {point}"), ended).await;
    }
}

/// The root of what the service has published of a poll, once it has.
pub(crate) async fn root(venue: &Venue, service: &Service, poll: &str) -> String {
    let path = format!("{}/publication", venue.path(poll));
    let published = async || service.get(&path).await.status == 200;
    venue.until("the result is published as a whole", published).await;
    let told = service.get(&path).await.expect(200);
    told["root"].as_str().unwrap().to_owned()
}

/// The root alone is enough on another machine, in every form it comes in.
pub(crate) async fn is_enough(venue: &Venue, service: &Service, poll: &str, root: &str) {
    let stranger = Home::new(venue.chain.url(), "");
    let aside = TempDir::new().unwrap();
    holds(stranger.command(&["verify", "--from", root, "--gateway", &service.url]));

    let car = aside.path().join("round.car");
    let url = format!("{}/ipfs/{root}?format=car", service.url);
    fs::write(&car, reqwest::get(url).await.unwrap().bytes().await.unwrap()).unwrap();
    holds(stranger.command(&["verify", "--from", text(&car)]));

    let (own, folder) = (aside.path().join("own.car"), aside.path().join("files"));
    let export = [
        "publication",
        "export",
        "--poll",
        poll,
        "--car",
        text(&own),
        "--into",
        text(&folder),
    ];
    let said = run(venue.home.command(&export), 0);
    assert_eq!(said["root"], json!(root), "the same poll has the same root");
    holds(stranger.command(&["verify", "--from", text(&folder)]));
    assert!(!stranger.data().exists(), "nothing is kept where it is checked");

    let half = fs::read(&own).unwrap();
    fs::write(&own, &half[..half.len() / 2]).unwrap();
    run(stranger.command(&["verify", "--from", text(&own)]), 4);

    let actions = [json!({ "action": "fetchTree", "cid": root })];
    let answers = Helia::find().unwrap().run(Some(&service.url), &actions).await.unwrap();
    let manifest = Manifest::parse(&fs::read(folder.join(paths::MANIFEST)).unwrap()).unwrap();
    assert_eq!(answers[0]["files"].as_object().unwrap().len(), manifest.files.len() + 1);
    nothing_can_be_changed(venue, &folder).await;
}

/// Every file changed in turn, first clumsily, then with a manifest that says it must be so.
async fn nothing_can_be_changed(venue: &Venue, folder: &Path) {
    let endpoint = venue.chain.url().parse().unwrap();
    let rpc = Rpc::connect(vec![endpoint], None, Patience::default()).await.unwrap();
    let logs = TempDir::new().unwrap();
    let store = Store::open(logs.path()).await.unwrap();
    let failing = async |folder: &Path| -> Vec<Finding> {
        let evidence = Evidence::in_folder(folder).unwrap();
        let report = verify_round(&rpc, &evidence, &store, None).await.unwrap();
        report.findings.into_iter().filter(|finding| !finding.holds).collect()
    };
    assert_eq!(failing(folder).await, []);

    let manifest = Manifest::parse(&fs::read(folder.join(paths::MANIFEST)).unwrap()).unwrap();
    let good: BTreeMap<String, Bytes> = manifest
        .files
        .keys()
        .map(|path| (path.clone(), fs::read(folder.join(path)).unwrap().into()))
        .collect();
    assert!(good.len() >= 9, "{:?}", good.keys());
    for path in good.keys() {
        let other = changed(path, &good);
        let whole: BTreeMap<_, _> = good
            .iter()
            .map(|(name, bytes)| (name.clone(), if name == path { other.clone() } else { bytes.clone() }))
            .collect();
        let poll = manifest.poll().unwrap();
        let forged = Manifest::of(poll, &whole, &Vec::<ContentDigest>::new()).to_bytes();
        for with_manifest in [None, Some(&forged)] {
            let copy = TempDir::new().unwrap();
            for (name, bytes) in &whole {
                write(&copy.path().join(name), bytes);
            }
            let kept = manifest.to_bytes();
            write(&copy.path().join(paths::MANIFEST), with_manifest.unwrap_or(&kept));
            let named = failing(copy.path()).await;
            assert!(
                named.iter().any(|finding| finding.claim.contains(path.as_str())),
                "{path} was changed, and what is named is {named:?}"
            );
        }
        let copy = TempDir::new().unwrap();
        for (name, bytes) in good.iter().filter(|(name, _)| *name != path) {
            write(&copy.path().join(name), bytes);
        }
        write(&copy.path().join(paths::MANIFEST), &manifest.to_bytes());
        let missing = format!("{path} is there");
        assert!(
            failing(copy.path())
                .await
                .iter()
                .any(|finding| finding.claim == missing)
        );
    }

    let mut elsewhere = manifest.clone();
    elsewhere.poll_id = "7".to_owned();
    let copy = TempDir::new().unwrap();
    good.iter()
        .for_each(|(name, bytes)| write(&copy.path().join(name), bytes));
    write(&copy.path().join(paths::MANIFEST), &elsewhere.to_bytes());
    let named = failing(copy.path()).await;
    assert!(
        named.iter().any(|finding| finding.claim.contains("manifest")),
        "{named:?}"
    );
}

/// A file that is still of its kind, and says something else.
fn changed(path: &str, good: &BTreeMap<String, Bytes>) -> Bytes {
    let mut json: Value = serde_json::from_slice(&good[path]).unwrap();
    match path {
        paths::POLL => json["voteOptions"] = json!(4),
        paths::TALLY => json["results"]["tally"][1] = json!("8"),
        paths::CONTRACTS => json["localhost"]["named"]["MACI"]["address"] = json!(format!("0x{}", "11".repeat(20))),
        paths::PROCESS_KEY => return good[paths::TALLY_KEY].clone(),
        paths::TALLY_KEY => return good[paths::PROCESS_KEY].clone(),
        // another proof of the same poll; a point that is another; a public value that is another
        "proofs/0/process_1.json" => return good["proofs/0/process_0.json"].clone(),
        "proofs/0/tally_0.json" => json["proof"]["pi_a"] = json["proof"]["pi_c"].clone(),
        _ => json["publicInputs"][2] = json!("1"),
    }
    serde_json::to_vec(&json).unwrap().into()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn holds(command: Command) {
    let said = run(command, 0);
    assert_eq!(said["verified"], json!(true), "{said}");
    let findings = said["findings"].as_array().unwrap();
    let about = |word: &str| {
        findings
            .iter()
            .filter(|finding| finding["claim"].as_str().unwrap().contains(word))
            .count()
    };
    assert!(
        about("proves its batch") == 4 && about("tally.json") > 5 && about("history") > 1,
        "{said}"
    );
}

/// Runs a command that ends with this code, and answers the last line it printed.
pub(crate) fn run(mut command: Command, code: i32) -> Value {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_str(said.lines().last().unwrap_or_default()).unwrap_or_default()
}

#[test]
fn messages_that_others_kept_are_taken_in_under_the_name_that_follows_from_them() {
    let home = Home::new("", "");
    let aside = TempDir::new().unwrap();
    let digest = ContentDigest::of(b"[]");
    let name = format!("{}.json", digest.to_bytes32_hex());
    write(&aside.path().join(&name), b"[]");
    let said = run(home.command(&["relay", "import", text(aside.path())]), 0);
    assert_eq!(said["batches"][0]["cid"], json!(digest.to_string()));
    assert_eq!(fs::read(home.data().join("relayed").join(&name)).unwrap(), b"[]");
    write(&aside.path().join("other.json"), b"{}");
    run(
        home.command(&["relay", "import", text(&aside.path().join("other.json"))]),
        3,
    );
}
