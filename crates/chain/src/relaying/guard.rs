//! The guard: a contract registered as the poll's relayer that relays for its owner, and only where it is safe.
//!
//! It takes `poll ‖ batch size ‖ (most ‖ length ‖ calldata)*`, each of the first four a word. For each piece it asks the
//! poll for `numMessages()`, reverts if that number modulo the batch size is above `most`, and calls the poll with the
//! calldata. Question and call are one transaction, so nobody can publish in between. If one piece cannot be done, none is.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolCall;
use maci_protocol::ids::EthAddress;

use crate::contracts::poll::IPoll;
use crate::send::{Call, Purpose};
use crate::words::{address, eth_address};

/// The contract that deploys others at addresses that follow from their code, the same on almost every chain.
const FACTORY: Address = alloy::primitives::address!("4e59b44847b379578588920cA78FbF26c0B4956C");

/// Bytes of a word.
const WORD: usize = 32;

/// The guard of one owner, on any chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Who may relay through it.
    pub owner: EthAddress,
}

/// One call of the poll that the guard is to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The most messages the poll may have beyond full batches before the call.
    pub(super) most: u64,
    /// Selector and arguments.
    pub(super) calldata: Vec<u8>,
}

impl Guard {
    /// Where it is, or will be. It follows from the owner alone, so a poll can name it as its relayer before it exists.
    #[must_use]
    pub fn address(&self) -> EthAddress {
        eth_address(FACTORY.create2(B256::ZERO, keccak256(self.init_code())))
    }

    /// Makes it, on a chain where it is not yet.
    #[must_use]
    pub fn deployment(&self) -> Call {
        Call {
            purpose: Purpose::new(format!("deploy the relay guard of {}", self.owner)),
            to: Some(eth_address(FACTORY)),
            data: [B256::ZERO.as_slice(), &self.init_code()].concat(),
        }
    }

    /// The guard's arguments for these calls of a poll.
    pub(super) fn arguments(poll: EthAddress, batch_size: u8, pieces: &[Piece]) -> Vec<u8> {
        let mut data = address(poll).into_word().to_vec();
        let mut push = |number: u64| data.extend(U256::from(number).to_be_bytes::<WORD>());
        push(batch_size.into());
        for piece in pieces {
            let mut push = |number: u64| data.extend(U256::from(number).to_be_bytes::<WORD>());
            push(piece.most);
            push(piece.calldata.len() as u64);
            data.extend_from_slice(&piece.calldata);
        }
        data
    }

    /// What makes it: a few instructions that copy what follows them, and the code itself.
    fn init_code(&self) -> Vec<u8> {
        let code = self.code();
        let length = u8::try_from(code.len()).unwrap_or(u8::MAX);
        // PUSH1 length, DUP1, PUSH1 11, PUSH1 0, CODECOPY, PUSH1 0, RETURN
        let copy = [0x60, length, 0x80, 0x60, 0x0b, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3];
        [copy.as_slice(), &code].concat()
    }

    /// The contract's code.
    fn code(&self) -> Vec<u8> {
        let mut code = Assembler::default();
        // only the owner: whoever could relay could name messages that nobody has
        code.push_bytes(&self.owner.0).op(CALLER).op(XOR).jump_if(Label::Refuse);
        code.push(2 * WORD as u8);
        code.label(Label::Next); // [piece]
        code.op(CALLDATASIZE).op(DUP2).op(LT).op(ISZERO).jump_if(Label::Done);
        // numMessages()
        code.push_bytes(&IPoll::numMessagesCall::SELECTOR)
            .push(0xe0)
            .op(SHL)
            .push(0)
            .op(MSTORE);
        code.push(WORD as u8).push(0).push(4).push(0);
        code.push(0).op(CALLDATALOAD).op(GAS).op(STATICCALL);
        code.op(ISZERO).jump_if(Label::Refuse);
        // numMessages % batch size > most?
        code.push(WORD as u8).op(CALLDATALOAD).push(0).op(MLOAD).op(MOD); // [piece, beyond]
        code.op(DUP2).op(CALLDATALOAD).op(LT).jump_if(Label::Refuse); // [piece]
        code.push(WORD as u8).op(ADD).op(DUP1).op(CALLDATALOAD); // [at length, length]
        code.op(SWAP1).push(WORD as u8).op(ADD); // [length, at calldata]
        code.op(DUP2).op(DUP2).push(0).op(CALLDATACOPY);
        code.push(0).push(0).op(DUP4).push(0).push(0);
        code.push(0).op(CALLDATALOAD).op(GAS).op(CALL);
        code.op(ISZERO).jump_if(Label::PassOn); // [length, at calldata]
        code.op(ADD).jump(Label::Next);
        code.label(Label::Done);
        code.op(STOP);
        code.label(Label::Refuse);
        code.push(0).push(0).op(REVERT);
        code.label(Label::PassOn);
        code.op(RETURNDATASIZE).push(0).push(0).op(RETURNDATACOPY);
        code.op(RETURNDATASIZE).push(0).op(REVERT);
        code.finish()
    }
}

