//! Polls of the sizes at which counting goes wrong. A batch holds three messages; the placeholder is one.

use maci_testkit::{
    Script,
    script::{Intent, Mode},
};

use crate::venue::Venue;

async fn comes_to_the_count(joined: Vec<&'static str>, messages: Vec<Intent>) {
    let script = Script {
        mode: Mode::Quadratic,
        options: 5,
        credits: 100,
        joined,
        messages,
    };
    let venue = Venue::after(&script).await;
    let done = venue.operator.run(&["finalise"]);
    assert!(done.ok, "{}", done.error);
    venue.expect_the_count_of(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_joined_and_nobody_voted() {
    comes_to_the_count(vec![], vec![]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_joined_and_nobody_voted() {
    comes_to_the_count(vec!["ann"], vec![]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_messages_fill_one_batch_exactly() {
    let messages = vec![Intent::vote("ann", 1, 2, 1, 3), Intent::vote("ann", 1, 1, 0, 2)];
    comes_to_the_count(vec!["ann"], messages).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_messages_fill_two_batches_exactly() {
    let messages = (1..=5)
        .rev()
        .map(|nonce| Intent::vote("ann", 1, nonce, nonce - 1, nonce))
        .collect();
    comes_to_the_count(vec!["ann", "bob", "cy"], messages).await;
}
