use crate::poll::TreeDepths;

/// The number under which the contracts' registry of verifying keys keeps a key.
///
/// All fit 144 bits, so they are given as 32 big-endian bytes, a Solidity `uint256`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistrySignature([u8; 32]);

impl RegistrySignature {
    /// Of the joining circuit.
    pub fn poll_joining(state_tree_depth: u8) -> Self {
        Self::sum(&[(state_tree_depth, 8)])
    }

    /// Of the joined circuit.
    pub fn poll_joined(state_tree_depth: u8) -> Self {
        Self::sum(&[(state_tree_depth, 16)])
    }

    /// Of a message processor. The contract means to include the batch size but shifts it out of
    /// its eight bits, so one key serves all batch sizes of a mode.
    pub fn message_processor(depths: TreeDepths) -> Self {
        Self::sum(&[(depths.state_tree(), 8), (depths.vote_option_tree(), 0)])
    }

    /// Of a message processor as upstream computes it off the chain; never a slot on the chain.
    pub fn message_processor_off_chain(depths: TreeDepths, message_batch_size: u8) -> Self {
        Self::sum(&[
            (message_batch_size, 16),
            (depths.state_tree(), 8),
            (depths.vote_option_tree(), 0),
        ])
    }

    /// Of a tally.
    pub fn vote_tally(depths: TreeDepths) -> Self {
        Self::sum(&[
            (depths.state_tree(), 16),
            (depths.tally_processing_state_tree(), 8),
            (depths.vote_option_tree(), 0),
        ])
    }

    /// The number as 32 big-endian bytes.
    pub fn to_be_bytes(self) -> [u8; 32] {
        self.0
    }

    /// Adds bytes shifted by whole bytes; no two share a place.
    fn sum(terms: &[(u8, usize)]) -> Self {
        let mut bytes = [0; 32];
        for (value, shift) in terms {
            if let Some(place) = bytes.iter_mut().rev().nth(*shift) {
                *place = *value;
            }
        }
        Self(bytes)
    }
}
