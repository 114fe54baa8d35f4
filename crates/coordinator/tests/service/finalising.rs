//! A finaliser alone, with everybody around it at odds: an endpoint that lies, somebody who is faster, a chain that is
//! replaced, keys that must not be used.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use alloy::network::EthereumWallet;
use alloy::sol_types::SolCall;
use futures::future::{BoxFuture, FutureExt};
use maci_chain::contracts::finalising::{IMessageProcessor, ITally};
use maci_chain::reader::PollReader;
use maci_chain::rpc::{Patience, Rpc};
use maci_chain::send::{Call, Landed, MemoryIntentLog, Revert, SendError, SendSettings, Sender, Submit};
use maci_coordinator_core::finalise::{FinaliseError, Finalised, Finaliser, KeySet, ProvingPool, Settings};
use maci_coordinator_core::ledger::Follow;
use maci_coordinator_core::progress::{Phase, Unwatched};
use maci_crypto::keys::PrivateKey;
use maci_custody::SenderKey;
use maci_protocol::Remedy;
use maci_protocol::ids::{EthAddress, PollRef};
use maci_proving::artifacts::develop;
use maci_testkit::anvil::{ACCOUNTS, each_once};
use maci_testkit::places::zkeys;
use maci_testkit::proxy::{Fault, Rule};
use serde_json::json;

use crate::venue::{CHAIN, Venue, count_of, votes};

const HOUR: u64 = 3_600;

/// After this long a finaliser does not end any more.
const PATIENCE: Duration = Duration::from_secs(120);

/// A poll without voters, still open.
fn open() -> (Venue, PollRef) {
    let venue = Venue::open();
    let process = venue.begin();
    process.deploy_maci();
    let poll = process.deploy_poll(venue.now(), venue.now() + HOUR);
    process.crash();
    (venue, poll)
}

/// The same, over.
fn over() -> (Venue, PollRef) {
    let (venue, poll) = open();
    venue.time_passes_to(venue.now() + HOUR + 60);
    (venue, poll)
}

/// A sender with one of anvil's accounts, and no memory.
fn sender(rpc: &Rpc, account: usize) -> Sender {
    let key = SenderKey::from_private_key(ACCOUNTS[account].private_key).unwrap();
    let wallet = EthereumWallet::from(key.on_chain(CHAIN).unwrap());
    let log = Arc::new(MemoryIntentLog::default());
    Sender::new(rpc.clone(), wallet, log, SendSettings::default())
}

/// A finaliser as a new process would make it, and the poll's key.
async fn finaliser(
    venue: &Venue,
    poll: PollRef,
    keys: KeySet,
    around: impl FnOnce(Sender) -> Arc<dyn Submit>,
) -> (Finaliser, PrivateKey) {
    let parts = venue.parts().await;
    let rpc = Rpc::connect(vec![venue.node.url().parse().unwrap()], None, Patience::default())
        .await
        .unwrap();
    let reader = PollReader::open(&rpc, poll.maci, poll.poll).await.unwrap();
    let public = reader.config().coordinator_public_key();
    let key = parts.keys.coordinator(public).unwrap().unwrap();
    let private = key.on_chain(CHAIN).unwrap().private_key.clone();
    let finaliser = Finaliser {
        submit: around(sender(&rpc, 1)),
        store: parts.store,
        keys,
        modules: parts.modules,
        relayed: parts.relayed,
        watch: Arc::new(Unwatched),
        pool: ProvingPool::new(parts.proving),
        settings: Settings {
            follow: Follow {
                finality: parts.chains.finality(CHAIN),
                start: None,
            },
            margin: 15,
            wait: false,
            proof_files: None,
        },
        reader,
    };
    (finaliser, private)
}

/// Runs one to its end, with keys of ours.
fn finalise(
    venue: &Venue,
    poll: PollRef,
    around: impl FnOnce(Sender) -> Arc<dyn Submit>,
) -> Result<Finalised, FinaliseError> {
    finalise_with(venue, poll, KeySet::in_folder(zkeys()), around)
}

fn finalise_with(
    venue: &Venue,
    poll: PollRef,
    keys: KeySet,
    around: impl FnOnce(Sender) -> Arc<dyn Submit>,
) -> Result<Finalised, FinaliseError> {
    venue.outside(async {
        let (finaliser, key) = finaliser(venue, poll, keys, around).await;
        let ended = tokio::time::timeout(PATIENCE, finaliser.run(key)).await;
        ended.expect("the finaliser goes round in circles")
    })
}

