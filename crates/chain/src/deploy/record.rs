use maci_protocol::files::{DeployedContracts, Instance, Verification};
use maci_protocol::ids::{EthAddress, PollId, TxHash};

/// One contract that was deployed, with what `deployed-contracts.json` says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// Its id there.
    pub id: String,
    /// Where it is.
    pub address: EthAddress,
    /// The transaction that made it, a factory's for clones; none if it was there before and is used again.
    pub transaction: Option<TxHash>,
    /// The constructor's arguments as JSON text, if it was given any.
    pub arguments: Option<String>,
    /// The libraries it was linked with, as JSON text.
    pub libraries: Option<String>,
    /// The poll it belongs to.
    pub poll: Option<PollId>,
}

impl Deployed {
    /// Writes it into the record of a chain, once: an address that is there is left alone.
    pub fn add_to(&self, contracts: &mut DeployedContracts, chain: &str) {
        if contracts.instance(chain, self.address).is_some() {
            return;
        }
        let verify = self.arguments.clone().map(|args| Verification {
            args,
            name: None,
            r#impl: None,
            libraries: self.libraries.clone(),
        });
        let instance = Instance {
            id: self.id.clone(),
            deployment_tx_hash: self.transaction,
            verify,
        };
        contracts.add(chain, self.poll, self.address, instance);
    }
}
