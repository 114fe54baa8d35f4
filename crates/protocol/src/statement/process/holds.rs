use maci_crypto::{Fr, poseidon};

use super::{ProcessStatement, Slot, sb_commitment};
use crate::circuit::Profile;
use crate::statement::broken::{Broken, ensure};
use crate::statement::path::{binary_root, quinary_root};
use crate::verdict::{Addressed, Checks, PollRules, Verdict, encryption_key_counts, shared_key, signature_counts};
use crate::vote::StateLeaf;

/// State and ballot tree while the batch runs.
struct Roots {
    state: Fr,
    ballots: Fr,
}

impl ProcessStatement {
    /// Checks what the circuit of a profile proves about this batch.
    pub fn holds(&self, profile: Profile) -> Result<(), Broken> {
        self.has_the_circuits_shape()?;
        let Self { public, private, .. } = self;
        let salted = sb_commitment(
            private.current_state_root,
            private.current_ballot_root,
            private.current_sb_salt,
        );
        ensure(
            salted == public.current_sb_commitment,
            Broken::Commitment("the current commitment"),
        )?;
        self.numbers_fit(profile)?;
        ensure(self.end_of_chain() == public.output_batch_hash, Broken::MessageChain)?;
        let coordinator = private.coordinator_private_key.public_key();
        ensure(
            coordinator.hash() == public.coordinator_public_key_hash,
            Broken::Key("the coordinator's public key hash"),
        )?;

        let mut roots = Roots {
            state: private.current_state_root,
            ballots: private.current_ballot_root,
        };
        let rules = PollRules {
            profile,
            mode: self.mode,
            vote_options: public.vote_options,
            state_leaves: public.total_signups,
        };
        for (number, slot) in private.slots.iter().enumerate().rev() {
            roots = self.after(slot, number, &rules, &roots)?;
        }
        ensure(
            sb_commitment(roots.state, roots.ballots, private.new_sb_salt) == public.new_sb_commitment,
            Broken::Commitment("the new commitment"),
        )
    }

    fn has_the_circuits_shape(&self) -> Result<(), Broken> {
        let state_levels = usize::from(self.state_tree_depth);
        let slots = &self.private.slots;
        ensure(
            slots.len() == usize::from(self.message_batch_size),
            Broken::Shape("messages"),
        )?;
        ensure(
            slots.iter().all(|slot| slot.leaf_path.len() == state_levels),
            Broken::Shape("currentStateLeavesPathElements"),
        )?;
        ensure(
            slots.iter().all(|slot| slot.ballot_path.len() == state_levels),
            Broken::Shape("currentBallotsPathElements"),
        )?;
        ensure(
            slots
                .iter()
                .all(|slot| slot.vote_path.len() == usize::from(self.vote_option_tree_depth)),
            Broken::Shape("currentVoteWeightsPathElements"),
        )
    }

    fn numbers_fit(&self, profile: Profile) -> Result<(), Broken> {
        let public = &self.public;
        // upstream's circuits take a batch that ends before it begins for an empty one; ours have no witness
        let messages = public.batch_end_index.checked_sub(public.index);
        let fits = messages.is_some_and(|messages| messages <= u64::from(self.message_batch_size));
        ensure(fits || profile != Profile::Hardened, Broken::Range("batchEndIndex"))?;
        let options = 5u64.pow(u32::from(self.vote_option_tree_depth));
        ensure(public.vote_options <= options, Broken::Range("voteOptions"))?;
        let leaves = 1u64 << self.state_tree_depth.min(63);
        ensure(public.total_signups <= leaves, Broken::Range("totalSignups"))?;
        ensure(
            public.actual_state_tree_depth <= self.state_tree_depth,
            Broken::Range("actualStateTreeDepth"),
        )
    }

    fn end_of_chain(&self) -> Fr {
        let public = &self.public;
        let real = public.batch_end_index.saturating_sub(public.index);
        let hashed = usize::try_from(real).unwrap_or(usize::MAX);
        let messages = self.private.slots.iter().take(hashed);
        messages.fold(self.private.input_batch_hash, |chain, slot| {
            poseidon::hash2(chain, slot.message.hash())
        })
    }

    /// Whether a slot holds one of the poll's messages, rather than padding.
    fn is_message(&self, number: usize) -> bool {
        let public = &self.public;
        (number as u64) < public.batch_end_index.saturating_sub(public.index)
    }

    /// Runs one message: what it addresses is in the trees, and so is what it leaves.
    fn after(&self, slot: &Slot, number: usize, rules: &PollRules, before: &Roots) -> Result<Roots, Broken> {
        let no_witness = |reason| Broken::NoWitness { slot: number, reason };
        let coordinator = &self.private.coordinator_private_key;
        let key = shared_key(rules.profile, coordinator, &slot.message.encryption_public_key).map_err(no_witness)?;
        let plaintext = slot.message.open(&key);
        let signed = plaintext.command();
        let command = &signed.command;

        let signature_counts = signature_counts(
            rules.profile,
            &slot.leaf.public_key,
            plaintext.command_hash(),
            &signed.signature,
        )
        .map_err(no_witness)?;
        let encryption_key_counts = encryption_key_counts(rules.profile, &slot.message.encryption_public_key);
        let checks = Checks {
            encryption_key_counts,
            signature_counts,
        };
        let addressed = Addressed {
            leaf: slot.leaf,
            nonce: slot.nonce,
            votes: slot.vote_weight,
        };
        let verdict = rules.judge(command, &addressed, checks).map_err(no_witness)?;

        let option = rules.option_index(command);
        if rules.profile == Profile::Hardened && !self.is_message(number) {
            // in our circuits a slot beyond the last message never counts, whatever is in it
            self.expect_members(slot, number, 0, option, before)?;
            return Ok(Roots { ..*before });
        }
        let leaf_index = rules.leaf_index(command);
        self.expect_members(slot, number, leaf_index, option, before)?;
        Ok(match verdict {
            Verdict::Invalid(_) => Roots { ..*before },
            Verdict::Valid { balance } => {
                let leaf = StateLeaf {
                    public_key: command.new_public_key,
                    voice_credit_balance: balance,
                };
                let weight = Fr::from(command.new_vote_weight);
                let votes = quinary_root(weight, option, &slot.vote_path);
                let ballot = poseidon::hash2(slot.nonce + Fr::from(1u64), votes);
                Roots {
                    state: self.state_root(leaf.hash(), leaf_index, slot),
                    ballots: binary_root(ballot, leaf_index, &slot.ballot_path),
                }
            }
        })
    }

    fn expect_members(&self, slot: &Slot, number: usize, leaf: u64, option: u64, roots: &Roots) -> Result<(), Broken> {
        let missing = |what| Broken::Membership { slot: number, what };
        ensure(
            self.state_root(slot.leaf.hash(), leaf, slot) == roots.state,
            missing("the state leaf"),
        )?;
        let ballot = poseidon::hash2(slot.nonce, slot.vote_root);
        ensure(
            binary_root(ballot, leaf, &slot.ballot_path) == roots.ballots,
            missing("the ballot"),
        )?;
        ensure(
            quinary_root(slot.vote_weight, option, &slot.vote_path) == slot.vote_root,
            missing("the vote"),
        )
    }

    /// The state tree's root, taken at the level that leaves fill.
    fn state_root(&self, leaf: Fr, index: u64, slot: &Slot) -> Fr {
        let filled = usize::from(self.public.actual_state_tree_depth);
        let siblings = slot.leaf_path.get(..filled).unwrap_or(&slot.leaf_path);
        binary_root(leaf, index, siblings)
    }
}
