//! Relayed messages on the real contract: what the guard lets through, and what it keeps from happening.

use alloy::eips::BlockId;
use maci_chain::contracts::poll::IPoll;
use maci_chain::reader::PollReader;
use maci_chain::relaying::{Guard, RelayCalls, RelayedCall};
use maci_chain::send::SendError;
use maci_chain::words::{address, field};
use maci_crypto::Fr;
use maci_protocol::cid::ContentDigest;
use maci_protocol::vote::{Message, MessageChain};

use crate::stage::{Stage, poll_design, wallet};

/// A poll that our guard may relay to.
struct Relayed {
    stage: Stage,
    reader: PollReader,
    calls: RelayCalls,
    guard: Guard,
    sent: u64,
}

impl Relayed {
    async fn start() -> Self {
        let stage = Stage::start().await;
        let guard = Guard {
            owner: stage.sender.address(),
        };
        let maci = stage.deploy_maci().await;
        let mut design = poll_design(&maci, stage.anvil.timestamp().await.unwrap());
        let asked = &mut design.polls[0];
        asked.relayers = vec![guard.address(), stage.sender.address()];
        let batch_size = asked.message_batch_size;
        let poll = stage.apply(&design).await.unwrap().polls[0];
        let reader = PollReader::open(&stage.rpc, maci.maci, poll.poll.poll).await.unwrap();
        stage.sender.send(guard.deployment()).await.unwrap();
        assert!(reader.has_code(guard.address()).await.unwrap());
        assert!(reader.is_relayer(guard.address()).await.unwrap());
        let calls = RelayCalls {
            poll: poll.poll,
            contract: poll.addresses.poll,
            batch_size,
        };
        Self {
            stage,
            reader,
            calls,
            guard,
            sent: 0,
        }
    }

    fn batch(&mut self, messages: u64) -> RelayedCall {
        let hashes = (0..messages)
            .map(|one| Fr::from(1_000 + 100 * self.sent + one))
            .collect();
        self.sent += 1;
        RelayedCall {
            hashes,
            digest: ContentDigest([u8::try_from(self.sent).unwrap(); 32]),
        }
    }

    async fn relay(&mut self, lengths: &[u64]) -> Result<Vec<RelayedCall>, SendError> {
        let batches: Vec<_> = lengths.iter().map(|length| self.batch(*length)).collect();
        let call = self.calls.guarded(self.guard, &batches, &format!("call {}", self.sent));
        self.stage.sender.send(call).await.map(|_| batches)
    }

    /// The contract's batch hashes, and those that follow from its messages.
    async fn hashes(&self, messages: &[Fr]) -> (Vec<Fr>, Vec<Fr>) {
        let standing = self.reader.standing().await.unwrap();
        let mut chain = MessageChain::new(self.calls.batch_size);
        messages.iter().for_each(|hash| chain.push(*hash));
        assert_eq!(standing.chain_hash, chain.head());
        (standing.batch_hashes, chain.batch_hashes())
    }
}

#[tokio::test]
async fn batches_through_the_guard_keep_the_contracts_batch_hashes() {
    let mut relayed = Relayed::start().await;
    // B = 3, one message there: one may follow, the third must come alone
    let batches = relayed.relay(&[1, 1, 2, 1, 1]).await.unwrap();
    let messages: Vec<Fr> = [Message::placeholder().hash()]
        .into_iter()
        .chain(batches.into_iter().flat_map(|batch| batch.hashes))
        .collect();
    let (contract, ours) = relayed.hashes(&messages).await;
    assert_eq!(contract, ours);
    assert_eq!(contract.len(), 3);
}

#[tokio::test]
async fn a_call_that_would_meet_the_end_of_a_batch_is_refused_and_nothing_of_it_is_done() {
    let mut relayed = Relayed::start().await;
    // somebody publishes first, so that two messages no longer fit before the end of the batch
    relayed.stage.publish(relayed.calls.contract, 7).await;
    for lengths in [&[2][..], &[1, 1, 2], &[1, 1, 3]] {
        let refused = relayed.relay(lengths).await;
        assert!(matches!(refused, Err(SendError::WouldRevert { .. })), "{refused:?}");
    }
    assert_eq!(relayed.reader.message_count().await.unwrap(), 2);
}

#[tokio::test]
async fn the_guard_relays_for_its_owner_alone() {
    let mut relayed = Relayed::start().await;
    let batch = relayed.batch(1);
    let call = relayed.calls.guarded(relayed.guard, &[batch], "somebody else's");
    let other = maci_chain::send::Sender::new(
        relayed.stage.rpc.clone(),
        wallet(3),
        relayed.stage.log.clone() as std::sync::Arc<dyn maci_chain::send::IntentLog>,
        crate::stage::settings(),
    );
    assert!(matches!(other.send(call).await, Err(SendError::WouldRevert { .. })));
}

#[tokio::test]
async fn a_single_message_needs_no_guard_and_its_place_in_the_chain_is_found() {
    let mut relayed = Relayed::start().await;
    relayed.stage.publish(relayed.calls.contract, 7).await;
    let batch = relayed.batch(1);
    let call = relayed.calls.single(batch.hashes[0], batch.digest, "one");
    let landed = relayed.stage.sender.send(call).await.unwrap();
    let found = relayed.reader.relayed_in(landed.block).await.unwrap();
    let [only] = found.as_slice() else { panic!("{found:?}") };
    let (before, after) = (only.before(1).unwrap(), only.after().unwrap());
    assert_eq!((only.digest, before.messages, after.messages), (batch.digest, 2, 3));
    assert_eq!(before.then(&batch.hashes[0]), after);
    let poll = IPoll::new(address(relayed.calls.contract), relayed.stage.rpc.provider().clone());
    let hash = poll.chainHash().block(BlockId::latest()).call().await.unwrap();
    assert_eq!(after.hash, field(hash));
}
