//! Proving keys in the official layout, of circuits that are not ours.
//!
//! The folder looks as upstream's archives do: names with `_test`, keys called `.0.zkey`, no manifest. Its message
//! processor refuses what release 3.0.0's refuses; tally and joining are the same circuits in both.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use maci_proving::compile::{Compiler, Optimisation};
use maci_proving::formats::r1cs::R1cs;
use maci_proving::setup::{Secrets, develop};
use maci_testkit::places::zkeys;
use maci_testkit::script::{Craft, Intent, LOW_ORDER_KEYS, Mode};
use maci_testkit::{Script, places};

use crate::venue::{Venue, make_circuits};

const PROCESS: &str = "MessageProcessorQv_5-3-1_test";

/// The folder, made by the first test that asks for it.
fn archive() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        make_circuits(Mode::Quadratic);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("official");
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        for circuit in ["VoteTallyQv_5-1-1", "PollJoining_5", "PollJoined_5"] {
            let ours = zkeys().join(circuit);
            let key = ours.join(format!("{circuit}.development-only.zkey"));
            let wasm = ours.join(format!("{circuit}_js/{circuit}.wasm"));
            let (their_key, their_wasm) = places_of(&root, &format!("{circuit}_test"));
            fs::copy(key, their_key).unwrap();
            fs::copy(wasm, their_wasm).unwrap();
        }
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/round/release/{PROCESS}.circom"));
        let sources = places::workspace_root().join("circuits");
        let compiler = Compiler::open(&sources, &places::circuit_cache()).unwrap();
        let compiled = compiler.compile_file(&source, Optimisation::O2).unwrap();
        let (key, wasm) = places_of(&root, PROCESS);
        develop(&R1cs::read(&compiled.r1cs()).unwrap(), &Secrets::draw().unwrap(), &key).unwrap();
        fs::copy(compiled.wasm(), wasm).unwrap();
        root
    })
}

/// Where an archive has a circuit's key and calculator.
fn places_of(root: &Path, name: &str) -> (PathBuf, PathBuf) {
    let folder = root.join(name);
    let calculators = folder.join(format!("{name}_js"));
    fs::create_dir_all(&calculators).unwrap();
    (
        folder.join(format!("{name}.0.zkey")),
        calculators.join(format!("{name}.wasm")),
    )
}

/// The variables of the TypeScript service, and the one that says which circuits these are.
fn variables() -> Vec<(&'static str, String)> {
    vec![
        ("COORDINATOR_ZKEY_PATH", archive().display().to_string()),
        (
            "COORDINATOR_MESSAGE_PROCESS_ZKEY_NAME",
            "MessageProcessor_5-3-1_test".into(),
        ),
        ("COORDINATOR_TALLY_ZKEY_NAME", "VoteTally_5-1-1_test".into()),
        ("COORDINATOR_POLL_JOINING_ZKEY_NAME", "PollJoining_5_test".into()),
        ("MACI_CIRCUIT_PROFILE", "release".into()),
    ]
}

async fn closed_poll(messages: Vec<Intent>) -> (Script, Venue) {
    let script = Script {
        mode: Mode::Quadratic,
        options: 5,
        credits: 100,
        joined: vec!["ann", "bob"],
        messages,
    };
    let venue = Venue::open_with(script.mode, |operator| operator.set(variables())).await;
    venue.play(&script).await;
    venue.close().await;
    (script, venue)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_registered_with_an_archives_keys_is_finalised_with_them_under_their_profile() {
    let messages = vec![
        Intent::vote("ann", 1, 2, 1, 3),
        Intent::vote("bob", 2, 1, 2, 4),
        Intent::vote("ann", 1, 1, 0, 2),
        Intent::vote("bob", 2, 1, 4, 9).crafted(Craft::Garbled),
    ];
    let (script, mut venue) = closed_poll(messages).await;

    // Under the set-up's own keys it is not even begun: they are not the registered ones.
    venue.operator.set(Vec::new());
    let refused = venue.operator.run(&["finalise"]);
    assert!(
        !refused.ok && refused.error.contains("MessageProcessorQv_5-3-1"),
        "{}",
        refused.error
    );

    venue.operator.set(variables());
    let done = venue.operator.run(&["finalise"]);
    assert!(done.ok, "{}", done.error);
    venue.expect_the_count_of(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_a_witness_is_reported_with_poll_index_and_reason_before_any_proving() {
    let messages = vec![
        Intent::vote("ann", 1, 1, 0, 2),
        Intent::vote("bob", 2, 1, 2, 4).crafted(Craft::EncryptedTo(LOW_ORDER_KEYS[1])),
    ];
    let (_, venue) = closed_poll(messages).await;

    let refused = venue.operator.run(&["finalise"]);
    assert!(!refused.ok);
    // The placeholder is message 0.
    for told in ["message 2", "poll 0", "order 4 or 8", "profile release"] {
        assert!(refused.error.contains(told), "{told}: {}", refused.error);
    }
    let proved = refused.lines.iter().filter(|line| line.to_string().contains("proof"));
    assert_eq!(proved.count(), 0, "{:?}", refused.lines);
    let proofs = venue.operator.data().join("proofs");
    assert!(!proofs.exists() || fs::read_dir(proofs).unwrap().next().is_none());
}
