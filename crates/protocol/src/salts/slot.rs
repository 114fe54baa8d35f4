use maci_crypto::Fr;
use maci_crypto::keys::PrivateKey;

/// What a salt is for. The numbers enter the derivation and never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SaltRole {
    /// The commitment to state and ballots after a processing batch.
    StateAndBallots = 1,
    /// The commitment to the votes per option after a tally batch.
    TallyResults = 2,
    /// The commitment to all credits spent after a tally batch.
    TallySpent = 3,
    /// The commitment to the credits spent per option after a tally batch; QV only.
    TallyPerOptionSpent = 4,
    /// Not a salt but the key of the message that fills up a processing batch.
    PaddingKey = 5,
}

/// One place where a salt is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SaltSlot {
    /// What for.
    pub role: SaltRole,
    /// The batch: in processing the contracts' number, from **1** in the order of publication; in
    /// the tally the proof's number, from 0.
    pub batch: u64,
    /// The message chain's hash at the batch's end; in the tally, at the poll's end.
    pub chain_hash: Fr,
}

/// A source of salts for one poll. The same slot must always get the same answer.
pub trait Salts: Sync {
    /// The salt for a slot.
    fn salt(&self, slot: &SaltSlot) -> Fr;

    /// The key of the padding message for a slot; never published, decides nothing.
    fn padding_key(&self, slot: &SaltSlot) -> PrivateKey;
}
