//! Fixed values of the protocol (section 1).

use crate::Fr;
use crate::curve::Point;
use ark_ff::MontFp;

/// Nothing up my sleeve: keccak256("Maci") mod p. Starts every message chain.
pub const NUMS: Fr = MontFp!("8370432830353022751713833565135785980866757267633941821328460903436894336785");

/// The key of the blank leaf. Nobody knows its private key.
pub const PAD_KEY: Point = Point {
    x: MontFp!("10457101036533406547632367118273992217979173478358440826365724437999023779287"),
    y: MontFp!("19824078218392094440610104313265183977899662750282163392862422243483260492317"),
};

/// `H2(PAD_KEY.x, PAD_KEY.y)`: leaf 0 of the sign-up tree.
pub const PAD_KEY_HASH: Fr = MontFp!("1309255631273308531193241901289907343161346846555918942743921933037802809814");

/// `H3(PAD_KEY.x, PAD_KEY.y, 0)`: leaf 0 and zero value of the poll state tree.
pub const BLANK_LEAF_HASH: Fr =
    MontFp!("11672248758340751985123309654953904206381780234474872690580702076708041504880");

/// Children per node of the sign-up, state and ballot trees.
pub const STATE_TREE_ARITY: u64 = 2;

/// Children per node of vote option trees and result trees.
pub const VOTE_OPTION_TREE_ARITY: u64 = 5;

/// Field elements in a message.
pub const MESSAGE_LENGTH: usize = 10;
