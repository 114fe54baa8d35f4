use alloy::primitives::{Bytes, U256};
use alloy::sol_types::SolCall;
use maci_chain::contracts::maci::IMaci;
use maci_chain::contracts::poll::IPoll;
use maci_chain::logs::{ContractEvent, LogFilter, LogReader, Window, decode};
use maci_chain::reader::{PollReader, ReadError};
use maci_chain::send::{Call, Purpose, Submit};
use maci_chain::words::{address, field, word};
use maci_crypto::constants::PAD_KEY_HASH;
use maci_crypto::keys::{PrivateKey, PublicKey};
use maci_crypto::trees::LeanImt;
use maci_protocol::ids::StateIndex;
use maci_protocol::statement::PollJoiningStatement;
use maci_proving::Prover;

use super::VoterError;

/// Joins a poll with a proof that the key has signed up, and answers its place in the poll's state tree.
///
/// # Errors
/// When the key has not signed up, has joined already, or the proof or the transaction fails.
pub async fn join(
    submit: &dyn Submit,
    reader: &PollReader,
    prover: &Prover,
    key: &PrivateKey,
) -> Result<StateIndex, VoterError> {
    let (config, maci) = (reader.config(), reader.config().poll().maci);
    let tree = sign_ups(reader).await?;
    let public = key.public_key();
    let hash = public.hash();
    let place = tree
        .leaves()
        .iter()
        .position(|leaf| *leaf == hash)
        .ok_or(VoterError::NotSignedUp(maci))?;
    let proof = tree.proof(place as u64)?;
    let statement = PollJoiningStatement::new(
        config.depths().state_tree(),
        key.secret_scalar(),
        &proof,
        config.poll().poll,
    )?;
    let made = tokio::task::block_in_place(|| prover.prove(&statement.inputs(), &statement.public.elements()))?;

    let point = public.point();
    let call = IPoll::joinPollCall {
        _nullifier: word(&statement.public.nullifier),
        _publicKey: IPoll::PublicKey {
            x: word(&point.x),
            y: word(&point.y),
        },
        _stateRootIndex: U256::from(tree.len() - 1),
        _proof: made.proof().to_solidity().map(U256::from_be_bytes),
        _signUpPolicyData: Bytes::new(),
        _initialVoiceCreditProxyData: Bytes::new(),
    };
    let poll = reader.addresses().poll;
    let purpose = Purpose::new(format!("join poll {poll} with {}", public.serialize()));
    let landed = submit
        .submit(Call {
            purpose,
            to: Some(poll),
            data: call.abi_encode(),
        })
        .await?;
    for log in landed.logs.iter().filter(|log| log.address == poll) {
        if let Some(ContractEvent::PollJoined { state_index, .. }) = decode(log)? {
            return Ok(state_index);
        }
    }
    Err(VoterError::NoEvent("PollJoined"))
}

/// The place at which a key joined.
pub(super) async fn place_of(reader: &PollReader, key: &PublicKey) -> Result<StateIndex, VoterError> {
    let (poll, point) = (reader.addresses().poll, key.point());
    for event in all_events(reader, poll).await? {
        if let ContractEvent::PollJoined { key, state_index, .. } = event
            && key == point
        {
            return Ok(state_index);
        }
    }
    Err(VoterError::NotJoined(poll))
}

/// MACI's tree of sign-ups, checked against the contract's root.
async fn sign_ups(reader: &PollReader) -> Result<LeanImt, VoterError> {
    let maci = reader.config().poll().maci;
    let mut tree = LeanImt::from_leaves(&[PAD_KEY_HASH]);
    for event in all_events(reader, maci).await? {
        if let ContractEvent::SignUp { key, .. } = event {
            tree.push(maci_crypto::poseidon::hash2(key.x, key.y));
        }
    }
    let contract = IMaci::new(address(maci), reader.rpc().provider().clone());
    let root = contract
        .getStateTreeRoot()
        .call()
        .await
        .map_err(|_| ReadError::NotMaci {
            address: maci,
            chain: reader.rpc().chain(),
            call: "getStateTreeRoot",
        })?;
    if tree.root() == Some(field(root)) {
        Ok(tree)
    } else {
        Err(VoterError::OtherRoot)
    }
}

async fn all_events(
    reader: &PollReader,
    contract: maci_protocol::ids::EthAddress,
) -> Result<Vec<ContractEvent>, VoterError> {
    let rpc = reader.rpc();
    let head = rpc.head().await?.number;
    let birth = rpc.birth_of(contract).await?;
    let Some(mut from) = birth else { return Ok(Vec::new()) };
    let mut logs = LogReader::new(
        rpc.clone(),
        LogFilter {
            addresses: vec![contract],
        },
        Window::default(),
    );
    let mut events = Vec::new();
    while from <= head {
        let stretch = logs.next(from, head).await?;
        for log in &stretch.logs {
            events.extend(decode(log)?);
        }
        from.0 = stretch.upto.number.0.saturating_add(1);
    }
    Ok(events)
}
