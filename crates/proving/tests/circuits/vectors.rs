//! The golden vectors, read.

use std::path::PathBuf;

use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_crypto::field::fr_from_decimal;
use maci_crypto::keys::{PrivateKey, PublicKey};
use maci_protocol::salts::SaltRole;
use maci_protocol::*;
use maci_proving::witness::Inputs;
use serde_json::Value;

/// The vectors' folder; `MACI_VECTORS` names another one of the same shape.
fn folder() -> PathBuf {
    let named = std::env::var_os("MACI_VECTORS").map(PathBuf::from);
    named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors"))
}

pub(crate) fn file(name: &str) -> Value {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// All whole polls.
pub(crate) fn polls() -> Vec<Value> {
    let entries = std::fs::read_dir(folder().join("polls")).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names.iter().map(|name| file(&format!("polls/{name}"))).collect()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

pub(crate) fn fr(value: &Value) -> Fr {
    fr_from_decimal(text(value)).unwrap()
}

/// Public values as a vector has them: a list, or an object in the proof's order.
pub(crate) fn publics(value: &Value) -> Vec<Fr> {
    match value.as_object() {
        Some(named) => named.values().map(fr).collect(),
        None => list(value).iter().map(fr).collect(),
    }
}

pub(crate) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| text(value).parse().unwrap())
}

pub(crate) fn parameter(vector: &Value, name: &str) -> u32 {
    u32::try_from(number(&vector["params"][name])).unwrap()
}

pub(crate) fn inputs(batch: &Value) -> Inputs {
    Inputs::from_json(&batch["circuitInputs"]).unwrap()
}

fn point(value: &Value) -> Point {
    let [x, y] = list(value) else { panic!("{value}") };
    Point { x: fr(x), y: fr(y) }
}

/// A case of a divergence file: one voter, messages in batches of one, replayed by our own circuits' profile.
pub(crate) fn replay_divergence(case: &Value) -> Finalisation {
    let private = PrivateKey::parse(text(&case["coordinator"]["privateKeySerialized"])).unwrap();
    let small = |name| u8::try_from(parameter(case, name)).unwrap();
    let config = PollConfig::new(PollParameters {
        poll: PollRef {
            chain: ChainId(31337),
            maci: EthAddress([0x11; 20]),
            poll: PollId(number(&case["params"]["pollId"])),
        },
        mode: small("mode").try_into().unwrap(),
        depths: TreeDepths::new(1, small("voteOptionTreeDepth"), small("stateTreeDepth")).unwrap(),
        message_batch_size: small("messageBatchSize"),
        vote_options: number(&case["params"]["voteOptions"]),
        coordinator_public_key: PublicKey::parse(text(&case["coordinator"]["publicKeySerialized"])).unwrap(),
    })
    .unwrap();
    let messages = list(&case["messages"]);
    let mut events = vec![PollEvent::Joined {
        index: StateIndex(1),
        leaf: StateLeaf {
            public_key: point(&case["user"]["publicKey"]),
            voice_credit_balance: fr(&case["voiceCredits"]),
        },
    }];
    events.extend(messages.iter().map(|message| {
        let data: Vec<Fr> = list(&message["data"]).iter().map(fr).collect();
        PollEvent::Message(Message {
            data: data.try_into().unwrap(),
            encryption_public_key: point(&message["encryptionPublicKey"]),
        })
    }));
    let mut salts = InjectedSalts::new(DerivedSalts::new(&private, config.poll()));
    for (batch, number) in list(&case["processBatches"])
        .iter()
        .zip((1..=messages.len() as u64).rev())
    {
        salts.set(
            SaltRole::StateAndBallots,
            number,
            fr(&batch["circuitInputs"]["newSbSalt"]),
        );
    }
    let key = CoordinatorKey::new(private, &config).unwrap();
    let state = PollState::replay(config, events).unwrap();
    finalise(&state, &key, Profile::Hardened, &salts).unwrap()
}
