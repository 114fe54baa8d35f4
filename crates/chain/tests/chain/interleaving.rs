//! A relayer and voters who publish at the same time, in any order: the contract's batch hashes stay right.
//!
//! `MACI_INTERLEAVINGS=10000` tries so many; without it a few hundred. A chain grows slower with everything that was mined
//! on it, so there is a fresh one, with a fresh poll, for every few hundred.

use alloy::sol_types::SolCall;
use maci_chain::contracts::poll::IPoll;
use maci_chain::reader::PollReader;
use maci_chain::relaying::{Guard, RelayCalls, RelayedCall, safe_lengths};
use maci_chain::words::word;
use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_protocol::cid::ContentDigest;
use maci_protocol::ids::EthAddress;
use maci_protocol::vote::{Message, MessageChain};
use serde_json::json;

use crate::stage::{Stage, poll_design};

/// Interleavings on one chain.
const A_CHAIN: u32 = 500;

/// Numbers that are the same in every run.
#[derive(Clone, Copy)]
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// The real poll, and what it must hold.
struct Table {
    stage: Stage,
    reader: PollReader,
    calls: RelayCalls,
    guard: Guard,
    chain: MessageChain,
    dice: Dice,
    made: u64,
    count: Count,
}

/// What was tried so far, on this chain and those before.
#[derive(Clone, Copy, Default)]
struct Count {
    refused: u64,
    relayed: u64,
    messages: u64,
}

impl Table {
    async fn set(dice: Dice, count: Count) -> Self {
        let stage = Stage::start().await;
        let guard = Guard {
            owner: stage.sender.address(),
        };
        let maci = stage.deploy_maci().await;
        let mut design = poll_design(&maci, stage.anvil.timestamp().await.unwrap());
        let asked = &mut design.polls[0];
        asked.relayers = vec![guard.address()];
        asked.period.end += 1_000_000;
        asked.message_batch_size = 5;
        let batch_size = asked.message_batch_size;
        let poll = stage.apply(&design).await.unwrap().polls[0];
        let reader = PollReader::open(&stage.rpc, maci.maci, poll.poll.poll).await.unwrap();
        stage.sender.send(guard.deployment()).await.unwrap();
        let mut chain = MessageChain::new(batch_size);
        chain.push(Message::placeholder().hash());
        Self {
            calls: RelayCalls {
                poll: poll.poll,
                contract: poll.addresses.poll,
                batch_size,
            },
            stage,
            reader,
            guard,
            chain,
            dice,
            made: 0,
            count,
        }
    }

    /// Mines a transaction of one of the node's own accounts; answers whether the contract did what it says.
    async fn mine(&self, from: EthAddress, to: EthAddress, data: &[u8]) -> bool {
        let call = json!({
            "from": from.to_string(), "to": to.to_string(), "gas": "0x1c9c380",
            "data": format!("0x{}", hex::encode(data)),
        });
        let node = self.stage.anvil.rpc();
        node.call("eth_sendTransactionSync", json!([call])).await.unwrap()["status"] == "0x1"
    }

    fn message(&mut self) -> Message {
        self.made += 1;
        Message {
            data: [Fr::from(self.made); 10],
            encryption_public_key: Point::BASE8,
        }
    }

    /// Somebody publishes one or several messages on chain.
    async fn publish(&mut self) {
        let count = 1 + self.dice.below(3);
        let messages: Vec<Message> = (0..count).map(|_| self.message()).collect();
        let key = || IPoll::PublicKey {
            x: word(&Point::BASE8.x),
            y: word(&Point::BASE8.y),
        };
        let call = IPoll::publishMessageBatchCall {
            _messages: messages
                .iter()
                .map(|message| IPoll::Message {
                    data: message.data.each_ref().map(word),
                })
                .collect(),
            _encryptionPublicKeys: messages.iter().map(|_| key()).collect(),
        };
        let voter = maci_testkit::anvil::ACCOUNTS[2].address.parse().unwrap();
        assert!(self.mine(voter, self.calls.contract, &call.abi_encode()).await);
        messages.iter().for_each(|message| self.chain.push(message.hash()));
    }

    /// The relayer decides, others publish, and only then its transaction is mined.
    async fn interleave(&mut self) {
        let waiting = 1 + usize::try_from(self.dice.below(14)).unwrap();
        let lengths = safe_lengths(self.chain.len(), self.calls.batch_size, waiting);
        for _ in 0..self.dice.below(3) {
            self.publish().await;
        }
        let batches: Vec<RelayedCall> = lengths
            .iter()
            .map(|length| RelayedCall {
                hashes: (0..*length).map(|_| self.message().hash()).collect(),
                digest: ContentDigest([7; 32]),
            })
            .collect();
        let call = self.calls.guarded(self.guard, &batches, "any");
        let owner = self.guard.owner;
        let done = self.mine(owner, call.to.unwrap(), &call.data).await;
        let size = u64::from(self.calls.batch_size);
        let mut after = self.chain.len();
        let fits = batches.iter().all(|batch| {
            let count = batch.hashes.len() as u64;
            let fits = count < 2 || after % size + count < size;
            after += count;
            fits
        });
        assert_eq!(done, fits, "{lengths:?} behind {} messages", self.chain.len());
        if fits {
            self.count.relayed += 1;
            batches
                .iter()
                .flat_map(|batch| &batch.hashes)
                .for_each(|hash| self.chain.push(*hash));
        } else {
            self.count.refused += 1;
        }
    }

    async fn check(&self) {
        let standing = self.reader.standing().await.unwrap();
        assert_eq!(standing.messages, self.chain.len());
        assert_eq!(standing.chain_hash, self.chain.head());
        assert_eq!(standing.batch_hashes, self.chain.batch_hashes());
    }
}

#[tokio::test]
async fn however_voters_publish_in_between_relayed_batches_never_break_the_contracts_batch_hashes() {
    let given = std::env::var_os("MACI_INTERLEAVINGS").and_then(|text| text.to_str()?.parse().ok());
    let wanted: u32 = given.unwrap_or(300);
    let (mut dice, mut count) = (Dice(0x9e37_79b9_7f4a_7c15), Count::default());
    let mut left = wanted;
    while left > 0 {
        let here = left.min(A_CHAIN);
        let mut table = Table::set(dice, count).await;
        for number in 1..=here {
            table.interleave().await;
            if number % 100 == 0 {
                table.check().await;
            }
        }
        table.check().await;
        (dice, count, left) = (table.dice, table.count, left - here);
        count.messages += table.chain.len();
        println!("{} of {wanted} interleavings", wanted - left);
    }
    let Count {
        refused,
        relayed,
        messages,
    } = count;
    assert!(refused > 0 && relayed > 0, "nothing was interleaved");
    println!("{wanted} interleavings: {relayed} calls relayed, {refused} refused by the guard, {messages} messages");
}
