use alloy::sol_types::SolEvent;
use maci_protocol::ids::{EthAddress, PollId, TxHash};

use super::{Act, Prepared, Step, record_id};
use crate::contracts::factories::IFactory;
use crate::contracts::maci::IMaci;
use crate::deploy::{DeployError, Deployed};
use crate::words::eth_address;

/// Something a contract said during a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::deploy) struct Said {
    pub(in crate::deploy) by: EthAddress,
    pub(in crate::deploy) topics: Vec<[u8; 32]>,
    pub(in crate::deploy) data: Vec<u8>,
}

/// What a call left on the chain, or would leave there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::deploy) struct Traces {
    /// The contract it made.
    pub(in crate::deploy) created: Option<EthAddress>,
    /// What contracts said during it, in order.
    pub(in crate::deploy) said: Vec<Said>,
}

/// What a step brought about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::deploy) struct Left {
    /// What later steps ask for: the contract, or the poll contract.
    pub(in crate::deploy) address: Option<EthAddress>,
    /// The poll's number, if it made one.
    pub(in crate::deploy) poll: Option<PollId>,
    /// Everything it deployed.
    pub(in crate::deploy) deployed: Vec<Deployed>,
}

impl Step {
    /// Reads what the step's call left. Calls that went in one transaction may share its events: then `earlier` says
    /// how many calls of the same contract came before this one.
    pub(in crate::deploy) fn read(
        &self,
        prepared: &Prepared,
        transaction: TxHash,
        traces: &Traces,
        earlier: usize,
    ) -> Result<Left, DeployError> {
        let nothing = |what| DeployError::NothingLeft {
            step: self.name.clone(),
            what,
        };
        let one = |id: &str, address, poll| Deployed {
            id: id.to_owned(),
            address,
            transaction: Some(transaction),
            arguments: prepared.shown.clone(),
            libraries: prepared.libraries.clone(),
            poll,
        };
        match &self.act {
            Act::Create { source, .. } => {
                let address = traces.created.ok_or_else(|| nothing("contract"))?;
                Ok(Left {
                    address: Some(address),
                    poll: None,
                    deployed: vec![one(&record_id(*source), address, None)],
                })
            }
            Act::Clone { id, .. } => {
                let made = traces.clones().filter(|(by, _)| Some(*by) == prepared.to);
                let made: Vec<EthAddress> = made.map(|(_, clone)| clone).collect();
                let own = made.get(earlier).or(made.last());
                let address = *own.ok_or_else(|| nothing("CloneDeployed event"))?;
                Ok(Left {
                    address: Some(address),
                    poll: None,
                    deployed: vec![one(id, address, None)],
                })
            }
            Act::Poll { .. } => {
                let maci = prepared.to.ok_or_else(|| nothing("MACI"))?;
                let id = traces.poll_of(maci).ok_or_else(|| nothing("DeployPoll event"))?;
                // MACI has its three factories make the poll, its message processor and its tally, in this order
                let clones: Vec<EthAddress> = traces.clones().map(|(_, clone)| clone).collect();
                let [poll, processor, tally] = clones.as_slice() else {
                    return Err(nothing("three CloneDeployed events"));
                };
                let three = [("Poll", poll), ("MessageProcessor", processor), ("Tally", tally)];
                Ok(Left {
                    address: Some(*poll),
                    poll: Some(id),
                    deployed: three.map(|(name, at)| one(name, *at, Some(id))).into(),
                })
            }
            Act::Reuse { .. } | Act::KeysAtOnce { .. } | Act::Key { .. } | Act::Guard { .. } => Ok(Left::default()),
        }
    }
}

impl Traces {
    /// The clones that were made: by whom, and where.
    fn clones(&self) -> impl Iterator<Item = (EthAddress, EthAddress)> + '_ {
        self.said.iter().filter_map(|log| {
            let event = IFactory::CloneDeployed::decode_raw_log(topics(log), &log.data).ok()?;
            Some((log.by, eth_address(event.clone)))
        })
    }

    /// The number of the poll that MACI made.
    fn poll_of(&self, maci: EthAddress) -> Option<PollId> {
        let mut said = self.said.iter().filter(|log| log.by == maci);
        said.find_map(|log| {
            let event = IMaci::DeployPoll::decode_raw_log(topics(log), &log.data).ok()?;
            event._pollId.try_into().ok().map(PollId)
        })
    }
}

fn topics(log: &Said) -> impl Iterator<Item = alloy::primitives::B256> + '_ {
    log.topics.iter().copied().map(alloy::primitives::B256::from)
}
