use super::*;

fn parts() -> Parts {
    let at = |last: u8| EthAddress([last; 20]);
    Parts {
        poll_factory: at(1),
        message_processor_factory: at(2),
        tally_factory: at(3),
        sign_up_policy: at(4),
        verifier: at(5),
        registry: at(6),
        state_tree_depth: 10,
        empty_ballot_roots: [11u64, 12, 13, 14, 15].map(U256::from),
    }
}

#[test]
fn generation_b_is_generation_a_with_two_addresses_after_the_fourth() {
    let (a, b) = (parts().encode(Generation::A), parts().encode(Generation::B));
    assert_eq!((a.len(), b.len()), (10 * 32, 12 * 32));
    assert_eq!(a[..4 * 32], b[..4 * 32]);
    assert_eq!(a[4 * 32..], b[6 * 32..]);
    assert_eq!(b[4 * 32 + 12..5 * 32], [5; 20]);
    assert_eq!(b[5 * 32 + 12..6 * 32], [6; 20]);
}

#[test]
fn the_record_tells_generation_b_as_one_object() {
    let shown: serde_json::Value = serde_json::from_str(&parts().show(Generation::B)).unwrap();
    assert_eq!(shown.as_array().unwrap().len(), 1);
    assert_eq!(shown[0]["stateTreeDepth"], 10);
    assert_eq!(shown[0]["emptyBallotRoots"][4], "15");
    let shown: serde_json::Value = serde_json::from_str(&parts().show(Generation::A)).unwrap();
    assert_eq!(shown.as_array().unwrap().len(), 6);
}
