use alloy::primitives::Bytes;
use alloy::sol_types::SolCall;
use maci_chain::contracts::maci::IMaci;
use maci_chain::logs::{ContractEvent, decode};
use maci_chain::send::{Call, Purpose, Submit};
use maci_chain::words::word;
use maci_crypto::keys::PublicKey;
use maci_protocol::ids::{EthAddress, StateIndex};

use super::VoterError;

/// Registers a key with MACI (whose policy lets everybody in) and answers its place in the sign-up tree.
///
/// # Errors
/// When the key has signed up before, or the transaction does not land.
pub async fn sign_up(submit: &dyn Submit, maci: EthAddress, key: &PublicKey) -> Result<StateIndex, VoterError> {
    let point = key.point();
    let call = IMaci::signUpCall {
        _publicKey: IMaci::PublicKey {
            x: word(&point.x),
            y: word(&point.y),
        },
        _signUpPolicyData: Bytes::new(),
    };
    let purpose = Purpose::new(format!("sign up {} with MACI {maci}", key.serialize()));
    let landed = submit
        .submit(Call {
            purpose,
            to: Some(maci),
            data: call.abi_encode(),
        })
        .await?;
    for log in landed.logs.iter().filter(|log| log.address == maci) {
        if let Some(ContractEvent::SignUp { state_index, .. }) = decode(log)? {
            return Ok(state_index);
        }
    }
    Err(VoterError::NoEvent("SignUp"))
}
