//! One voter, one message, and the two commitments that the message could lead to.

use maci_crypto::curve::Point;
use maci_crypto::eddsa::Signature;
use maci_crypto::keys::PrivateKey;
use maci_crypto::{Fr, ecdh, poseidon};
use maci_protocol::statement::{ProcessStatement, sb_commitment};
use maci_protocol::vote::{Plaintext, SignedCommand, ballot_hash};
use maci_protocol::*;
use maci_proving::witness::Inputs;

use crate::circuit::{Circuit, NoWitness};

/// The one leaf besides the blank one.
const VOTER: StateIndex = StateIndex(1);
const OPTION: u64 = 3;

/// What a voter attempts, by default an honest vote in a QV poll.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) mode: Mode,
    /// The voter's leaf.
    pub(crate) leaf: StateLeaf,
    pub(crate) weight: u64,
    /// Who signs; without a signer the signature is the one given.
    pub(crate) signer: Result<PrivateKey, Signature>,
    pub(crate) change_signature: fn(Signature) -> Signature,
    pub(crate) encryption_public_key: Point,
    /// What the message is encrypted with.
    pub(crate) shared_key: Point,
}

pub(crate) fn coordinator() -> PrivateKey {
    PrivateKey::from_seed([7; 32])
}

pub(crate) fn voter() -> PrivateKey {
    PrivateKey::from_seed([8; 32])
}

fn one_time() -> PrivateKey {
    PrivateKey::from_seed([9; 32])
}

impl Attempt {
    pub(crate) fn honest(mode: Mode) -> Self {
        let encryption_public_key = one_time().public_key().point();
        Self {
            mode,
            leaf: StateLeaf {
                public_key: voter().public_key().point(),
                voice_credit_balance: Fr::from(if mode == Mode::Full { 5 } else { 100 }),
            },
            weight: 5,
            signer: Ok(voter()),
            change_signature: |signature| signature,
            encryption_public_key,
            shared_key: product(&encryption_public_key),
        }
    }

    pub(crate) fn with_leaf(mut self, public_key: Point) -> Self {
        self.leaf.public_key = public_key;
        self
    }

    pub(crate) fn with_balance(mut self, balance: Fr) -> Self {
        self.leaf.voice_credit_balance = balance;
        self
    }

    /// Encrypted as the coordinator's circuit might decrypt it: with this shared key.
    pub(crate) fn with_encryption(mut self, public_key: Point, shared_key: Point) -> Self {
        self.encryption_public_key = public_key;
        self.shared_key = shared_key;
        self
    }

    fn command(&self) -> Command {
        Command {
            state_index: VOTER,
            new_public_key: Point::BASE8,
            vote_option_index: OPTION,
            new_vote_weight: self.weight,
            nonce: 1,
            poll_id: 0,
            salt: Fr::from(1234u64),
        }
    }

    /// What the coordinator proves of the attempt's message, by replay's judgement, and the judgement.
    pub(crate) fn judge(&self) -> (ProcessStatement, bool) {
        let command = self.command();
        let signature = match &self.signer {
            Ok(signer) => command.clone().sign(signer).unwrap().signature,
            Err(signature) => *signature,
        };
        let signature = (self.change_signature)(signature);
        let plaintext: Plaintext = SignedCommand { command, signature }.plaintext().unwrap();
        let message = Message::seal(&plaintext, &self.shared_key, self.encryption_public_key);
        let config = PollConfig::new(PollParameters {
            poll: PollRef {
                chain: ChainId(31337),
                maci: EthAddress([0x11; 20]),
                poll: PollId(0),
            },
            mode: self.mode,
            depths: TreeDepths::new(1, 1, 3).unwrap(),
            message_batch_size: 1,
            vote_options: 5,
            coordinator_public_key: coordinator().public_key(),
        })
        .unwrap();
        let joined = PollEvent::Joined {
            index: VOTER,
            leaf: self.leaf,
        };
        let events = [
            joined,
            PollEvent::Message(Message::placeholder()),
            PollEvent::Message(message),
        ];
        let state = PollState::replay(config.clone(), events.into()).unwrap();
        let key = CoordinatorKey::new(coordinator(), &config).unwrap();
        let salts = DerivedSalts::new(&coordinator(), config.poll());
        let done = finalise(&state, &key, Profile::Hardened, &salts).unwrap();
        let batch = &done.process[0];
        (batch.statement.clone(), batch.verdicts[0].verdict.is_valid())
    }

    /// The commitment behind this batch if the message counted.
    fn commitment_if_valid(&self, statement: &ProcessStatement) -> Fr {
        let slot = &statement.private.slots[0];
        let price = |votes: Fr| if self.mode == Mode::Qv { votes * votes } else { votes };
        let weight = Fr::from(self.weight);
        let leaf = StateLeaf {
            public_key: Point::BASE8,
            voice_credit_balance: slot.leaf.voice_credit_balance + price(slot.vote_weight) - price(weight),
        };
        let [a, b, c, d] = slot.vote_path[0];
        let votes = poseidon::hash5(&[a, b, c, weight, d]);
        // Index 1: a right child once, then a left one.
        let climb = |leaf: Fr, path: &[Fr]| {
            let (first, rest) = path.split_first().unwrap();
            let parent = poseidon::hash2(*first, leaf);
            rest.iter()
                .fold(parent, |node, sibling| poseidon::hash2(node, *sibling))
        };
        let levels = usize::from(statement.public.actual_state_tree_depth);
        sb_commitment(
            climb(leaf.hash(), &slot.leaf_path[..levels]),
            climb(ballot_hash(1, votes), &slot.ballot_path),
            statement.private.new_sb_salt,
        )
    }

    /// The commitment behind this batch if the message did not count.
    fn commitment_if_invalid(statement: &ProcessStatement) -> Fr {
        let private = &statement.private;
        sb_commitment(
            private.current_state_root,
            private.current_ballot_root,
            private.new_sb_salt,
        )
    }

    /// Shows that the message is provably valid, or provably invalid, and not provably the other.
    pub(crate) fn must_be(&self, valid: bool, what: &str) {
        let (mut statement, judged) = self.judge();
        assert_eq!(judged, valid, "{what}: replay judges otherwise");
        let template = match self.mode {
            Mode::Qv => "MessageProcessorQv",
            Mode::NonQv => "MessageProcessorNonQv",
            Mode::Full => "MessageProcessorFull",
        };
        let circuit = Circuit::of(template, &[3, 1, 1]);
        let prove = |statement: &ProcessStatement| circuit.publics(&Inputs::from(&statement.inputs()));

        let outcomes = [
            Self::commitment_if_invalid(&statement),
            self.commitment_if_valid(&statement),
        ];
        let [outcome, other] = if valid { [outcomes[1], outcomes[0]] } else { outcomes };
        assert_eq!(statement.public.new_sb_commitment, outcome, "{what}");
        let publics = prove(&statement).unwrap_or_else(|error| panic!("{what}: {error:?}"));
        assert_eq!(publics, statement.public.elements(), "{what}");

        statement.public.new_sb_commitment = other;
        let refused = prove(&statement);
        assert!(
            matches!(refused, Err(NoWitness::Asserted | NoWitness::Unsatisfied)),
            "{what}: {refused:?}"
        );
    }
}

/// The ordinary multiple of a point by the coordinator's secret scalar.
pub(crate) fn product(point: &Point) -> Point {
    ecdh::shared_key(&coordinator().secret_scalar(), point)
}
