//! A small poll for tests, made with our own keys and commands.

use maci_crypto::Fr;
use maci_crypto::keys::PrivateKey;

use crate::ids::{ChainId, EthAddress, PollId, PollRef, StateIndex};
use crate::poll::{Mode, PollConfig, PollParameters, TreeDepths};
use crate::replay::CoordinatorKey;
use crate::salts::DerivedSalts;
use crate::state::{PollEvent, PollState};
use crate::vote::{Command, Message, StateLeaf};

pub(crate) const CREDITS: u64 = 100;

/// A poll of three voters with a hundred credits each: state depth 3, batches of 4 messages and of
/// 2 ballots, five options.
pub(crate) struct Scripted {
    pub(crate) config: PollConfig,
    pub(crate) events: Vec<PollEvent>,
}

pub(crate) fn coordinator() -> PrivateKey {
    PrivateKey::from_seed([7; 32])
}

pub(crate) fn voter(number: u8) -> PrivateKey {
    PrivateKey::from_seed([number; 32])
}

impl Scripted {
    /// The poll with its voters and no message but the placeholder.
    pub(crate) fn new(mode: Mode) -> Self {
        let config = PollConfig::new(PollParameters {
            poll: PollRef {
                chain: ChainId(31337),
                maci: EthAddress([0x22; 20]),
                poll: PollId(0),
            },
            mode,
            depths: TreeDepths::new(1, 1, 3).unwrap(),
            message_batch_size: 4,
            vote_options: 5,
            coordinator_public_key: coordinator().public_key(),
        })
        .unwrap();
        let mut events = vec![PollEvent::Message(Message::placeholder())];
        events.extend((1..=3).map(|number| PollEvent::Joined {
            index: StateIndex(u64::from(number)),
            leaf: StateLeaf {
                public_key: voter(number).public_key().point(),
                voice_credit_balance: Fr::from(CREDITS),
            },
        }));
        Self { config, events }
    }

    /// A voter's vote, keeping its key. Remember that the last message is processed first.
    pub(crate) fn vote(self, number: u8, nonce: u64, option: u64, weight: u64) -> Self {
        self.send(&voter(number), &voter(number), number, [nonce, option, weight])
    }

    /// A vote signed by one key that sets another.
    pub(crate) fn send(
        mut self,
        signer: &PrivateKey,
        next: &PrivateKey,
        leaf: u8,
        [nonce, vote_option_index, new_vote_weight]: [u64; 3],
    ) -> Self {
        let command = Command {
            state_index: StateIndex(u64::from(leaf)),
            new_public_key: next.public_key().point(),
            vote_option_index,
            new_vote_weight,
            nonce,
            poll_id: 0,
            salt: Fr::from(self.events.len() as u64),
        };
        let one_time = PrivateKey::from_seed([100 + self.events.len() as u8; 32]);
        let signed = command.sign(signer).unwrap();
        let message = signed.encrypt(&one_time, &coordinator().public_key()).unwrap();
        self.events.push(PollEvent::Message(message));
        self
    }

    pub(crate) fn state(&self) -> PollState {
        PollState::replay(self.config.clone(), self.events.clone()).unwrap()
    }

    pub(crate) fn key(&self) -> CoordinatorKey {
        CoordinatorKey::new(coordinator(), &self.config).unwrap()
    }

    pub(crate) fn salts(&self) -> DerivedSalts {
        DerivedSalts::new(&coordinator(), self.config.poll())
    }
}
