use std::collections::BTreeMap;

use maci_crypto::Fr;
use maci_crypto::keys::PrivateKey;

use super::{SaltRole, SaltSlot, Salts};
use crate::statement::CircuitInputs;
use crate::vote::batch_count;

/// Salts that somebody has already used, and another source for all other slots.
///
/// A batch that another tool has put on the chain carries that tool's random salts. They stand in
/// its proof files; the batches it has not reached take theirs from the other source.
pub struct InjectedSalts<S> {
    otherwise: S,
    salts: BTreeMap<(SaltRole, u64), Fr>,
    padding_keys: BTreeMap<u64, PrivateKey>,
}

/// A proof file without the salts that its kind has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("proof {number} has no input `{signal}`; is it a proof file of this circuit?")]
pub struct MissingSalt {
    /// Proof number.
    pub number: u64,
    /// The signal that should hold the salt.
    pub signal: &'static str,
}

impl<S: Salts> InjectedSalts<S> {
    /// No salts yet: all come from `otherwise`.
    pub fn new(otherwise: S) -> Self {
        Self {
            otherwise,
            salts: BTreeMap::new(),
            padding_keys: BTreeMap::new(),
        }
    }

    /// Sets the salt of a slot, named by role and batch number as in [`SaltSlot`].
    pub fn set(&mut self, role: SaltRole, batch: u64, salt: Fr) {
        self.salts.insert((role, batch), salt);
    }

    /// Sets the key of the padding message of a processing batch.
    pub fn set_padding_key(&mut self, batch: u64, key: PrivateKey) {
        self.padding_keys.insert(batch, key);
    }

    /// Takes the salt out of the inputs of processing proof `number`, counted from 0 in proving
    /// order, of a poll with `messages` messages in batches of `batch_size`.
    pub fn add_process_inputs(
        &mut self,
        number: u64,
        inputs: &CircuitInputs,
        messages: u64,
        batch_size: u8,
    ) -> Result<(), MissingSalt> {
        let salt = element(number, inputs, "newSbSalt")?;
        let batch = batch_count(messages, batch_size).saturating_sub(number);
        self.set(SaltRole::StateAndBallots, batch, salt);
        Ok(())
    }

    /// Takes the salts out of the inputs of tally proof `number`, counted from 0.
    pub fn add_tally_inputs(&mut self, number: u64, inputs: &CircuitInputs) -> Result<(), MissingSalt> {
        let results = element(number, inputs, "newResultsRootSalt")?;
        let spent = element(number, inputs, "newSpentVoiceCreditSubtotalSalt")?;
        self.set(SaltRole::TallyResults, number, results);
        self.set(SaltRole::TallySpent, number, spent);
        // Only QV tallies have it.
        if let Some(salt) = inputs.element("newPerVoteOptionSpentVoiceCreditsRootSalt") {
            self.set(SaltRole::TallyPerOptionSpent, number, salt);
        }
        Ok(())
    }
}

fn element(number: u64, inputs: &CircuitInputs, signal: &'static str) -> Result<Fr, MissingSalt> {
    inputs.element(signal).ok_or(MissingSalt { number, signal })
}

impl<S: Salts> Salts for InjectedSalts<S> {
    fn salt(&self, slot: &SaltSlot) -> Fr {
        match self.salts.get(&(slot.role, slot.batch)) {
            Some(salt) => *salt,
            None => self.otherwise.salt(slot),
        }
    }

    fn padding_key(&self, slot: &SaltSlot) -> PrivateKey {
        match self.padding_keys.get(&slot.batch) {
            Some(key) => key.clone(),
            None => self.otherwise.padding_key(slot),
        }
    }
}

impl<S> std::fmt::Debug for InjectedSalts<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InjectedSalts")
            .field("slots", &self.salts.keys())
            .finish_non_exhaustive()
    }
}
