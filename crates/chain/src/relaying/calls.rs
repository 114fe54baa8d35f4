use alloy::primitives::{B256, U256};
use alloy::sol_types::SolCall;
use maci_crypto::Fr;
use maci_protocol::cid::ContentDigest;
use maci_protocol::ids::{EthAddress, PollRef};

use super::guard::{Guard, Piece};
use crate::contracts::poll::IPoll;
use crate::send::{Call, Purpose};
use crate::words::word;

/// One batch of relayed messages as the contract takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayedCall {
    /// The messages' hashes, in order.
    pub hashes: Vec<Fr>,
    /// The digest of the file that has the messages.
    pub digest: ContentDigest,
}

/// The calls of one poll.
#[derive(Debug, Clone, Copy)]
pub struct RelayCalls {
    /// The poll.
    pub poll: PollRef,
    /// Its contract.
    pub contract: EthAddress,
    /// Messages in a batch, as the poll counts them.
    pub batch_size: u8,
}

impl RelayCalls {
    /// Relays several batches in one transaction, through the guard: all of them, or none if the poll has grown so that
    /// one would cross or reach the end of a batch. `name` tells this call from all others of the poll.
    #[must_use]
    pub fn guarded(&self, guard: Guard, batches: &[RelayedCall], name: &str) -> Call {
        let pieces: Vec<Piece> = batches.iter().map(|batch| self.piece(batch)).collect();
        Call {
            purpose: self.purpose(name),
            to: Some(guard.address()),
            data: Guard::arguments(self.contract, self.batch_size, &pieces),
        }
    }

    /// Relays one message without a guard, which is safe wherever it lands: the contract counts single messages rightly.
    #[must_use]
    pub fn single(&self, hash: Fr, digest: ContentDigest, name: &str) -> Call {
        let hashes = vec![hash];
        Call {
            purpose: self.purpose(name),
            to: Some(self.contract),
            data: calldata(&RelayedCall { hashes, digest }),
        }
    }

    fn piece(&self, batch: &RelayedCall) -> Piece {
        let (size, count) = (u64::from(self.batch_size), batch.hashes.len() as u64);
        let most = match count {
            // counted rightly wherever it lands
            0 | 1 => size.saturating_sub(1),
            // it must end before the end of a batch
            _ => size.saturating_sub(1).saturating_sub(count),
        };
        Piece {
            most,
            calldata: calldata(batch),
        }
    }

    fn purpose(&self, name: &str) -> Purpose {
        Purpose::new(format!("{}: relay {name}", self.poll))
    }
}

fn calldata(batch: &RelayedCall) -> Vec<u8> {
    IPoll::relayMessagesBatchCall {
        _messageHashes: batch.hashes.iter().map(word).collect::<Vec<U256>>(),
        _ipfsHash: B256::from(batch.digest.0),
    }
    .abi_encode()
}
