use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::poll::{Mode, TreeDepths};

use crate::contracts::keys::IVerifyingKeysRegistry as Bound;
use crate::reader::{KeySlot, to_words};

/// The verifying keys of one set of circuits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    /// The sizes the circuits were made for.
    pub depths: TreeDepths,
    /// Messages per processing proof.
    pub message_batch_size: u8,
    /// For joining.
    pub poll_joining: VerifyingKey,
    /// For showing that one has joined.
    pub poll_joined: VerifyingKey,
    /// For processing and tally, per mode.
    pub modes: Vec<ModeKeys>,
}

/// A mode's verifying keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModeKeys {
    /// The mode.
    pub mode: Mode,
    /// For message batches.
    pub process: VerifyingKey,
    /// For tally batches; that of NON_QV for FULL.
    pub tally: VerifyingKey,
}

impl KeySet {
    /// The circuits' sizes, as their names have them: state depth, batch size, vote option depth; tally depth.
    #[must_use]
    pub fn size(&self) -> String {
        let (depths, batch) = (self.depths, self.message_batch_size);
        let (state, vote, tally) = (
            depths.state_tree(),
            depths.vote_option_tree(),
            depths.tally_processing_state_tree(),
        );
        format!("{state}-{batch}-{vote} with tally depth {tally}")
    }

    /// Where in a registry each of its keys belongs.
    #[must_use]
    pub fn slots(&self) -> Vec<(KeySlot, &VerifyingKey)> {
        let state = self.depths.state_tree();
        let mut slots = vec![
            (KeySlot::PollJoining(state), &self.poll_joining),
            (KeySlot::PollJoined(state), &self.poll_joined),
        ];
        for ModeKeys { mode, process, tally } in &self.modes {
            let (depths, mode, message_batch_size) = (self.depths, *mode, self.message_batch_size);
            slots.push((
                KeySlot::Process {
                    depths,
                    message_batch_size,
                    mode,
                },
                process,
            ));
            slots.push((KeySlot::Tally { depths, mode }, tally));
        }
        slots
    }
}

pub(super) fn batch_call(keys: &KeySet) -> Vec<u8> {
    let depth = |depth: u8| U256::from(depth);
    Bound::setVerifyingKeysBatchCall {
        _args: Bound::SetVerifyingKeysBatchArgs {
            stateTreeDepth: depth(keys.depths.state_tree()),
            pollStateTreeDepth: depth(keys.depths.state_tree()),
            tallyProcessingStateTreeDepth: depth(keys.depths.tally_processing_state_tree()),
            voteOptionTreeDepth: depth(keys.depths.vote_option_tree()),
            messageBatchSize: keys.message_batch_size,
            modes: keys.modes.iter().map(|keys| keys.mode.into()).collect(),
            pollJoiningVerifyingKey: to_words(&keys.poll_joining),
            pollJoinedVerifyingKey: to_words(&keys.poll_joined),
            processVerifyingKeys: keys.modes.iter().map(|keys| to_words(&keys.process)).collect(),
            tallyVerifyingKeys: keys.modes.iter().map(|keys| to_words(&keys.tally)).collect(),
        },
    }
    .abi_encode()
}

pub(super) fn single_call(slot: KeySlot, key: &VerifyingKey) -> Vec<u8> {
    let depth = |depth: u8| U256::from(depth);
    let key = to_words(key);
    match slot {
        KeySlot::PollJoining(state) => Bound::setPollJoiningVerifyingKeyCall {
            _stateTreeDepth: depth(state),
            _pollJoiningVerifyingKey: key,
        }
        .abi_encode(),
        KeySlot::PollJoined(state) => Bound::setPollJoinedVerifyingKeyCall {
            _stateTreeDepth: depth(state),
            _pollJoinedVerifyingSignature: key,
        }
        .abi_encode(),
        KeySlot::Process {
            depths,
            message_batch_size,
            mode,
        } => Bound::setProcessVerifyingKeyCall {
            _stateTreeDepth: depth(depths.state_tree()),
            _voteOptionTreeDepth: depth(depths.vote_option_tree()),
            _messageBatchSize: message_batch_size,
            _mode: mode.into(),
            _processVerifyingKey: key,
        }
        .abi_encode(),
        KeySlot::Tally { depths, mode } => Bound::setTallyVerifyingKeyCall {
            _stateTreeDepth: depth(depths.state_tree()),
            _intStateTreeDepth: depth(depths.tally_processing_state_tree()),
            _voteOptionTreeDepth: depth(depths.vote_option_tree()),
            _mode: mode.into(),
            _tallyVerifyingKey: key,
        }
        .abi_encode(),
    }
}
