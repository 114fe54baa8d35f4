//! Messages of voters who pay no gas: kept in their order, packed, on their way, and waiting again.

use maci_protocol::ids::{BlockNumber, PollRef, StateIndex, TxHash};
use maci_protocol::time::Timestamp;
use maci_store::{
    BatchFilter, BatchState, Link, NewBatch, NewRelayed, OnChain, Relay, RelayCounts, RelayedContent, Taken, Waiting,
};

use crate::bench::{Bench, on_both_engines};
use crate::sample::poll;

on_both_engines! {
    messages_of_many_requests_are_kept_in_their_order_and_each_request_whole_or_not_at_all,
    however_many_come_in_one_request_they_are_kept_and_known_again,
    those_who_take_at_the_same_time_give_no_place_twice,
    a_shipment_goes_its_way_and_the_next_one_waits_for_it,
    what_no_longer_fits_waits_again_at_its_old_place,
    what_is_told_of_messages_and_batches_is_what_was_done,
}

fn message(number: u16) -> RelayedContent {
    let mut hash = [7; 32];
    hash[..2].copy_from_slice(&number.to_be_bytes());
    RelayedContent {
        hash,
        content: Box::new([number as u8; 384]),
    }
}

fn request(poll: PollRef, voter: u64, numbers: impl IntoIterator<Item = u16>) -> NewRelayed {
    NewRelayed {
        poll,
        state_index: StateIndex(voter),
        messages: numbers.into_iter().map(message).collect(),
        taken_at: Timestamp(1_000),
        promised_by: Timestamp(9_000),
    }
}

async fn take(relay: &Relay, request: NewRelayed) -> Taken {
    relay.take(&[request]).await.unwrap()[0]
}

/// The numbers of the messages that wait, in their order.
async fn waiting(relay: &Relay, poll: &PollRef) -> Vec<u16> {
    let rows = relay.next_waiting(poll, 1_000).await.unwrap();
    let number = |hash: [u8; 32]| u16::from_be_bytes([hash[0], hash[1]]);
    rows.into_iter().map(|row| number(row.message.hash)).collect()
}

fn batch(digest: u8, places: &[u64]) -> NewBatch {
    NewBatch {
        digest: [digest; 32],
        places: places.to_vec(),
    }
}

fn landed(block: u64) -> OnChain {
    let link = Link {
        messages: 4,
        hash: [4; 32],
    };
    OnChain {
        transaction: TxHash([9; 32]),
        block: BlockNumber(block),
        chain: Some((link, [5; 32])),
    }
}

async fn messages_of_many_requests_are_kept_in_their_order_and_each_request_whole_or_not_at_all(bench: Bench) {
    let (store, one, two) = (bench.open().await, poll(1), poll(2));
    let requests = [
        request(one, 1, [10, 11]),
        // the same message for another poll is another message
        request(two, 1, [10]),
        // the second of these was just taken, so neither is
        request(one, 2, [12, 11]),
        request(one, 2, [13, 13]),
        request(one, 3, [12]),
    ];
    let taken = store.relay().take(&requests).await.unwrap();
    assert_eq!(
        taken,
        [
            Taken::At(0),
            Taken::At(0),
            Taken::Duplicate(1),
            Taken::Duplicate(1),
            Taken::At(2)
        ]
    );
    store.close().await;

    let relay = bench.open().await.relay();
    assert_eq!(waiting(&relay, &one).await, [10, 11, 12]);
    assert_eq!(waiting(&relay, &two).await, [10]);
    assert_eq!(take(&relay, request(one, 1, [11])).await, Taken::Duplicate(0));
    let row = relay.next_waiting(&one, 1).await.unwrap().remove(0);
    assert_eq!(
        (row.message, row.state_index, row.batch),
        (message(10), StateIndex(1), None)
    );
    assert_eq!((row.taken_at, row.promised_by), (Timestamp(1_000), Timestamp(9_000)));
}

