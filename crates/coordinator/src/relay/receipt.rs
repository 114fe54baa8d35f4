use alloy::primitives::{Signature, U256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{Eip712Domain, SolStruct, eip712_domain};
use maci_chain::words::{address, eth_address, word};
use maci_crypto::Fr;
use maci_protocol::ids::{EthAddress, PollRef};
use maci_protocol::time::Timestamp;

mod signed {
    alloy::sol! {
        /// What is signed (EIP-712).
        #[derive(Debug)]
        struct RelayReceipt {
            uint256 messageHash;
            address maci;
            uint256 pollId;
            uint256 takenAt;
            uint256 promisedBy;
        }
    }
}

/// What a voter can show: the relayer has taken this message, and promised to have it on chain by a moment, or to say
/// publicly that it has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The poll.
    pub poll: PollRef,
    /// The message's hash.
    pub message_hash: Fr,
    /// When it was taken, in whole seconds.
    pub taken_at: u64,
    /// By when it is on chain, in whole seconds.
    pub promised_by: u64,
    /// Who promises.
    pub relayer: EthAddress,
    /// 65 bytes over the rest, as EIP-712 says.
    pub signature: [u8; 65],
}

impl Receipt {
    /// Signs the promise; none if the key refuses, which keys in memory do not.
    pub(super) fn sign(
        signer: &PrivateKeySigner,
        poll: PollRef,
        message_hash: Fr,
        (taken_at, promised_by): (Timestamp, Timestamp),
    ) -> Option<Self> {
        let mut receipt = Self {
            poll,
            message_hash,
            taken_at: taken_at.unix_seconds(),
            promised_by: promised_by.unix_seconds(),
            relayer: eth_address(signer.address()),
            signature: [0; 65],
        };
        let hash = receipt.content().eip712_signing_hash(&receipt.domain());
        receipt.signature = signer.sign_hash_sync(&hash).ok()?.as_bytes();
        Some(receipt)
    }

    /// Whether the one it names has signed it.
    #[must_use]
    pub fn holds(&self) -> bool {
        let hash = self.content().eip712_signing_hash(&self.domain());
        let signature = Signature::from_raw(&self.signature).ok();
        let signer = signature.and_then(|signature| signature.recover_address_from_prehash(&hash).ok());
        signer.map(eth_address) == Some(self.relayer)
    }

    fn domain(&self) -> Eip712Domain {
        eip712_domain! {
            name: "MACI relayer",
            version: "1",
            chain_id: self.poll.chain.0,
        }
    }

    fn content(&self) -> signed::RelayReceipt {
        signed::RelayReceipt {
            messageHash: word(&self.message_hash),
            maci: address(self.poll.maci),
            pollId: U256::from(self.poll.poll.0),
            takenAt: U256::from(self.taken_at),
            promisedBy: U256::from(self.promised_by),
        }
    }
}

#[cfg(test)]
mod tests {
    use maci_protocol::ids::{ChainId, PollId};

    use super::*;

    #[test]
    fn a_receipt_holds_until_one_word_of_it_is_changed() {
        let signer = PrivateKeySigner::from_slice(&[7; 32]).unwrap();
        let poll = PollRef {
            chain: ChainId(10),
            maci: EthAddress([3; 20]),
            poll: PollId(4),
        };
        let times = (Timestamp(1_000), Timestamp(901_000));
        let receipt = Receipt::sign(&signer, poll, Fr::from(5u64), times).unwrap();
        assert!(receipt.holds());
        for changed in [
            Receipt {
                message_hash: Fr::from(6u64),
                ..receipt.clone()
            },
            Receipt {
                promised_by: 902,
                ..receipt.clone()
            },
            Receipt {
                poll: PollRef {
                    chain: ChainId(1),
                    ..poll
                },
                ..receipt.clone()
            },
            Receipt {
                relayer: EthAddress([1; 20]),
                ..receipt
            },
        ] {
            assert!(!changed.holds());
        }
    }
}
