use ark_ff::{BigInt, PrimeField};
use maci_crypto::curve::Point;
use maci_crypto::eddsa::{self, Signature};
use maci_crypto::keys::{PrivateKey, PublicKey};
use maci_crypto::{Fr, cipher, ecdh, poseidon};

use super::Message;
use crate::ids::StateIndex;

/// Bits of every number in a command.
const FIELD_BITS: u32 = 50;
const FIELD_MASK: u64 = (1 << FIELD_BITS) - 1;

/// Field elements under the encryption: packed numbers, new key, salt, signature.
pub(crate) const PLAINTEXT_LENGTH: usize = 7;

/// What a voter wants: one vote, and the key that may change it from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The voter's leaf in the poll's state tree.
    pub state_index: StateIndex,
    /// The key that replaces the voter's; any pair, the circuits do not check it.
    pub new_public_key: Point,
    /// The option voted for.
    pub vote_option_index: u64,
    /// Votes for that option from now on, replacing earlier ones.
    pub new_vote_weight: u64,
    /// One more than the ballot's nonce.
    pub nonce: u64,
    /// The poll meant; signed, but compared with nothing by the circuits.
    pub poll_id: u64,
    /// Makes equal commands differ.
    pub salt: Fr,
}

/// A number that does not fit its place in a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {value}, but a command has 50 bits for it")]
pub struct CommandError {
    /// Which number.
    pub field: &'static str,
    /// Its value.
    pub value: u64,
}

/// A command with the voter's signature over its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCommand {
    /// What is wanted.
    pub command: Command,
    /// By the key in the voter's state leaf, if the command is to count.
    pub signature: Signature,
}

/// What a message's ciphertext opens to. Any seven elements are one: there is no invalid form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plaintext(pub [Fr; PLAINTEXT_LENGTH]);

impl Command {
    /// The five numbers in one field element, state index lowest, 50 bits each.
    pub fn pack(&self) -> Result<Fr, CommandError> {
        let fields = [
            ("stateIndex", self.state_index.0),
            ("voteOptionIndex", self.vote_option_index),
            ("newVoteWeight", self.new_vote_weight),
            ("nonce", self.nonce),
            ("pollId", self.poll_id),
        ];
        let shift = Fr::from(1u64 << FIELD_BITS);
        let mut packed = Fr::from(0u64);
        for (field, value) in fields.into_iter().rev() {
            if value > FIELD_MASK {
                return Err(CommandError { field, value });
            }
            packed = packed * shift + Fr::from(value);
        }
        Ok(packed)
    }

    /// The four elements that are hashed and signed.
    pub fn elements(&self) -> Result<[Fr; 4], CommandError> {
        let Point { x, y } = self.new_public_key;
        Ok([self.pack()?, x, y, self.salt])
    }

    /// The hash a voter signs.
    pub fn hash(&self) -> Result<Fr, CommandError> {
        self.elements().map(|elements| poseidon::hash4(&elements))
    }

    /// Signs with the voter's key.
    pub fn sign(self, signer: &PrivateKey) -> Result<SignedCommand, CommandError> {
        let signature = eddsa::sign(signer, self.hash()?);
        Ok(SignedCommand {
            command: self,
            signature,
        })
    }

    /// The numbers of a packed word; bits from 250 on are ignored, as the circuits ignore them.
    fn unpack(packed: Fr) -> [u64; 5] {
        let BigInt([a, b, c, d]) = packed.into_bigint();
        [
            a & FIELD_MASK,
            (a >> 50 | b << 14) & FIELD_MASK,
            (b >> 36 | c << 28) & FIELD_MASK,
            (c >> 22 | d << 42) & FIELD_MASK,
            d >> 8 & FIELD_MASK,
        ]
    }
}

impl SignedCommand {
    /// The elements under the encryption.
    pub fn plaintext(&self) -> Result<Plaintext, CommandError> {
        let [packed, x, y, salt] = self.command.elements()?;
        let Signature { r8, s } = self.signature;
        Ok(Plaintext([packed, x, y, salt, r8.x, r8.y, s]))
    }

    /// Encrypts for the coordinator with a key that is used for this message only.
    pub fn encrypt(&self, one_time: &PrivateKey, coordinator: &PublicKey) -> Result<Message, CommandError> {
        let shared = ecdh::shared_key(&one_time.secret_scalar(), &coordinator.point());
        Ok(Message::seal(
            &self.plaintext()?,
            &shared,
            one_time.public_key().point(),
        ))
    }
}

impl Plaintext {
    /// Reads the elements as a command and its signature.
    pub fn command(&self) -> SignedCommand {
        let Self([packed, x, y, salt, r8_x, r8_y, s]) = *self;
        let [state_index, vote_option_index, new_vote_weight, nonce, poll_id] = Command::unpack(packed);
        SignedCommand {
            command: Command {
                state_index: StateIndex(state_index),
                new_public_key: Point { x, y },
                vote_option_index,
                new_vote_weight,
                nonce,
                poll_id,
                salt,
            },
            signature: Signature {
                r8: Point { x: r8_x, y: r8_y },
                s,
            },
        }
    }

    /// What the signature is over: the packed word as it stands, ignored bits included.
    pub fn command_hash(&self) -> Fr {
        let Self([packed, x, y, salt, ..]) = *self;
        poseidon::hash4(&[packed, x, y, salt])
    }
}

impl Message {
    /// Encrypts elements under a shared key.
    pub fn seal(plaintext: &Plaintext, shared: &Point, encryption_public_key: Point) -> Self {
        let sealed = cipher::encrypt(&plaintext.0, shared, 0);
        Self {
            data: poseidon::padded(&sealed),
            encryption_public_key,
        }
    }

    /// Decrypts as the circuits do, without looking at padding and tag.
    pub fn open(&self, shared: &Point) -> Plaintext {
        let opened = cipher::decrypt_unchecked(&self.data, shared, 0, PLAINTEXT_LENGTH);
        // Ten elements are the ciphertext of seven, so there is always a plaintext.
        Plaintext(poseidon::padded(&opened.unwrap_or_default()))
    }
}