/// A place in the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Next,
    Done,
    Refuse,
    PassOn,
}

/// Code being written; jumps are filled in at the end.
#[derive(Debug, Default)]
struct Assembler {
    code: Vec<u8>,
    labels: Vec<(Label, u8)>,
    jumps: Vec<(Label, usize)>,
}

impl Assembler {
    fn op(&mut self, op: u8) -> &mut Self {
        self.code.push(op);
        self
    }

    /// A number of one byte.
    fn push(&mut self, number: u8) -> &mut Self {
        self.push_bytes(&[number])
    }

    /// A number of 1 to 32 bytes.
    fn push_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        let length = u8::try_from(bytes.len()).unwrap_or(1);
        self.code.push(PUSH1 + length - 1);
        self.code.extend_from_slice(bytes);
        self
    }

    fn label(&mut self, label: Label) {
        self.labels
            .push((label, u8::try_from(self.code.len()).unwrap_or(u8::MAX)));
        self.op(JUMPDEST);
    }

    fn jump_if(&mut self, to: Label) {
        self.target(to).op(JUMPI);
    }

    fn jump(&mut self, to: Label) {
        self.target(to).op(JUMP);
    }

    fn target(&mut self, to: Label) -> &mut Self {
        self.jumps.push((to, self.code.len() + 1));
        self.push(0)
    }

    fn finish(mut self) -> Vec<u8> {
        for (to, place) in &self.jumps {
            let found = self.labels.iter().find(|(label, _)| label == to);
            if let (Some((_, target)), Some(byte)) = (found, self.code.get_mut(*place)) {
                *byte = *target;
            }
        }
        self.code
    }
}

const STOP: u8 = 0x00;
const ADD: u8 = 0x01;
const MOD: u8 = 0x06;
const LT: u8 = 0x10;
const ISZERO: u8 = 0x15;
const XOR: u8 = 0x18;
const SHL: u8 = 0x1b;
const CALLER: u8 = 0x33;
const CALLDATALOAD: u8 = 0x35;
const CALLDATASIZE: u8 = 0x36;
const CALLDATACOPY: u8 = 0x37;
const RETURNDATASIZE: u8 = 0x3d;
const RETURNDATACOPY: u8 = 0x3e;
const MLOAD: u8 = 0x51;
const MSTORE: u8 = 0x52;
const JUMP: u8 = 0x56;
const JUMPI: u8 = 0x57;
const GAS: u8 = 0x5a;
const JUMPDEST: u8 = 0x5b;
const PUSH1: u8 = 0x60;
const DUP1: u8 = 0x80;
const DUP2: u8 = 0x81;
const DUP4: u8 = 0x83;
const SWAP1: u8 = 0x90;
const CALL: u8 = 0xf1;
const STATICCALL: u8 = 0xfa;
const REVERT: u8 = 0xfd;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_owner_has_a_guard_of_its_own_and_always_the_same() {
        let guard = |byte| Guard {
            owner: EthAddress([byte; 20]),
        };
        assert_eq!(guard(1).address(), guard(1).address());
        assert_ne!(guard(1).address(), guard(2).address());
        let length = guard(1).code().len();
        assert!(length < 256, "{length} bytes do not fit the jumps");
    }
}