async fn however_many_come_in_one_request_they_are_kept_and_known_again(bench: Bench) {
    let (relay, poll) = (bench.open().await.relay(), poll(1));
    let many = request(poll, 1, 0..150);
    assert_eq!(take(&relay, many.clone()).await, Taken::At(0));
    assert_eq!(waiting(&relay, &poll).await, (0..150).collect::<Vec<u16>>());
    assert_eq!(take(&relay, many).await, Taken::Duplicate(0));
    assert_eq!(
        take(&relay, request(poll, 1, [200, 201, 149])).await,
        Taken::Duplicate(2)
    );
    assert_eq!(take(&relay, request(poll, 1, [200])).await, Taken::At(150));
}

async fn those_who_take_at_the_same_time_give_no_place_twice(bench: Bench) {
    let poll = poll(1);
    let takers: Vec<_> = (0..4u16)
        .map(|taker| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let relay = bench.open().await.relay();
                let mut places = Vec::new();
                for number in 0..5 {
                    let first = taker * 100 + number * 2;
                    match take(&relay, request(poll, taker.into(), [first, first + 1])).await {
                        Taken::At(place) => places.push(place),
                        Taken::Duplicate(number) => panic!("message {number} is told to be there"),
                    }
                }
                places
            })
        })
        .collect();
    let mut places = Vec::new();
    for taker in takers {
        let own = taker.await.unwrap();
        assert!(own.is_sorted(), "one who takes does so in order: {own:?}");
        places.extend(own);
    }
    places.sort_unstable();
    assert_eq!(places, (0..20).map(|number| number * 2).collect::<Vec<u64>>());
}

async fn a_shipment_goes_its_way_and_the_next_one_waits_for_it(bench: Bench) {
    let (relay, poll) = (bench.open().await.relay(), poll(1));
    take(&relay, request(poll, 1, 0..5)).await;
    let batches = [batch(1, &[0, 1]), batch(2, &[2])];
    assert_eq!(relay.pack(&poll, &batches, Timestamp(1)).await.unwrap(), Some(0));
    assert_eq!(
        relay.pack(&poll, &[batch(3, &[3])], Timestamp(2)).await.unwrap(),
        None,
        "one is under way"
    );
    assert_eq!(waiting(&relay, &poll).await, [3, 4]);
    let shipment = relay.under_way(&poll).await.unwrap().unwrap();
    let sizes: Vec<(usize, u64)> = shipment
        .batches
        .iter()
        .map(|(batch, rows)| (rows.len(), batch.number))
        .collect();
    assert_eq!((shipment.number, sizes), (0, vec![(2, 0), (1, 1)]));

    relay
        .advance(&poll, 0, BatchState::Published, Timestamp(3))
        .await
        .unwrap();
    relay.advance(&poll, 0, BatchState::Sent, Timestamp(4)).await.unwrap();
    relay
        .land(
            &poll,
            BatchState::Landed,
            &[(0, landed(7)), (1, landed(7))],
            Timestamp(5),
        )
        .await
        .unwrap();
    assert_eq!(relay.under_way(&poll).await.unwrap(), None);
    // what is on chain is not taken back by a step that comes late
    relay
        .advance(&poll, 0, BatchState::Published, Timestamp(6))
        .await
        .unwrap();
    let unsettled = relay.unsettled(&poll).await.unwrap().unwrap();
    assert_eq!(unsettled.batches[0].0.state, BatchState::Landed);
    assert_eq!(unsettled.batches[1].0.on_chain, Some(landed(7)));
    // its block was replaced, and it is in another one
    relay
        .land(
            &poll,
            BatchState::Final,
            &[(0, landed(8)), (1, landed(8))],
            Timestamp(7),
        )
        .await
        .unwrap();
    assert_eq!(relay.unsettled(&poll).await.unwrap(), None);

    assert_eq!(
        relay.pack(&poll, &[batch(3, &[3, 0])], Timestamp(8)).await.unwrap(),
        None,
        "0 waits no more"
    );
    assert_eq!(waiting(&relay, &poll).await, [3, 4], "and so nothing was packed");
    assert_eq!(
        relay.pack(&poll, &[batch(3, &[3])], Timestamp(8)).await.unwrap(),
        Some(1)
    );
}

