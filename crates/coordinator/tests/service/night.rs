//! A poll finishes itself, whatever happens in between.

use maci_coordinator_core::events::EventKind;
use maci_coordinator_core::finalise::Stage;
use maci_testkit::anvil::each_once;
use maci_testkit::proxy::{Fault, Rule};

use crate::venue::{Venue, count_of, results_of, votes};

const EIGHT_HOURS: u64 = 8 * 3600;

#[test]
fn a_poll_deployed_at_night_is_found_finalised_in_the_morning_through_a_crash_and_an_outage() {
    let (venue, script) = (Venue::open(), votes());
    let evening = venue.begin();
    evening.deploy_maci();
    let end = venue.now() + EIGHT_HOURS;
    let poll = evening.deploy_poll(venue.now(), end);
    venue.vote(&script, poll);
    evening.crash();

    // the node is down when the poll ends, and a new process begins before it is back
    venue.node.inject(Rule::always(Fault::Status(500)));
    let first = venue.outside(venue.chain.block_number()).unwrap() + 1;
    venue.time_passes_to(end + 60);
    let night = venue.begin();
    let trouble = night.until("the outage is noticed", || async {
        night
            .service
            .polls()
            .await
            .unwrap()
            .into_iter()
            .find_map(|one| one.trouble)
    });
    assert!(trouble.message.contains("500"), "{}", trouble.message);
    venue.node.heal();

    // it dies again while it proves
    night.until("a batch is proved", || async {
        let proofs = night.service.proofs(poll).await.unwrap();
        (!proofs.is_empty()).then_some(())
    });
    night.crash();

    let morning = venue.begin();
    let view = morning.until("the result is checked", || async {
        let view = morning.service.poll(poll).await.unwrap();
        view.verification.is_some().then_some(view)
    });
    assert_eq!((view.stage, view.trouble), (Stage::Final, None));
    assert!(view.verification.unwrap().verified());
    assert_eq!(
        (view.process.total, view.process.proved, view.process.landed),
        (2, 2, 2)
    );
    let tally = morning.run(morning.service.tally(poll)).unwrap();
    let told = serde_json::from_str(&tally.text).unwrap();
    assert_eq!(results_of(&told), count_of(&script));
    for kind in [EventKind::PollWatched, EventKind::BatchProved, EventKind::JobDone] {
        morning.hear(poll, kind);
    }

    let calls = venue.outside(venue.chain.calls_since(first)).unwrap();
    // the merge, two message batches, two ballot batches, the results
    assert_eq!(each_once(&calls), Ok(6));
}
