use maci_crypto::keys::PrivateKey;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::cid::ContentDigest;
use crate::circuit::Profile;
use crate::groth16::{G1, G2, Proof};
use crate::ids::{ChainId, EthAddress, PollId, PollRef, TxHash};
use crate::poll::Mode;
use crate::replay::{Finalisation, finalise};
use crate::scripted::{Scripted, voter};
use crate::vote::Message;

const MACI: EthAddress = EthAddress([0x11; 20]);
const TALLY: EthAddress = EthAddress([0xab; 20]);

fn finalised(mode: Mode) -> Finalisation {
    let poll = Scripted::new(mode).vote(1, 1, 3, 7);
    finalise(&poll.state(), &poll.key(), Profile::Hardened, &poll.salts()).unwrap()
}

fn tally_file(mode: Mode) -> TallyFile {
    TallyFile::new(
        &finalised(mode).result,
        MACI,
        PollId(3),
        "localhost",
        Some(ChainId(31337)),
        TALLY,
    )
}

#[test]
fn a_tally_file_reads_back_and_agrees_with_itself() {
    for mode in Mode::ALL {
        let file = tally_file(mode);
        let read = TallyFile::parse(&file.to_text().unwrap()).unwrap();
        assert_eq!(read, file);
        assert_eq!(read.tally(1, 5).unwrap(), finalised(mode).result);
    }
}

#[test]
fn only_quadratic_tally_files_have_credits_per_option() {
    assert!(
        tally_file(Mode::Qv)
            .to_text()
            .unwrap()
            .contains("perVoteOptionSpentVoiceCredits")
    );
    assert!(
        !tally_file(Mode::Full)
            .to_text()
            .unwrap()
            .contains("perVoteOptionSpentVoiceCredits")
    );
}

#[test]
fn a_tally_file_with_any_other_number_contradicts_itself() {
    let json: Value = serde_json::from_str(&tally_file(Mode::Qv).to_text().unwrap()).unwrap();
    let places = [
        "/newTallyCommitment",
        "/results/tally/0",
        "/results/salt",
        "/results/commitment",
        "/totalSpentVoiceCredits/spent",
        "/totalSpentVoiceCredits/salt",
        "/totalSpentVoiceCredits/commitment",
        "/perVoteOptionSpentVoiceCredits/tally/3",
        "/perVoteOptionSpentVoiceCredits/salt",
        "/perVoteOptionSpentVoiceCredits/commitment",
    ];
    for place in places {
        let mut json = json.clone();
        let number = json.pointer_mut(place).unwrap();
        let hex = number.as_str().unwrap().starts_with("0x");
        *number = json!(if hex { "0x7" } else { "77" });
        let file = TallyFile::parse(&json.to_string()).unwrap();
        assert!(
            matches!(file.check(1), Err(TallyMismatch::Commitment { .. })),
            "{place}"
        );
    }
    let file = tally_file(Mode::Qv);
    assert!(matches!(file.check(2), Err(TallyMismatch::Length { .. })));
    let without = TallyFile {
        per_vote_option_spent_voice_credits: None,
        ..file
    };
    assert!(matches!(
        without.check(1),
        Err(TallyMismatch::PerOption { missing: true, .. })
    ));
}

#[test]
fn a_proof_file_reads_back_as_written() {
    let statement = &finalised(Mode::Qv).process[0].statement;
    let file = ProofFile {
        circuit_inputs: statement.inputs(),
        proof: Proof {
            a: G1::INFINITY,
            b: G2::INFINITY,
            c: G1::INFINITY,
        },
        public_inputs: statement.public.elements().to_vec(),
    };
    let text = file.to_text().unwrap();
    assert!(
        text.starts_with("{\n    \"circuitInputs\": {\n        \"totalSignups\": \"4\""),
        "{}",
        &text[..80]
    );
    assert_eq!(ProofFile::parse(&text).unwrap(), file);
}

#[test]
fn proof_files_are_chosen_by_prefix_and_ordered_by_number() {
    let name = |text: &str| text.parse::<ProofFileName>().ok().map(|name| (name.kind, name.number));
    assert_eq!(name("process_0.json"), Some((ProofKind::Process, 0)));
    assert_eq!(name("tally_12.json"), Some((ProofKind::Tally, 12)));
    for other in [
        "tally.json",
        "process_1.txt",
        "proof_1.json",
        "process_.json",
        ".json",
        "process_99999999999999999999.json",
    ] {
        assert_eq!(name(other), None, "{other}");
    }
    let written = ProofFileName {
        kind: ProofKind::Tally,
        number: 3,
    };
    assert_eq!(written.to_string().parse(), Ok(written));
}

#[test]
fn a_key_pair_file_reads_back_and_must_belong_together() {
    let text = KeypairFile(voter(1)).to_text().unwrap();
    assert_eq!(
        KeypairFile::parse(&text).unwrap().0.expose_seed(),
        voter(1).expose_seed()
    );
    let other = voter(2).public_key().serialize();
    let mixed = text.replace(&voter(1).public_key().serialize(), &other);
    let error = KeypairFile::parse(&mixed).unwrap_err();
    assert!(!error.to_string().contains("macisk"), "{error}");
}

fn poll() -> PollRef {
    PollRef {
        chain: ChainId(31337),
        maci: MACI,
        poll: PollId(0),
    }
}

