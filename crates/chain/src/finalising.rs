//! The calls that finalise a poll, each with a purpose that is the same every time.

use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use maci_crypto::Fr;
use maci_protocol::groth16::Proof;
use maci_protocol::ids::PollRef;
use maci_protocol::tally::AddTallyResults;

use crate::contracts::finalising::{IMessageProcessor, ITally};
use crate::contracts::poll::IPoll;
use crate::reader::PollAddresses;
use crate::send::{Call, Purpose};
use crate::words::word;

/// The calls of one poll.
#[derive(Debug, Clone, Copy)]
pub struct PollCalls {
    /// The poll.
    pub poll: PollRef,
    /// Its contracts.
    pub contracts: PollAddresses,
}

impl PollCalls {
    /// Merges the state.
    pub fn merge(&self) -> Call {
        self.call(
            "merge the state",
            self.contracts.poll,
            IPoll::mergeStateCall {}.abi_encode(),
        )
    }

    /// Puts message proof `number`, which leads to `commitment`, on chain.
    pub fn process(&self, number: u32, commitment: &Fr, proof: &Proof) -> Call {
        let call = IMessageProcessor::processMessagesCall {
            _newSbCommitment: word(commitment),
            _proof: words(proof),
        };
        self.call(
            &format!("message proof {number}"),
            self.contracts.message_processor,
            call.abi_encode(),
        )
    }

    /// Puts tally proof `number`, which leads to `commitment`, on chain.
    pub fn tally(&self, number: u32, commitment: &Fr, proof: &Proof) -> Call {
        let call = ITally::tallyVotesCall {
            _newTallyCommitment: word(commitment),
            _proof: words(proof),
        };
        self.call(
            &format!("tally proof {number}"),
            self.contracts.tally,
            call.abi_encode(),
        )
    }

    /// Adds the results of some options.
    pub fn add_results(&self, results: &AddTallyResults) -> Call {
        let options = &results.vote_option_indices;
        let (first, last) = (
            options.first().copied().unwrap_or(0),
            options.last().copied().unwrap_or(0),
        );
        let call = ITally::addTallyResultsCall {
            args: ITally::AddTallyResultsArgs {
                voteOptionIndices: options.iter().map(|option| U256::from(*option)).collect(),
                tallyResults: results.tally_results.iter().map(word).collect(),
                tallyResultProofs: results
                    .tally_result_proofs
                    .iter()
                    .map(|path| path.iter().map(|level| level.iter().map(word).collect()).collect())
                    .collect(),
                totalSpent: word(&results.total_spent),
                totalSpentSalt: word(&results.total_spent_salt),
                tallyResultSalt: word(&results.tally_result_salt),
                newResultsCommitment: word(&results.new_results_commitment),
                spentVoiceCreditsHash: word(&results.spent_voice_credits_hash),
                perVOSpentVoiceCreditsHash: word(&results.per_vo_spent_voice_credits_hash),
            },
        };
        self.call(
            &format!("results of options {first} to {last}"),
            self.contracts.tally,
            call.abi_encode(),
        )
    }

    fn call(&self, what: &str, to: maci_protocol::ids::EthAddress, data: Vec<u8>) -> Call {
        Call {
            purpose: Purpose::new(format!("{}: {what}", self.poll)),
            to: Some(to),
            data,
        }
    }
}

fn words(proof: &Proof) -> [U256; 8] {
    proof.to_solidity().map(U256::from_be_bytes)
}