fn alone(sender: Sender) -> Arc<dyn Submit> {
    Arc::new(sender)
}

/// Calls that succeeded, and calls that were made, since a block.
fn calls_since(venue: &Venue, block: u64) -> usize {
    venue.outside(venue.chain.calls_since(block)).unwrap().len()
}

fn next_block(venue: &Venue) -> u64 {
    venue.outside(venue.chain.block_number()).unwrap() + 1
}

/// A sender before whom something else happens.
struct Meddled<F> {
    sender: Sender,
    meddle: F,
}

impl<F> Submit for Meddled<F>
where
    F: Fn(Sender, Call) -> BoxFuture<'static, Result<Landed, SendError>> + Send + Sync,
{
    fn caller(&self) -> EthAddress {
        self.sender.caller()
    }

    fn submit(&self, call: Call) -> BoxFuture<'_, Result<Landed, SendError>> {
        (self.meddle)(self.sender.clone(), call)
    }
}

#[test]
fn public_values_of_the_contract_that_are_not_ours_stop_a_message_batch_before_it_is_sent() {
    let (venue, poll) = over();
    let first = next_block(&venue);
    let selector = IMessageProcessor::getPublicCircuitInputsCall::SELECTOR;
    // the list's place and its length come first
    venue.node.inject(Rule::always(Fault::OtherWord { selector, word: 3 }));
    let stopped = finalise(&venue, poll, alone).unwrap_err();
    assert!(
        matches!(
            stopped,
            FinaliseError::OtherInputs {
                phase: Phase::Process,
                batch: 0,
                position: 1,
                ..
            }
        ),
        "{stopped}"
    );
    assert_eq!(stopped.remedy(), Remedy::Retry);
    assert_eq!(calls_since(&venue, first), 1, "only the merge");

    venue.node.heal();
    finalise(&venue, poll, alone).unwrap();
}

#[test]
fn values_and_results_on_chain_that_are_not_ours_are_told_apart_from_a_result() {
    let (venue, script) = (Venue::open(), votes());
    let process = venue.begin();
    process.deploy_maci();
    let end = venue.now() + HOUR;
    let poll = process.deploy_poll(venue.now(), end);
    process.crash();
    venue.vote(&script, poll);
    venue.time_passes_to(end + 60);
    let first = next_block(&venue);

    let selector = ITally::getPublicCircuitInputsCall::SELECTOR;
    venue.node.inject(Rule::always(Fault::OtherWord { selector, word: 2 }));
    let stopped = finalise(&venue, poll, alone).unwrap_err();
    assert!(
        matches!(
            stopped,
            FinaliseError::OtherInputs {
                phase: Phase::Tally,
                batch: 1,
                position: 0,
                ..
            }
        ),
        "{stopped}"
    );
    assert_eq!(
        calls_since(&venue, first),
        4,
        "the merge, two message batches, a ballot batch"
    );
    venue.node.heal();

    let selector = ITally::getTallyResultsCall::SELECTOR;
    venue.node.inject(Rule::always(Fault::OtherWord { selector, word: 0 }));
    let stopped = finalise(&venue, poll, alone).unwrap_err();
    assert!(
        matches!(stopped, FinaliseError::OtherResult { option: 0, .. }),
        "{stopped}"
    );
    assert_eq!(stopped.remedy(), Remedy::AskOperator);
    venue.node.heal();

    let done = finalise(&venue, poll, alone).unwrap();
    let results: Vec<String> = done.tally.totals.results.iter().map(ToString::to_string).collect();
    assert_eq!(results, count_of(&script));
}

#[test]
fn somebody_who_is_always_faster_is_let_go_first_and_the_result_is_the_same() {
    let (venue, poll) = over();
    let first = next_block(&venue);
    let done = finalise(&venue, poll, |ours| {
        let rival = sender(ours.rpc(), 2);
        let meddle = move |ours: Sender, call: Call| {
            let rival = rival.clone();
            async move {
                rival.send(call.clone()).await?;
                ours.send(call).await
            }
            .boxed()
        };
        Arc::new(Meddled { sender: ours, meddle })
    });
    assert_eq!(done.unwrap().batches, (1, 1));
    let calls = venue.outside(venue.chain.calls_since(first)).unwrap();
    assert!(calls.iter().all(|call| call.succeeded), "nothing of ours was wasted");
}

