use maci_protocol::ids::{EthAddress, TxHash};
use maci_protocol::ledger::LogPlace;
use proptest::prelude::*;

use alloy::primitives::U256;

use super::*;

fn log(topics: Vec<[u8; 32]>, data: Vec<u8>) -> RawLog {
    RawLog {
        place: LogPlace {
            block: BlockNumber(7),
            transaction: 0,
            log: 3,
        },
        block_hash: [0; 32],
        transaction: TxHash([0; 32]),
        address: EthAddress::ZERO,
        topics,
        data,
    }
}

const TOPICS: [B256; 4] = [
    IPoll::PollJoined::SIGNATURE_HASH,
    IPoll::PublishMessage::SIGNATURE_HASH,
    IMaci::DeployPoll::SIGNATURE_HASH,
    IPoll::MergeState::SIGNATURE_HASH,
];

#[test]
fn words_above_the_field_are_reduced_as_the_contracts_reduce_them() {
    let huge = [0xff; 32];
    let data = [huge.to_vec(), [0; 32].to_vec(), B256::with_last_byte(1).to_vec()].concat();
    let event = decode(&log(vec![IPoll::PollJoined::SIGNATURE_HASH.0, huge, huge], data))
        .unwrap()
        .unwrap();
    let ContractEvent::PollJoined {
        voice_credits,
        state_index,
        key,
        ..
    } = event
    else {
        panic!("{event:?}")
    };
    assert_eq!(voice_credits, field(U256::MAX));
    assert_eq!(key, point(U256::MAX, U256::MAX));
    assert_eq!(state_index, StateIndex(1));
}

#[test]
fn an_index_no_contract_can_reach_is_unreadable() {
    let data = [[0; 32], [0; 32], [0xff; 32]].concat();
    let refused = decode(&log(vec![IPoll::PollJoined::SIGNATURE_HASH.0, [0; 32], [0; 32]], data)).unwrap_err();
    assert_eq!(
        (refused.block, refused.log, refused.event),
        (BlockNumber(7), 3, "PollJoined")
    );
}

#[test]
fn events_of_others_are_passed_over() {
    assert_eq!(decode(&log(Vec::new(), Vec::new())), Ok(None));
    assert_eq!(decode(&log(vec![[1; 32]], vec![1, 2, 3])), Ok(None));
}

proptest! {
    #[test]
    fn any_log_is_an_event_an_error_or_nothing(
        known in proptest::option::of(0..TOPICS.len()),
        more in proptest::collection::vec(any::<[u8; 32]>(), 0..5),
        data in proptest::collection::vec(any::<u8>(), 0..500),
    ) {
        let mut topics: Vec<_> = known.map(|at| TOPICS[at].0).into_iter().collect();
        topics.extend(more);
        let _ = decode(&log(topics, data));
    }
}
