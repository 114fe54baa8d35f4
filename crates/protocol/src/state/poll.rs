use maci_crypto::Fr;
use maci_crypto::constants::BLANK_LEAF_HASH;
use maci_crypto::trees::{Arity, LazyTree, TreeError, Zeros};
use rayon::prelude::*;

use super::PollEvent;
use crate::ids::{PollRef, StateIndex};
use crate::poll::PollConfig;
use crate::statement::sb_commitment;
use crate::vote::{Message, MessageChain, StateLeaf, empty_ballot_hash};

/// A poll as its events have made it: who joined, what was published, and the contract's hashes.
#[derive(Debug, Clone)]
pub struct PollState {
    config: PollConfig,
    leaves: Vec<StateLeaf>,
    tree: LazyTree,
    messages: Vec<Message>,
    chain: MessageChain,
    /// Root of the ballot tree while all ballots are empty.
    empty_ballot_root: Fr,
}

/// An event that cannot be the next one of this poll: something is missing, or invented.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AbsorbError {
    /// Leaves come in order.
    #[error("{poll}: a voter joined as leaf {found}, but leaf {expected} is next; an event is missing or doubled")]
    LeafOutOfTurn {
        /// Which poll.
        poll: PollRef,
        /// The next free place.
        expected: StateIndex,
        /// The place the event names.
        found: StateIndex,
    },
    /// The first message is not the one that every poll is deployed with.
    #[error("{poll}: the first message is not the placeholder; events from before it are missing")]
    NoPlaceholder {
        /// Which poll.
        poll: PollRef,
    },
    /// More voters than the tree has leaves.
    #[error("{poll}: more voters than its state tree of depth {depth} has leaves")]
    TooManyVoters {
        /// Which poll.
        poll: PollRef,
        /// The tree's depth.
        depth: u8,
    },
}

impl PollState {
    /// A poll before its first event: nobody but the blank leaf, no message.
    ///
    /// # Errors
    /// Never for depths that [`crate::TreeDepths`] accepts.
    pub fn new(config: PollConfig) -> Result<Self, TreeError> {
        let mut tree = LazyTree::new(BLANK_LEAF_HASH)?;
        tree.push(BLANK_LEAF_HASH)?;
        let empty_ballot = empty_ballot_hash(config.depths().vote_option_tree())?;
        let ballots = Zeros::new(Arity::Binary, config.depths().state_tree(), empty_ballot)?;
        Ok(Self {
            leaves: vec![StateLeaf::BLANK],
            tree,
            messages: Vec::new(),
            chain: MessageChain::new(config.message_batch_size()),
            empty_ballot_root: ballots.root(),
            config,
        })
    }

    /// The state after all of `events`, in the ledger's order.
    ///
    /// # Errors
    /// At the first event that cannot be the next one.
    pub fn replay(config: PollConfig, events: Vec<PollEvent>) -> Result<Self, AbsorbError> {
        let poll = config.poll();
        let depth = config.depths().state_tree();
        let mut state = Self::new(config).map_err(|_| AbsorbError::TooManyVoters { poll, depth })?;
        state.absorb_all(events)?;
        Ok(state)
    }

    /// Takes in the next event.
    ///
    /// # Errors
    /// When the event cannot be the next one; the state is then unchanged.
    pub fn absorb(&mut self, event: PollEvent) -> Result<(), AbsorbError> {
        let hash = hash(&event);
        self.absorb_hashed(event, hash)
    }

    /// Takes in many events, hashing them on all cores first.
    ///
    /// # Errors
    /// At the first event that cannot be the next one; those before it stay.
    pub fn absorb_all(&mut self, events: Vec<PollEvent>) -> Result<(), AbsorbError> {
        let hashes: Vec<Fr> = events.par_iter().map(hash).collect();
        let mut hashed = events.into_iter().zip(hashes);
        hashed.try_for_each(|(event, hash)| self.absorb_hashed(event, hash))
    }

    fn absorb_hashed(&mut self, event: PollEvent, hash: Fr) -> Result<(), AbsorbError> {
        match event {
            PollEvent::Joined { index, leaf } => self.join(index, leaf, hash),
            PollEvent::Message(message) => self.publish(message, hash),
        }
    }

    fn join(&mut self, index: StateIndex, leaf: StateLeaf, hash: Fr) -> Result<(), AbsorbError> {
        let (poll, depth) = (self.config.poll(), self.config.depths().state_tree());
        let expected = StateIndex(self.leaves.len() as u64);
        if index != expected {
            return Err(AbsorbError::LeafOutOfTurn {
                poll,
                expected,
                found: index,
            });
        }
        let full = AbsorbError::TooManyVoters { poll, depth };
        if expected.0 >= self.config.depths().state_leaf_capacity() {
            return Err(full);
        }
        self.tree.push(hash).map_err(|_| full)?;
        self.leaves.push(leaf);
        Ok(())
    }

    fn publish(&mut self, message: Message, hash: Fr) -> Result<(), AbsorbError> {
        if self.messages.is_empty() && message != Message::placeholder() {
            return Err(AbsorbError::NoPlaceholder {
                poll: self.config.poll(),
            });
        }
        self.chain.push(hash);
        self.messages.push(message);
        Ok(())
    }

    /// The poll's parameters.
    pub fn config(&self) -> &PollConfig {
        &self.config
    }

    /// Everybody who joined, the blank leaf first: the contract's `totalSignups` of them.
    pub fn leaves(&self) -> &[StateLeaf] {
        &self.leaves
    }

    /// All messages, the placeholder first: the contract's `numMessages` of them.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The message chain, with the contract's batch hashes.
    pub fn chain(&self) -> &MessageChain {
        &self.chain
    }

    /// The state tree as the contract keeps it.
    pub fn tree(&self) -> &LazyTree {
        &self.tree
    }

    /// The state tree's root if the poll were merged now: the contract's `mergedStateRoot`.
    pub fn state_root(&self) -> Fr {
        self.tree.root()
    }

    /// Levels of the state tree that leaves fill: the contract's `actualStateTreeDepth`.
    pub fn actual_state_tree_depth(&self) -> u8 {
        self.tree.depth()
    }

    /// The ballot tree's root before any vote is counted.
    pub fn empty_ballot_root(&self) -> Fr {
        self.empty_ballot_root
    }

    /// The contract's `currentSbCommitment` right after merging.
    pub fn initial_sb_commitment(&self) -> Fr {
        sb_commitment(self.state_root(), self.empty_ballot_root, Fr::from(0u64))
    }

    /// How many proofs of messages the poll will need.
    pub fn process_batch_count(&self) -> u64 {
        self.chain.batch_count()
    }

    /// How many proofs of ballots the poll will need.
    pub fn tally_batch_count(&self) -> u64 {
        self.leaves.len().div_ceil(self.config.depths().tally_batch_size()) as u64
    }
}

fn hash(event: &PollEvent) -> Fr {
    match event {
        PollEvent::Joined { leaf, .. } => leaf.hash(),
        PollEvent::Message(message) => message.hash(),
    }
}