#[test]
fn a_call_that_the_contract_refuses_although_nobody_moved_is_an_error_and_not_tried_for_ever() {
    let (venue, poll) = over();
    let first = next_block(&venue);
    let refused = finalise(&venue, poll, |sender| {
        let meddle = |_, call: Call| {
            let refused = SendError::WouldRevert {
                purpose: call.purpose,
                reason: Revert::from_data(&[]),
            };
            async move { Err(refused) }.boxed()
        };
        Arc::new(Meddled { sender, meddle })
    });
    assert!(matches!(
        refused,
        Err(FinaliseError::Send(SendError::WouldRevert { .. }))
    ));
    assert_eq!(calls_since(&venue, first), 0);
}

#[test]
fn a_reorganisation_in_the_middle_takes_steps_back_and_they_are_done_again() {
    let (venue, poll) = over();
    let first = next_block(&venue);
    let (node, replaced) = (venue.chain.url().to_owned(), Arc::new(AtomicBool::new(false)));
    let was_replaced = replaced.clone();
    let done = finalise(&venue, poll, move |sender| {
        let meddle = move |ours: Sender, call: Call| {
            let (node, replaced) = (maci_testkit::Rpc::new(node.clone()), replaced.clone());
            async move {
                let proof = call.purpose.as_str().contains("message proof");
                let landed = ours.send(call).await;
                if proof && !replaced.swap(true, Ordering::Relaxed) {
                    // the merge and the first proof are gone with their blocks
                    node.call("anvil_reorg", json!([2, []])).await.unwrap();
                }
                landed
            }
            .boxed()
        };
        Arc::new(Meddled { sender, meddle })
    });
    assert_eq!(done.unwrap().batches, (1, 1));
    assert!(was_replaced.load(Ordering::Relaxed));
    let calls = venue.outside(venue.chain.calls_since(first)).unwrap();
    // the merge, a message batch, a ballot batch, the results
    assert_eq!(each_once(&calls), Ok(4));
}

/// Copies a folder, but nothing that belongs to a proving key if that is to be made anew.
fn copy(from: &Path, to: &Path, with_keys: bool) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (path, other) = (entry.path(), to.join(entry.file_name()));
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            copy(&path, &other, with_keys);
        } else if with_keys || !(name.ends_with(".zkey") || name.contains("verification_key")) {
            std::fs::copy(&path, &other).unwrap();
        }
    }
}

#[test]
fn keys_that_are_not_the_registered_ones_are_refused_before_anything_is_sent() {
    let (venue, poll) = over();
    let first = next_block(&venue);
    let root = venue.folder().join("other-keys");
    let keys = KeySet::in_folder(zkeys());
    let ours = venue.outside(finaliser(&venue, poll, keys, alone)).0;
    let config = ours.reader.config();
    let (process, tally) = (config.process_circuit(), config.tally_circuit());
    for circuit in [process, tally] {
        let name = circuit.to_string();
        copy(&zkeys().join(&name), &root.join(&name), false);
        develop(circuit, &root).unwrap();
    }
    let refused = finalise_with(&venue, poll, KeySet::in_folder(&root), alone).unwrap_err();
    assert!(
        matches!(&refused, FinaliseError::OtherKey { circuit, folder, .. } if *circuit == process && *folder == root),
        "{refused}"
    );

    // the message circuit's keys are the registered ones now, the tally's are not
    let registered = root.join(process.to_string());
    std::fs::remove_dir_all(&registered).unwrap();
    copy(&zkeys().join(process.to_string()), &registered, true);
    let refused = finalise_with(&venue, poll, KeySet::in_folder(&root), alone).unwrap_err();
    assert!(
        matches!(&refused, FinaliseError::OtherKey { circuit, .. } if *circuit == tally),
        "{refused}"
    );
    assert_eq!(calls_since(&venue, first), 0);
}

#[test]
fn development_keys_are_refused_on_a_main_network_unless_they_are_allowed() {
    let (venue, poll) = open();
    let run = |allow_development| {
        let keys = KeySet {
            allow_development,
            ..KeySet::in_folder(zkeys())
        };
        finalise_with(&venue, poll, keys, alone).unwrap_err()
    };
    // open as the poll is, nothing else is wrong with it
    assert!(matches!(run(false), FinaliseError::StillOpen { .. }));
    venue.node.inject(Rule::always(Fault::OtherChain { id: 1 }));
    let refused = run(false);
    assert!(
        matches!(refused, FinaliseError::DevelopmentKeys { chain, .. } if chain.0 == 1),
        "{refused}"
    );
    assert!(matches!(run(true), FinaliseError::StillOpen { .. }));
}
