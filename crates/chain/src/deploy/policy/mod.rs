//! Who may sign up or join: every policy of the official package, as a table.
//!
//! - `table`      the policies, a row each: names, folders, what the checker is made with
//! - `argument`   one value a checker is made with: how it is written and how it is encoded
//! - `parse`      a policy read from JSON, with every complaint at once
mod argument;
mod parse;
mod table;

pub use argument::ArgumentKind;
pub use table::{Argument, PolicyName};

use alloy::dyn_abi::DynSolValue;
use maci_protocol::ids::EthAddress;

use crate::artifacts::ContractSource;
use crate::words::eth_address;

/// A policy that can be deployed: its name, and what its checker is made with.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    name: PolicyName,
    /// One value per argument of the row, in the factory's order.
    values: Vec<DynSolValue>,
}

impl Policy {
    /// Everybody may pass.
    #[must_use]
    pub fn free_for_all() -> Self {
        Self {
            name: PolicyName::FreeForAll,
            values: Vec::new(),
        }
    }

    /// Which policy it is.
    #[must_use]
    pub fn name(&self) -> PolicyName {
        self.name
    }

    /// The call that makes its checker.
    pub(super) fn checker_call(&self) -> Vec<u8> {
        let mut call = self.name.checker_selector().to_vec();
        call.extend(DynSolValue::Tuple(self.values.clone()).abi_encode_params());
        call
    }

    /// The contracts it leans on, each with the argument that names it: without code there, nobody could ever pass.
    pub fn outside_contracts(&self) -> impl Iterator<Item = (&'static str, EthAddress)> + '_ {
        let arguments = self.name.arguments().iter().zip(&self.values);
        arguments.filter_map(|(argument, value)| match (argument.kind, value) {
            (ArgumentKind::Contract, DynSolValue::Address(at)) => Some((argument.name, eth_address(*at))),
            _ => None,
        })
    }

    /// The factory of its checker.
    pub(super) fn checker_factory(&self) -> ContractSource {
        self.name.checker_factory()
    }

    /// The factory of the policy itself.
    pub(super) fn policy_factory(&self) -> ContractSource {
        self.name.policy_factory()
    }
}

/// The id of what a factory makes, as `deployed-contracts.json` has it: the factory's own without the word.
pub(super) fn made_by(factory: ContractSource) -> String {
    let id = factory.to_string().replace("Factory", "");
    // the one id that upstream spells otherwise than the file it names
    id.replace("erc20votes/ERC20VotesChecker", "erc20Votes/ERC20VotesChecker")
}

#[cfg(test)]
mod tests;
