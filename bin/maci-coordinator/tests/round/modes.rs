//! All three voting modes come to the independent count, whatever was thrown at them.

use maci_testkit::{Script, script::Mode};

use crate::venue::Venue;

async fn comes_to_the_independent_count(mode: Mode) {
    let script = Script::with_everything(mode);
    let venue = Venue::after(&script).await;

    let done = venue.operator.run(&["finalise"]);
    assert!(done.ok, "{}", done.error);

    let valid = script.count().verdicts.iter().filter(|valid| **valid).count();
    let replayed = done.lines.iter().find(|line| line["event"] == "replayed").unwrap();
    assert_eq!(replayed["valid"], valid);
    assert_eq!(
        replayed["invalid"],
        script.messages.len() + 1 - valid,
        "the placeholder never counts"
    );
    venue.expect_the_count_of(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quadratic_poll_with_everything_in_it_comes_to_the_independent_count() {
    comes_to_the_independent_count(Mode::Quadratic).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_linear_poll_with_everything_in_it_comes_to_the_independent_count() {
    comes_to_the_independent_count(Mode::Linear).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_poll_with_everything_in_it_comes_to_the_independent_count() {
    comes_to_the_independent_count(Mode::Full).await;
}
