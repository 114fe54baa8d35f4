//! Votes that voters hand in without gas: taken or refused, brought on chain, counted.

use maci_chain::relaying::Guard;
use maci_chain::rpc::{Patience, Rpc};
use maci_coordinator_core::events::EventKind;
use maci_coordinator_core::finalise::Stage;
use maci_coordinator_core::ipfs::{Car, Cid, FetchLimits};
use maci_coordinator_core::publication::paths;
use maci_coordinator_core::relay::{Accepted, MessageStanding, RelayError, Submission};
use maci_coordinator_core::verify::{Evidence, Finding, verify_round};
use maci_protocol::cid::ContentDigest;
use maci_protocol::files::RelayedBatch;
use maci_protocol::ids::{EthAddress, PollRef, StateIndex};
use maci_store::Store;
use maci_testkit::Script;
use maci_testkit::anvil::ACCOUNTS;
use maci_testkit::script::{Intent, Mode};

use crate::venue::{Process, Venue, count_of, results_of};
use crate::voters::Voters;

pub(crate) const HOUR: u64 = 3_600;

/// The contract that this service relays through.
pub(crate) fn guard() -> EthAddress {
    let owner = ACCOUNTS[1].address.parse().unwrap();
    Guard { owner }.address()
}

pub(crate) fn take(process: &Process, submission: Submission) -> Result<Vec<Accepted>, RelayError> {
    process.run(async { process.service.relayer().unwrap().take(submission).await })
}

/// Waits until so many messages of the poll are on chain.
pub(crate) fn until_on_chain(process: &Process, poll: PollRef, messages: u64) {
    process.until("the relayed messages are on chain", || async {
        let view = process.service.relayer().unwrap().poll_view(poll).await.unwrap();
        (view.counts.on_chain == messages).then_some(())
    });
}

pub(crate) fn until_final(process: &Process, poll: PollRef) -> Vec<String> {
    let view = process.until("the result is checked", || async {
        let view = process.service.poll(poll).await.unwrap();
        view.verification.is_some().then_some(view)
    });
    assert_eq!((view.stage, view.trouble), (Stage::Final, None));
    assert!(view.verification.unwrap().verified());
    let tally = process.run(process.service.tally(poll)).unwrap();
    results_of(&serde_json::from_str(&tally.text).unwrap())
}

/// Two voters whose messages are to be on chain in this order.
fn script() -> Script {
    Script {
        mode: Mode::Quadratic,
        options: 5,
        credits: 100,
        joined: vec!["ann", "bob"],
        messages: vec![
            Intent::vote("ann", 1, 3, 0, 2),
            Intent::vote("bob", 2, 2, 1, 5),
            Intent::vote("ann", 1, 2, 3, 4),
            Intent::vote("ann", 1, 1, 0, 9),
            Intent::vote("bob", 2, 1, 2, 8),
        ],
    }
}

#[test]
fn a_round_of_relayed_and_published_votes_between_each_other_is_finalised_and_every_vote_can_be_followed() {
    let (venue, script) = (Venue::open(), script());
    let process = venue.begin();
    process.deploy_maci();
    let end = venue.now() + HOUR;
    let poll = process.deploy_relayed_poll(venue.now(), end, &[guard()]);
    let voters = Voters::join(&venue, poll, 2);
    let [first, second, third, fourth, last] = script.messages.as_slice() else {
        unreachable!()
    };

    let taken = take(&process, voters.submission(&venue, &[first])).unwrap();
    let [one] = taken.as_slice() else { panic!("{taken:?}") };
    assert!(one.receipt.holds());
    assert_eq!(one.receipt.message_hash, one.message.hash());
    until_on_chain(&process, poll, 1);
    voters.publish(&venue, second);
    // batches of the circuit have three: these two may not go in one call
    take(&process, voters.submission(&venue, &[third, fourth])).unwrap();
    until_on_chain(&process, poll, 3);
    voters.publish(&venue, last);

    let view = process.until("the vote's block will stay", || async {
        let found = process.service.relayer().unwrap().message(one.hash).await.unwrap();
        found.into_iter().find(|view| view.standing == MessageStanding::Final)
    });
    let inclusion = view.inclusion.unwrap();
    assert_eq!(inclusion.index, 1);
    assert!(inclusion.holds(&one.hash) && !inclusion.holds(&(one.hash + one.hash)));
    assert!(view.receipt.unwrap().holds());
    for kind in [EventKind::RelayPacked, EventKind::RelayLanded, EventKind::RelayFinal] {
        process.hear(poll, kind);
    }

    venue.time_passes_to(end + 60);
    assert_eq!(until_final(&process, poll), count_of(&script));
    relayed_messages_are_part_of_what_stays(&venue, &process, poll);
    let late = take(&process, voters.submission(&venue, &[last]));
    assert!(matches!(late, Err(RelayError::TooLate { .. })), "{late:?}");
}

