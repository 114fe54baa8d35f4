use alloy::eips::BlockId;
use alloy::primitives::U256;
use maci_crypto::Fr;
use maci_protocol::groth16::{Proof, VerifyingKey};

use super::keys::to_words;
use super::{PollReader, ReadError};
use crate::contracts::keys::IVerifier;
use crate::words::{address, field, word};

impl PollReader {
    /// The public inputs the contract will check the proof of message batch `index` with
    /// (1-based, as `batch_hashes` counts them).
    pub async fn process_inputs(
        &self,
        index: u64,
        new_commitment: &Fr,
        output_hash: &Fr,
    ) -> Result<Vec<Fr>, ReadError> {
        let call = self.message_processor();
        let call = call.getPublicCircuitInputs(U256::from(index), word(new_commitment), word(output_hash));
        let inputs = call.block(BlockId::latest()).call().await;
        let failed = ReadError::calling(
            self.addresses.message_processor,
            self.rpc.chain(),
            "getPublicCircuitInputs",
        );
        Ok(inputs.map_err(failed)?.into_iter().map(field).collect())
    }

    /// The public inputs the contract will check the proof of the tally batch with that starts at
    /// ballot `start`. True only after the processing's commitment was taken over.
    pub async fn tally_inputs(&self, start: u64, new_commitment: &Fr) -> Result<Vec<Fr>, ReadError> {
        let call = self.tally();
        let call = call.getPublicCircuitInputs(U256::from(start), word(new_commitment));
        let inputs = call.block(BlockId::latest()).call().await;
        let failed = ReadError::calling(self.addresses.tally, self.rpc.chain(), "getPublicCircuitInputs");
        Ok(inputs.map_err(failed)?.into_iter().map(field).collect())
    }

    /// Whether the poll's own verifier accepts a proof.
    pub async fn verifier_accepts(&self, key: &VerifyingKey, proof: &Proof, inputs: &[Fr]) -> Result<bool, ReadError> {
        let verifier = self.external().verifier;
        let contract = IVerifier::new(address(verifier), self.rpc.provider().clone());
        let proof = proof.to_solidity().map(U256::from_be_bytes);
        let call = contract.verify(proof, to_words(key), inputs.iter().map(word).collect());
        let accepted = call.block(BlockId::latest()).call().await;
        accepted.map_err(ReadError::calling(verifier, self.rpc.chain(), "verify"))
    }
}
