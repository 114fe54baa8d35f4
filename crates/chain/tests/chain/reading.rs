use maci_chain::logs::{ContractEvent, LogError, LogFilter, LogReader, Window, decode};
use maci_chain::rpc::Finality;
use maci_crypto::curve::Point;
use maci_protocol::ids::{BlockNumber, EthAddress, StateIndex};
use maci_protocol::ledger::RawLog;
use maci_testkit::RpcProxy;
use maci_testkit::proxy::{Fault, Rule};

use crate::stage::{Stage, connect};

/// A poll with two joins and five messages, and the block it appeared in.
async fn a_poll_with_a_history(stage: &Stage) -> (EthAddress, BlockNumber) {
    let maci = stage.deploy_maci().await;
    stage.anvil.mine(20).await.unwrap();
    let poll = stage.deploy_poll(&maci).await.addresses.poll;
    let birth = stage.rpc.birth_of(poll).await.unwrap().unwrap();
    let keys = [Point::BASE8, Point::BASE8.double()];
    stage.join(maci.maci, poll, keys[0], 1).await;
    stage.publish(poll, 1).await;
    stage.join(maci.maci, poll, keys[1], 2).await;
    for number in 2..=5 {
        stage.publish(poll, number).await;
    }
    (poll, birth)
}

async fn all_logs(reader: &mut LogReader, from: BlockNumber, last: BlockNumber) -> Result<Vec<RawLog>, LogError> {
    let (mut logs, mut next) = (Vec::new(), from);
    while next <= last {
        let stretch = reader.next(next, last).await?;
        next = BlockNumber(stretch.upto.number.0 + 1);
        logs.extend(stretch.logs);
    }
    Ok(logs)
}

fn of(contract: EthAddress) -> LogFilter {
    LogFilter {
        addresses: vec![contract],
    }
}

#[tokio::test]
async fn joins_and_messages_come_back_in_order() {
    let stage = Stage::start().await;
    let (poll, birth) = a_poll_with_a_history(&stage).await;
    let head = stage.rpc.head().await.unwrap();
    let mut reader = LogReader::new(stage.rpc.clone(), of(poll), Window::default());
    let logs = all_logs(&mut reader, birth, head.number).await.unwrap();
    let events: Vec<ContractEvent> = logs.iter().filter_map(|log| decode(log).unwrap()).collect();

    let short: Vec<String> = events
        .iter()
        .filter_map(|event| match event {
            ContractEvent::PollJoined { state_index, .. } => Some(format!("join {state_index}")),
            ContractEvent::PublishMessage { data, .. } => Some(format!("message {}", data[1])),
            _ => None,
        })
        .collect();
    let expected = [
        "message 0",
        "join 1",
        "message 1",
        "join 2",
        "message 2",
        "message 3",
        "message 4",
        "message 5",
    ];
    assert_eq!(short, expected);
    let chained = events
        .iter()
        .filter(|event| matches!(event, ContractEvent::ChainHashUpdated { .. }))
        .count();
    assert_eq!(chained, 6);
    let joined = events.iter().find_map(|event| match event {
        ContractEvent::PollJoined { key, state_index, .. } => Some((*key, *state_index)),
        _ => None,
    });
    assert_eq!(joined, Some((Point::BASE8, StateIndex(1))));
}

#[tokio::test]
async fn a_contract_s_first_block_is_found() {
    let stage = Stage::start().await;
    let (poll, birth) = a_poll_with_a_history(&stage).await;
    let mut reader = LogReader::new(stage.rpc.clone(), of(poll), Window::default());
    let first = reader.next(BlockNumber(0), birth).await.unwrap();
    assert!(first.logs.iter().all(|log| log.place.block == birth));
    assert!(!first.logs.is_empty());
    assert_eq!(stage.rpc.birth_of(EthAddress([9; 20])).await.unwrap(), None);
}

#[tokio::test]
async fn a_provider_of_small_ranges_gives_the_same_logs() {
    let stage = Stage::start().await;
    let (poll, birth) = a_poll_with_a_history(&stage).await;
    let head = stage.rpc.head().await.unwrap().number;
    let mut plain = LogReader::new(stage.rpc.clone(), of(poll), Window::default());
    let whole = all_logs(&mut plain, birth, head).await.unwrap();

    let proxy = RpcProxy::before(stage.anvil.url()).await.unwrap();
    proxy.inject(Rule::always(Fault::MaxLogRange(2)));
    let mut small = LogReader::new(connect(&[proxy.url()]).await, of(poll), Window::default());
    assert_eq!(all_logs(&mut small, birth, head).await.unwrap(), whole);
    assert!(small.window().blocks() <= 2, "{:?}", small.window());
    assert!(proxy.faults() > 0);
}

#[tokio::test]
async fn an_invented_log_is_not_believed() {
    let stage = Stage::start().await;
    let (poll, birth) = a_poll_with_a_history(&stage).await;
    let head = stage.rpc.head().await.unwrap().number;
    let proxy = RpcProxy::before(stage.anvil.url()).await.unwrap();
    proxy.inject(Rule::always(Fault::InventLog { position: 0 }));
    let mut reader = LogReader::new(connect(&[proxy.url()]).await, of(poll), Window::default());
    let refused = all_logs(&mut reader, birth, head).await.unwrap_err();
    assert!(matches!(refused, LogError::Untrue { .. }), "{refused}");
}

#[tokio::test]
async fn a_reorganisation_leaves_the_newest_block_below_it() {
    let stage = Stage::start().await;
    stage.anvil.mine(12).await.unwrap();
    let mut known = Vec::new();
    for number in (1..=12).rev() {
        known.push(stage.rpc.block(BlockNumber(number)).await.unwrap().unwrap());
    }
    assert_eq!(stage.rpc.newest_kept(&known).await.unwrap(), known.first());
    stage.anvil.reorg(4).await.unwrap();
    let kept = stage.rpc.newest_kept(&known).await.unwrap().unwrap();
    assert_eq!(kept.number, BlockNumber(8));
    assert!(stage.rpc.still_has(kept).await.unwrap());
}

#[tokio::test]
async fn a_settled_head_is_as_deep_as_was_asked() {
    let stage = Stage::start().await;
    assert_eq!(stage.rpc.settled_head(Finality::Depth(5)).await.unwrap(), None);
    stage.anvil.mine(9).await.unwrap();
    let head = stage.rpc.head().await.unwrap().number.0;
    let settled = stage.rpc.settled_head(Finality::Depth(5)).await.unwrap().unwrap();
    assert_eq!(settled.number.0, head - 5);
    let finalized = stage.rpc.settled_head(Finality::Finalized).await.unwrap().unwrap();
    assert!(finalized.number.0 < head);
}
