use alloy::sol_types::SolCall;
use maci_chain::contracts::poll::IPoll;
use maci_chain::reader::PollReader;
use maci_chain::send::{Call, Purpose, Submit};
use maci_chain::words::word;
use maci_crypto::Fr;
use maci_crypto::keys::{PrivateKey, PublicKey};
use maci_protocol::ids::TxHash;
use maci_protocol::vote::Command;

use super::VoterError;
use super::join::place_of;

/// A vote.
#[derive(Debug, Clone, Copy)]
pub struct Vote {
    /// The option.
    pub option: u64,
    /// The weight.
    pub weight: u64,
    /// 1 for the vote that is published last, one more for each published before it.
    pub nonce: u64,
}

/// Publishes an encrypted vote. `one_time` encrypts it and must never be used again; `salt` hides the command.
///
/// # Errors
/// When the key has not joined or the transaction does not land.
pub async fn vote(
    submit: &dyn Submit,
    reader: &PollReader,
    key: &PrivateKey,
    new_key: PublicKey,
    vote: Vote,
    (one_time, salt): (&PrivateKey, Fr),
) -> Result<TxHash, VoterError> {
    let config = reader.config();
    let state_index = place_of(reader, &key.public_key()).await?;
    let command = Command {
        state_index,
        new_public_key: new_key.point(),
        vote_option_index: vote.option,
        new_vote_weight: vote.weight,
        nonce: vote.nonce,
        poll_id: config.poll().poll.0,
        salt,
    };
    let message = command.sign(key)?.encrypt(one_time, config.coordinator_public_key())?;
    let encryption = message.encryption_public_key;
    let call = IPoll::publishMessageCall {
        _message: IPoll::Message {
            data: message.data.each_ref().map(word),
        },
        _encryptionPublicKey: IPoll::PublicKey {
            x: word(&encryption.x),
            y: word(&encryption.y),
        },
    };
    let poll = reader.addresses().poll;
    // the encryption key is drawn anew for every vote, so every vote is a purpose of its own
    let purpose = Purpose::new(format!(
        "publish in poll {poll} under {}",
        one_time.public_key().serialize()
    ));
    Ok(submit
        .submit(Call {
            purpose,
            to: Some(poll),
            data: call.abi_encode(),
        })
        .await?
        .transaction)
}