async fn what_no_longer_fits_waits_again_at_its_old_place(bench: Bench) {
    let (relay, poll) = (bench.open().await.relay(), poll(1));
    take(&relay, request(poll, 1, 0..3)).await;
    relay.pack(&poll, &[batch(1, &[0, 1])], Timestamp(1)).await.unwrap();
    assert!(relay.dissolve(&poll, 0, Timestamp(2)).await.unwrap());
    assert!(!relay.dissolve(&poll, 0, Timestamp(3)).await.unwrap(), "once is enough");
    take(&relay, request(poll, 1, [3])).await;
    assert_eq!(waiting(&relay, &poll).await, [0, 1, 2, 3]);
    assert_eq!(
        relay.batch_of(&[1; 32]).await.unwrap(),
        None,
        "nobody is shown a dissolved batch"
    );
    // the same batch again, under a number of its own
    assert_eq!(
        relay.pack(&poll, &[batch(1, &[0, 1])], Timestamp(4)).await.unwrap(),
        Some(1)
    );
    let again = relay.batch_of(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((again.number, again.shipment, again.messages), (1, 1, 2));
    // a block that went away may dissolve what had landed, and a block that stays does not
    relay
        .land(&poll, BatchState::Landed, &[(1, landed(7))], Timestamp(5))
        .await
        .unwrap();
    assert!(relay.dissolve(&poll, 1, Timestamp(6)).await.unwrap());
    relay.pack(&poll, &[batch(2, &[0])], Timestamp(7)).await.unwrap();
    relay
        .land(&poll, BatchState::Final, &[(2, landed(8))], Timestamp(8))
        .await
        .unwrap();
    assert!(!relay.dissolve(&poll, 2, Timestamp(9)).await.unwrap());
    assert_eq!(waiting(&relay, &poll).await, [1, 2, 3]);
}

async fn what_is_told_of_messages_and_batches_is_what_was_done(bench: Bench) {
    let (relay, one, two) = (bench.open().await.relay(), poll(1), poll(2));
    assert_eq!(relay.unfinished().await.unwrap(), []);
    for (voter, numbers) in [(1, 0..3), (2, 3..7), (1, 7..8)] {
        take(&relay, request(one, voter, numbers)).await;
    }
    take(&relay, request(two, 5, [0])).await;
    assert_eq!(
        relay.by_voter(&one).await.unwrap(),
        [(StateIndex(1), 4), (StateIndex(2), 4)]
    );
    assert_eq!(
        relay.waiting(&one).await.unwrap(),
        Waiting {
            messages: 8,
            oldest: Some(Timestamp(1_000)),
        }
    );
    relay.pack(&one, &[batch(1, &[0, 1])], Timestamp(1)).await.unwrap();
    relay
        .land(&one, BatchState::Final, &[(0, landed(7))], Timestamp(2))
        .await
        .unwrap();
    relay.pack(&one, &[batch(2, &[2])], Timestamp(3)).await.unwrap();
    relay.advance(&one, 1, BatchState::Missed, Timestamp(4)).await.unwrap();
    relay.pack(&one, &[batch(3, &[3, 4])], Timestamp(5)).await.unwrap();
    let counts = RelayCounts {
        waiting: 3,
        under_way: 2,
        on_chain: 2,
        missed: 1,
    };
    assert_eq!(relay.counts(&one).await.unwrap(), counts);
    let found = relay.find(&message(0).hash).await.unwrap();
    let states: Vec<_> = found
        .iter()
        .map(|(row, batch)| (row.poll, batch.as_ref().map(|batch| batch.state)))
        .collect();
    assert_eq!(states, [(one, Some(BatchState::Final)), (two, None)]);
    assert_eq!(relay.find(&[0; 32]).await.unwrap(), []);
    let page = |skip, limit| BatchFilter { poll: one, skip, limit };
    let numbers = async |filter| {
        let rows = relay.batches(&filter).await.unwrap();
        rows.iter().map(|row| row.number).collect::<Vec<u64>>()
    };
    assert_eq!(numbers(page(0, 10)).await, [0, 1, 2]);
    assert_eq!(numbers(page(1, 1)).await, [1]);
    assert_eq!(relay.messages_of(&one, 2).await.unwrap().len(), 2);
    assert_eq!(relay.unfinished().await.unwrap(), [one, two]);
}
