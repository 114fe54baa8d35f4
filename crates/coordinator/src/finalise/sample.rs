//! A small poll that nobody voted in, replayed: one message batch, and two ballot batches.

use maci_chain::reader::{Merged, Processing, Standing, Tallying};
use maci_crypto::Fr;
use maci_crypto::keys::PrivateKey;
use maci_protocol::circuit::Profile;
use maci_protocol::ids::{BlockNumber, ChainId, EthAddress, PollId, PollRef, StateIndex};
use maci_protocol::ledger::BlockStamp;
use maci_protocol::poll::{Mode, PollConfig, PollParameters, TreeDepths};
use maci_protocol::replay::{CoordinatorKey, Finalisation, finalise};
use maci_protocol::salts::Salts;
use maci_protocol::state::{PollEvent, PollState};
use maci_protocol::vote::{Message, StateLeaf};

/// Its coordinator's key.
pub(super) fn coordinator() -> PrivateKey {
    PrivateKey::from_seed([7; 32])
}

/// Its history: three voters joined.
pub(super) fn state() -> PollState {
    let config = PollConfig::new(PollParameters {
        poll: PollRef {
            chain: ChainId(31_337),
            maci: EthAddress([0x22; 20]),
            poll: PollId(0),
        },
        mode: Mode::Qv,
        depths: TreeDepths::new(1, 1, 3).unwrap(),
        message_batch_size: 4,
        vote_options: 5,
        coordinator_public_key: coordinator().public_key(),
    });
    let joined = (1..=3).map(|number: u8| PollEvent::Joined {
        index: StateIndex(u64::from(number)),
        leaf: StateLeaf {
            public_key: PrivateKey::from_seed([number; 32]).public_key().point(),
            voice_credit_balance: Fr::from(100u64),
        },
    });
    let placeholder = PollEvent::Message(Message::placeholder());
    let events = std::iter::once(placeholder).chain(joined).collect();
    PollState::replay(config.unwrap(), events).unwrap()
}

pub(super) fn key(state: &PollState) -> CoordinatorKey {
    CoordinatorKey::new(coordinator(), state.config()).unwrap()
}

/// Everything that is proven about it with these salts.
pub(super) fn batches(state: &PollState, salts: &dyn Salts) -> Finalisation {
    finalise(state, &key(state), Profile::Hardened, salts).unwrap()
}

/// The poll on its chain, merged, with so many message batches and ballot batches of a plan accepted.
pub(super) fn standing(state: &PollState, plan: &Finalisation, processed: usize, tallied: usize) -> Standing {
    let commitment = |done: usize, of: &dyn Fn(usize) -> Fr| done.checked_sub(1).map_or(Fr::from(0u64), of);
    Standing {
        at: BlockStamp {
            number: BlockNumber(9),
            hash: [9; 32],
            timestamp: 0,
        },
        leaves: state.leaves().len() as u64,
        messages: state.chain().len(),
        chain_hash: state.chain().head(),
        batch_hashes: state.chain().batch_hashes().to_vec(),
        padded: false,
        merged: Some(Merged {
            state_root: state.state_root(),
            commitment: state.initial_sb_commitment(),
            actual_state_tree_depth: state.actual_state_tree_depth(),
        }),
        processing: Processing {
            batches: processed as u64,
            current_batch_index: 0,
            complete: processed == plan.process.len(),
            commitment: commitment(processed, &|last| plan.process[last].statement.public.new_sb_commitment),
        },
        tallying: Tallying {
            batches: tallied as u64,
            commitment: commitment(tallied, &|last| plan.tally[last].statement.public.new_tally_commitment),
            sb_commitment: Fr::from(0u64),
            complete: tallied == plan.tally.len(),
            results: 0,
            total_spent: Fr::from(0u64),
        },
    }
}
