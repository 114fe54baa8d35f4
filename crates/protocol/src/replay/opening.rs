use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_crypto::keys::SecretScalar;
use rayon::prelude::*;

use crate::circuit::Profile;
use crate::verdict::{NoWitness, PollRules, encryption_key_counts, shared_key, signature_counts};
use crate::vote::{Message, SignedCommand, StateLeaf};

/// A message opened, with its signature checked against the key that its voter joined with.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) signed: SignedCommand,
    /// Whether a message with its encryption key may count.
    pub(super) encryption_key_counts: bool,
    command_hash: Fr,
    profile: Profile,
    checked_key: Point,
    checked: Result<bool, NoWitness>,
}

impl Opened {
    /// Opens a message and checks its signature under the key that the leaf it addresses has in
    /// `leaves`. Most voters never change their key, so this is mostly the key of the moment.
    pub(super) fn new(
        message: &Message,
        coordinator: &SecretScalar,
        rules: &PollRules,
        leaves: &[StateLeaf],
    ) -> Result<Self, NoWitness> {
        let shared = shared_key(rules.profile, coordinator, &message.encryption_public_key)?;
        let plaintext = message.open(&shared);
        let signed = plaintext.command();
        let command_hash = plaintext.command_hash();
        let index = usize::try_from(rules.leaf_index(&signed.command)).unwrap_or(0);
        let leaf = leaves.get(index).unwrap_or(&StateLeaf::BLANK);
        let checked_key = leaf.public_key;
        let checked = signature_counts(rules.profile, &checked_key, command_hash, &signed.signature);
        Ok(Self {
            signed,
            encryption_key_counts: encryption_key_counts(rules.profile, &message.encryption_public_key),
            command_hash,
            profile: rules.profile,
            checked_key,
            checked,
        })
    }

    /// Whether the signature counts under the key that the leaf has when the message's turn comes.
    pub(super) fn signature_counts(&self, key: &Point) -> Result<bool, NoWitness> {
        if *key == self.checked_key {
            return self.checked;
        }
        signature_counts(self.profile, key, self.command_hash, &self.signed.signature)
    }
}

/// Opens all messages, in parallel.
pub(super) fn open_all(
    messages: &[Message],
    coordinator: &SecretScalar,
    rules: &PollRules,
    leaves: &[StateLeaf],
) -> Vec<Result<Opened, NoWitness>> {
    let open = |message| Opened::new(message, coordinator, rules, leaves);
    messages.par_iter().map(open).collect()
}