#[test]
fn a_relayed_batch_must_be_what_the_chain_names_and_hash_to_what_it_says() {
    let messages = vec![Message::placeholder(); 2];
    let bytes = RelayedBatch::new(poll(), &messages).to_bytes().unwrap();
    let digest = ContentDigest::of(&bytes);
    let batch = RelayedBatch::fetched(&bytes, digest).unwrap();
    assert_eq!(batch.messages(poll()).unwrap(), messages);
    assert_eq!(batch.hashes(), vec![messages[0].hash(); 2]);

    let other = ContentDigest([0; 32]);
    assert!(matches!(
        RelayedBatch::fetched(&bytes, other),
        Err(RelayedBatchError::Digest { .. })
    ));
    let elsewhere = PollRef {
        poll: PollId(1),
        ..poll()
    };
    assert!(matches!(
        batch.messages(elsewhere),
        Err(RelayedBatchError::OtherPoll { position: 0, .. })
    ));

    let mut json: Value = serde_json::from_slice(&bytes).unwrap();
    json[1]["data"][9] = json!("1");
    let changed = RelayedBatch::parse(json.to_string().as_bytes()).unwrap();
    assert!(matches!(
        changed.messages(poll()),
        Err(RelayedBatchError::Hash { position: 1 })
    ));
    json[1]["data"] = json!(["1"]);
    let short = RelayedBatch::parse(json.to_string().as_bytes()).unwrap();
    assert!(matches!(
        short.messages(poll()),
        Err(RelayedBatchError::Shape {
            position: 1,
            data: 1,
            key: 2
        })
    ));
}

fn instance(id: &str) -> Instance {
    let verify = Verification {
        args: "[]".to_owned(),
        name: None,
        r#impl: None,
        libraries: None,
    };
    Instance {
        id: id.to_owned(),
        deployment_tx_hash: Some(TxHash([7; 32])),
        verify: Some(verify),
    }
}

const POLICY: &str = "@excubiae/contracts/contracts/extensions/freeForAll/FreeForAllPolicy.sol:FreeForAllPolicy";

#[test]
fn deployments_are_found_again_also_under_ids_with_dots() {
    let mut file = DeployedContracts::default();
    file.add("localhost", None, MACI, instance("MACI"));
    file.add("localhost", None, TALLY, instance("MACI"));
    file.add("localhost", Some(PollId(1)), TALLY, instance("Poll"));
    file.add("localhost", None, TALLY, instance(POLICY));
    file.set_verified("localhost", TALLY);

    let text = file.to_text().unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let nested = &json["localhost"]["named"][POLICY.split('.').next().unwrap()]["sol:FreeForAllPolicy"];
    assert_eq!(nested["address"], TALLY.to_string());
    assert_eq!(json["localhost"]["named"]["Poll"]["poll-1"]["count"], 1);

    let read = DeployedContracts::parse(&text).unwrap();
    assert_eq!(read, file);
    assert_eq!(
        read.lookup("localhost", "MACI", None),
        Some(ContractRecord {
            address: TALLY,
            count: 2
        })
    );
    assert_eq!(read.lookup("localhost", POLICY, None).unwrap().address, TALLY);
    assert_eq!(
        read.lookup("localhost", "Poll", Some(PollId(1))).unwrap().address,
        TALLY
    );
    assert_eq!(read.lookup("localhost", "Poll", Some(PollId(0))), None);
    assert_eq!(read.lookup("optimism", "MACI", None), None);
    assert_eq!(read.instance("localhost", TALLY).unwrap().id, POLICY);
    assert!(read.is_verified("localhost", TALLY));
    assert!(!read.is_verified("localhost", MACI));
}

#[test]
fn ids_with_dots_are_read_in_the_flat_shape_too() {
    let record = json!({ "address": MACI.to_lower_hex(), "count": 1 });
    let text = json!({ "localhost": { "named": { POLICY: record } } }).to_string();
    let file = DeployedContracts::parse(&text).unwrap();
    assert_eq!(file.lookup("localhost", POLICY, None).unwrap().address, MACI);
}

proptest! {
    #[test]
    fn any_bytes_are_a_file_or_an_error(bytes: Vec<u8>, text in "[\\[{\"a-z0-9:,}\\]]*") {
        for text in [String::from_utf8_lossy(&bytes).as_ref(), &text] {
            let _ = TallyFile::parse(text);
            let _ = ProofFile::parse(text);
            let _ = KeypairFile::parse(text);
            let _ = RelayedBatch::parse(text.as_bytes());
            let _ = text.parse::<ProofFileName>();
            if let Ok(mut file) = DeployedContracts::parse(text) {
                file.add(text, None, MACI, instance(text));
            }
        }
    }

    #[test]
    fn any_id_can_be_registered_and_found(id in "[a-zA-Z.:/@]{1,40}", seed: [u8; 20]) {
        let mut file = DeployedContracts::default();
        file.add("localhost", None, EthAddress(seed), instance(&id));
        prop_assert_eq!(file.lookup("localhost", &id, None).map(|record| record.address), Some(EthAddress(seed)));
    }
}

#[test]
fn a_broken_key_pair_file_is_not_repeated_in_the_error() {
    let secret = PrivateKey::from_seed([3; 32]).serialize();
    let broken = format!("{{\"privateKey\": \"{}\", \"publicKey\": 5}}", secret.as_str());
    assert!(
        !KeypairFile::parse(&broken)
            .unwrap_err()
            .to_string()
            .contains(&secret[7..])
    );
}