/// The published root is enough with its relayed messages, and not without one of them, which is named.
fn relayed_messages_are_part_of_what_stays(venue: &Venue, process: &Process, poll: PollRef) {
    let published = process.until("the result is published as a whole", || async {
        process.service.publication(poll).await.ok()
    });
    let whole = process.run(process.service.ipfs().walk(published.root)).unwrap();
    let findings = |left_out: Option<Cid>| -> Vec<Finding> {
        let aside = tempfile::tempdir().unwrap();
        let file = aside.path().join("round.car");
        let blocks = whole.iter().filter(|(cid, _)| Some(*cid) != left_out);
        let car = Car::write(published.root, blocks.map(|(cid, bytes)| (cid, bytes)));
        std::fs::write(&file, car).unwrap();
        let report = process.run(async {
            let endpoint = venue.chain.url().parse().unwrap();
            let rpc = Rpc::connect(vec![endpoint], None, Patience::default()).await.unwrap();
            let store = Store::open(aside.path().join("logs")).await.unwrap();
            let evidence = Evidence::in_car(&file, FetchLimits::default()).await.unwrap();
            verify_round(&rpc, &evidence, &store, None).await.unwrap()
        });
        report.findings.into_iter().filter(|finding| !finding.holds).collect()
    };
    assert_eq!(findings(None), []);
    let holds_messages = |bytes: &[u8]| RelayedBatch::parse(bytes).is_ok_and(|batch| !batch.hashes().is_empty());
    let (batch, bytes) = whole.iter().find(|(_, bytes)| holds_messages(bytes)).unwrap();
    let path = paths::relayed(&ContentDigest::of(bytes));
    let named = findings(Some(*batch));
    assert!(
        named.iter().any(|finding| finding.claim == format!("{path} is there")),
        "{named:?}"
    );
    let history = named
        .iter()
        .find(|finding| finding.claim.starts_with("the history"))
        .unwrap();
    assert!(history.detail.as_ref().unwrap().contains(&path), "{history:?}");
}

#[test]
fn what_must_not_be_relayed_is_refused_at_the_door_and_costs_nothing() {
    let venue = Venue::open();
    let process = venue.begin();
    process.deploy_maci();
    let end = venue.now() + HOUR;
    let poll = process.deploy_relayed_poll(venue.now(), end, &[guard()]);
    let foreign = process.deploy_relayed_poll(venue.now(), end, &[]);
    let voters = Voters::join(&venue, poll, 2);
    let vote = Intent::vote("ann", 1, 1, 0, 2);
    let good = voters.submission(&venue, &[&vote]);
    let blocks = venue.outside(venue.chain.block_number()).unwrap();

    let refused = |change: &dyn Fn(&mut Submission)| {
        let mut submission = good.clone();
        change(&mut submission);
        take(&process, submission).unwrap_err()
    };
    let error = refused(&|one| one.messages.clear());
    assert!(matches!(error, RelayError::Count { .. }), "{error}");
    let error = refused(&|one| one.messages[0].0.encryption_public_key.x = 0u64.into());
    assert!(matches!(error, RelayError::Message { number: 0, .. }), "{error}");
    let error = refused(&|one| one.state_index = StateIndex(7));
    assert!(matches!(error, RelayError::NoSuchLeaf { .. }), "{error}");
    // a proof of another leaf, and one that is none
    let error = refused(&|one| one.state_index = StateIndex(2));
    assert!(matches!(error, RelayError::ProofRefused { .. }), "{error}");
    let error = refused(&|one| one.proof.c = one.proof.a.clone());
    assert!(matches!(error, RelayError::ProofRefused { .. }), "{error}");
    let error = refused(&|one| one.poll = foreign);
    assert!(matches!(error, RelayError::NotRelayer { .. }), "{error}");
    let error = refused(&|one| one.poll.poll.0 = 9);
    assert!(matches!(error, RelayError::Unusable { .. }), "{error}");

    let taken = take(&process, good.clone()).unwrap();
    let error = take(&process, good.clone()).unwrap_err();
    assert!(
        matches!(&error, RelayError::Duplicate { number: 0, hash } if *hash == taken[0].hash),
        "{error}"
    );
    assert_eq!(venue.outside(venue.chain.block_number()).unwrap(), blocks);
}
