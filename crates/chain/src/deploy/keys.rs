use alloy::primitives::U256;
use alloy::sol_types::SolCall;
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::ids::EthAddress;
use maci_protocol::poll::{Mode, TreeDepths};

use super::DeployError;
use crate::contracts::keys::IVerifyingKeysRegistry as Bound;
use crate::reader::{KeySlot, Registry, to_words};
use crate::rpc::Rpc;
use crate::send::{Call, Purpose, Submit};

/// The verifying keys of one set of circuits.
#[derive(Debug, Clone)]
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
#[derive(Debug, Clone)]
pub struct ModeKeys {
    /// The mode.
    pub mode: Mode,
    /// For message batches.
    pub process: VerifyingKey,
    /// For tally batches; that of NON_QV for FULL.
    pub tally: VerifyingKey,
}

impl KeySet {
    fn slots(&self) -> Vec<(KeySlot, &VerifyingKey)> {
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

/// Puts a set of keys into a registry. Keys that are there already are left; a slot that holds
/// another key is an error, because keys cannot be replaced. Nothing is set if there is one.
pub async fn set_verifying_keys(
    rpc: &Rpc,
    submit: &dyn Submit,
    registry: EthAddress,
    keys: &KeySet,
) -> Result<(), DeployError> {
    let reader = Registry::new(rpc.clone(), registry);
    let slots = keys.slots();
    let mut missing = Vec::new();
    for (slot, key) in &slots {
        match reader.key(*slot).await? {
            None => missing.push((*slot, *key)),
            Some(there) if there == **key => {}
            Some(_) => {
                return Err(DeployError::OtherKey {
                    registry,
                    slot: slot.to_string(),
                });
            }
        }
    }
    // the batch call sets the joining keys too and reverts if they are there: only for a new registry
    let calls = if missing.len() == slots.len() {
        vec![("all verifying keys".to_owned(), batch_call(keys))]
    } else {
        missing
            .into_iter()
            .map(|(slot, key)| (format!("verifying key {slot}"), single_call(slot, key)))
            .collect()
    };
    for (what, data) in calls {
        let purpose = Purpose::new(format!("registry {registry}: {what}"));
        submit
            .submit(Call {
                purpose,
                to: Some(registry),
                data,
            })
            .await?;
    }
    Ok(())
}

fn batch_call(keys: &KeySet) -> Vec<u8> {
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

fn single_call(slot: KeySlot, key: &VerifyingKey) -> Vec<u8> {
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
