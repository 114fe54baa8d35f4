use super::*;

fn closed_poll() -> Seen {
    Seen {
        now: 1_000,
        ends_at: 900,
        merged: true,
        messages: 7,
        leaves: 5,
        message_batch_size: 3,
        tally_batch_size: 2,
        batches_processed: 0,
        processing_complete: false,
        batches_tallied: 0,
        results_set: vec![false; 3],
    }
}

#[test]
fn a_poll_is_not_merged_in_the_second_it_ends() {
    let seen = Seen {
        merged: false,
        now: 900,
        ..closed_poll()
    };
    assert_eq!(Stage::of(&seen, 0), Ok(Stage::Voting { until: 901 }));
}

#[test]
fn the_margin_is_waited_for() {
    let seen = Seen {
        merged: false,
        now: 914,
        ..closed_poll()
    };
    assert_eq!(Stage::of(&seen, 15), Ok(Stage::Voting { until: 915 }));
    assert_eq!(Stage::of(&Seen { now: 915, ..seen }, 15), Ok(Stage::Merging));
}

#[test]
fn a_merged_poll_is_processed_from_where_the_contract_stands() {
    let seen = Seen {
        batches_processed: 2,
        ..closed_poll()
    };
    assert_eq!(
        Stage::of(&seen, 0),
        Ok(Stage::Processing(Batches { done: 2, total: 3 }))
    );
}

#[test]
fn an_exact_multiple_of_the_batch_size_has_no_extra_batch() {
    let seen = Seen {
        messages: 6,
        ..closed_poll()
    };
    assert_eq!(
        Stage::of(&seen, 0),
        Ok(Stage::Processing(Batches { done: 0, total: 2 }))
    );
}

#[test]
fn a_processed_poll_is_tallied_then_published_then_final() {
    let seen = Seen {
        batches_processed: 3,
        processing_complete: true,
        ..closed_poll()
    };
    assert_eq!(Stage::of(&seen, 0), Ok(Stage::Tallying(Batches { done: 0, total: 3 })));
    let tallied = Seen {
        batches_tallied: 3,
        results_set: vec![true, false, true],
        ..seen
    };
    assert_eq!(Stage::of(&tallied, 0), Ok(Stage::Publishing { missing: vec![1] }));
    let published = Seen {
        results_set: vec![true; 3],
        ..tallied
    };
    assert_eq!(Stage::of(&published, 0), Ok(Stage::Final));
}

#[test]
fn figures_that_cannot_be_are_refused() {
    let unmerged = Seen {
        merged: false,
        batches_processed: 1,
        ..closed_poll()
    };
    assert!(matches!(Stage::of(&unmerged, 0), Err(Impossible::OutOfOrder(_))));
    let too_many = Seen {
        batches_processed: 3,
        ..closed_poll()
    };
    assert_eq!(
        Stage::of(&too_many, 0),
        Err(Impossible::TooMany {
            what: "message",
            done: 3,
            total: 3
        })
    );
    let sizeless = Seen {
        message_batch_size: 0,
        ..closed_poll()
    };
    assert_eq!(Stage::of(&sizeless, 0), Err(Impossible::NoBatchSize("message")));
}
