//! What cannot be done is said, and nothing is lost by it.

use maci_testkit::{
    Script,
    script::{Intent, Mode},
};

use crate::{operator::Operator, venue::Venue};

fn script() -> Script {
    let messages = vec![Intent::vote("ann", 1, 1, 0, 2)];
    Script {
        mode: Mode::Quadratic,
        options: 5,
        credits: 100,
        joined: vec!["ann"],
        messages,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_poll_an_unknown_poll_and_a_foreign_key_are_refused_and_then_it_goes_on() {
    let script = script();
    let venue = Venue::open(script.mode).await;
    venue.play(&script).await;

    let open = venue.operator.run(&["finalise"]);
    assert!(!open.ok && open.error.contains("open"), "{}", open.error);

    let unknown = venue.operator.run(&["finalise", "--poll", "7"]);
    assert!(!unknown.ok && unknown.error.contains('7'), "{}", unknown.error);

    venue.close().await;
    let ours = venue.operator.ask(&["keys", "show"], "keys")[0]["publicKey"].clone();
    let stranger = Operator::new(venue.chain.url());
    let theirs = stranger.ask(&["keys", "new"], "publicKey");
    let refused = stranger.run(&["finalise", "--maci", &venue.round.maci, "--key", "coordinator"]);
    assert!(!refused.ok);
    for key in [ours, theirs] {
        assert!(
            refused.error.contains(key.as_str().unwrap()),
            "both keys are named: {}",
            refused.error
        );
    }

    let done = venue.operator.run(&["finalise"]);
    assert!(done.ok, "{}", done.error);
    venue.expect_the_count_of(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tally_that_says_something_else_is_not_verified() {
    let script = script();
    let venue = Venue::after(&script).await;
    let done = venue.operator.run(&["finalise"]);
    assert!(done.ok, "{}", done.error);

    let file = venue.operator.tally_file();
    let honest = std::fs::read_to_string(&file).unwrap();
    let mut tally: serde_json::Value = serde_json::from_str(&honest).unwrap();
    tally["results"]["tally"][0] = "3".into();
    let forged = venue.operator.data().join("forged.json");
    std::fs::write(&forged, tally.to_string()).unwrap();

    let verified = venue.operator.run(&["verify", "--tally", forged.to_str().unwrap()]);
    assert!(!verified.ok, "{:?}", verified.lines);
    assert!(venue.operator.run(&["verify"]).ok);
}
