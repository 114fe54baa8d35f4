//! Another tool has begun, with random salts of its own.

use std::sync::Arc;

use alloy::network::EthereumWallet;
use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use maci_chain::contracts::finalising::IMessageProcessor;
use maci_chain::contracts::poll::IPoll;
use maci_chain::logs::{LogFilter, LogReader, Window};
use maci_chain::reader::PollReader;
use maci_chain::rpc::{Patience, Rpc};
use maci_chain::send::{Call, MemoryIntentLog, Purpose, SendSettings, Sender, Submit};
use maci_chain::words::word;
use maci_coordinator_core::ledger::{Gathered, placed_events};
use maci_crypto::Fr;
use maci_crypto::keys::PrivateKey;
use maci_custody::{CoordinatorKeys, Cost, Passphrase, SenderKey};
use maci_protocol::circuit::Profile;
use maci_protocol::files::ProofFile;
use maci_protocol::ids::PollId;
use maci_protocol::replay::{CoordinatorKey, finalise};
use maci_protocol::salts::{SaltSlot, Salts};
use maci_protocol::state::PollState;
use maci_proving::witness::ModuleCache;
use maci_proving::{Backend, CircuitArtifacts, Prover};
use maci_testkit::anvil::ACCOUNTS;
use maci_testkit::places::zkeys;
use maci_testkit::script::{Intent, Mode};
use maci_testkit::{Script, places};

use crate::venue::Venue;

/// Salts as another tool draws them: nothing we could derive.
struct TheirSalts;

impl Salts for TheirSalts {
    fn salt(&self, slot: &SaltSlot) -> Fr {
        Fr::from(slot.batch + 1_000_000) + slot.chain_hash
    }

    fn padding_key(&self, _: &SaltSlot) -> PrivateKey {
        PrivateKey::from_seed([9; 32])
    }
}

async fn state_of(reader: &PollReader) -> PollState {
    let (poll, rpc) = (reader.addresses().poll, reader.rpc());
    let (head, mut from) = (
        rpc.head().await.unwrap().number,
        rpc.birth_of(poll).await.unwrap().unwrap(),
    );
    let mut reading = LogReader::new(rpc.clone(), LogFilter { addresses: vec![poll] }, Window::default());
    let mut logs = Vec::new();
    while from <= head {
        let stretch = reading.next(from, head).await.unwrap();
        from.0 = stretch.upto.number.0 + 1;
        logs.extend(stretch.logs);
    }
    let placed = placed_events(reader.config().poll(), &logs, &Gathered::default()).unwrap();
    PollState::replay(
        reader.config().clone(),
        placed.into_iter().map(|one| one.event).collect(),
    )
    .unwrap()
}

/// What the other tool has: the poll's own key, opened from where our binary keeps it.
fn coordinator_key(venue: &Venue, reader: &PollReader) -> CoordinatorKey {
    let keys = CoordinatorKeys::at(venue.operator.data().join("keys"), Cost::LIGHT);
    let passphrase = Passphrase::new(b"a passphrase for tests only".to_vec()).unwrap();
    let sealed = keys.open(&"coordinator".parse().unwrap(), &passphrase).unwrap();
    let private = sealed.on_chain(reader.rpc().chain()).unwrap().private_key.clone();
    CoordinatorKey::new(private, reader.config()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_of_another_tool_are_continued_with_its_proof_files_and_not_without() {
    let messages = vec![
        Intent::vote("ann", 1, 2, 3, 1),
        Intent::vote("bob", 2, 1, 1, 5),
        Intent::vote("ann", 1, 1, 3, 8),
    ];
    let script = Script {
        mode: Mode::Quadratic,
        options: 5,
        credits: 100,
        joined: vec!["ann", "bob"],
        messages,
    };
    let venue = Venue::after(&script).await;
    let rpc = Rpc::connect(vec![venue.chain.url().parse().unwrap()], None, Patience::default())
        .await
        .unwrap();
    let reader = PollReader::open(&rpc, venue.round.maci.parse().unwrap(), PollId(0))
        .await
        .unwrap();

    // the other tool merges, and proves the first batch with salts of its own
    let state = state_of(&reader).await;
    let plan = finalise(
        &state,
        &coordinator_key(&venue, &reader),
        Profile::Hardened,
        &TheirSalts,
    )
    .unwrap();
    let statement = &plan.process[0].statement;
    let artifacts = CircuitArtifacts::open(&zkeys(), statement.circuit()).unwrap();
    let modules = ModuleCache::in_folder(&places::circuit_cache().join("modules"));
    let prover = Prover::load(&artifacts, Backend::default(), &modules).unwrap();
    let publics = statement.public.elements();
    let made = prover.prove(&statement.inputs(), &publics).unwrap();
    let signer = SenderKey::from_private_key(ACCOUNTS[1].private_key)
        .unwrap()
        .on_chain(rpc.chain())
        .unwrap();
    let log = Arc::new(MemoryIntentLog::default());
    let sender = Sender::new(rpc.clone(), EthereumWallet::from(signer), log, SendSettings::default());
    let call = IMessageProcessor::processMessagesCall {
        _newSbCommitment: word(&statement.public.new_sb_commitment),
        _proof: made.proof().to_solidity().map(U256::from_be_bytes),
    };
    let contracts = reader.addresses();
    for (purpose, to, data) in [
        ("merge", contracts.poll, IPoll::mergeStateCall {}.abi_encode()),
        ("process", contracts.message_processor, call.abi_encode()),
    ] {
        sender
            .submit(Call {
                purpose: Purpose::new(purpose),
                to: Some(to),
                data,
            })
            .await
            .unwrap();
    }

    let refused = venue.operator.run(&["finalise"]);
    assert!(
        !refused.ok && refused.error.contains("another tool has put 1 process batches"),
        "{}",
        refused.error
    );

    let theirs = venue.operator.data().join("their-proofs");
    std::fs::create_dir_all(&theirs).unwrap();
    let (circuit_inputs, proof) = (statement.inputs(), made.proof().clone());
    let file = ProofFile {
        circuit_inputs,
        proof,
        public_inputs: publics.to_vec(),
    };
    std::fs::write(theirs.join("process_0.json"), file.to_text().unwrap()).unwrap();
    // their salts are kept, so that after a crash the files are not needed again
    let mut dying = venue
        .operator
        .command(&["finalise", "--proof-files", theirs.to_str().unwrap()]);
    assert!(!dying.env("MACI_CRASH_AT", "step-done").status().unwrap().success());
    let done = venue.operator.run(&["finalise"]);
    assert!(done.ok, "{}", done.error);
    venue.expect_the_count_of(&script).await;
}
