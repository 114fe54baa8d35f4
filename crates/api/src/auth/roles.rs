use std::collections::BTreeMap;

use maci_coordinator_core::actor::Role;
use maci_protocol::ids::EthAddress;

/// Addresses and what they may do, from the settings.
///
/// `COORDINATOR_ADDRESSES` makes operators, as the existing service had nothing else; admins, who handle keys and read
/// the audit log, and viewers are named on their own. An address that is named twice has the higher role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles(BTreeMap<EthAddress, Role>);

impl Roles {
    /// The same, with one role for some more addresses.
    #[must_use]
    pub fn with(mut self, role: Role, addresses: impl IntoIterator<Item = EthAddress>) -> Self {
        for address in addresses {
            let known = self.0.entry(address).or_insert(role);
            *known = role.max(*known);
        }
        self
    }

    /// What an address may do; none if it is not named.
    #[must_use]
    pub fn of(&self, address: &EthAddress) -> Option<Role> {
        self.0.get(address).copied()
    }

    /// Whether nobody is named: then nothing that needs a login can be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_named_twice_has_the_higher_role() {
        let [ann, bob, eve] = [1, 2, 3].map(|byte| EthAddress([byte; 20]));
        let roles = Roles::default()
            .with(Role::Admin, [ann])
            .with(Role::Operator, [ann, bob])
            .with(Role::Viewer, [bob]);
        assert_eq!(roles.of(&ann), Some(Role::Admin));
        assert_eq!(roles.of(&bob), Some(Role::Operator));
        assert_eq!(roles.of(&eve), None);
    }
}
