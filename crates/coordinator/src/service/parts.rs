use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use maci_chain::artifacts::Artifacts;
use maci_chain::send::SendSettings;
use maci_custody::Vault;
use maci_proving::witness::ModuleCache;
use maci_store::Store;

use crate::access::Transport;
use crate::chains::Chains;
use crate::clock::Clock;
use crate::deploy::OperatorList;
use crate::finalise::{KeySet, ProvingLimits};
use crate::ipfs::IpfsSettings;
use crate::ledger::RelayedBatches;
use crate::relay::RelaySettings;
use crate::senders::SendersSettings;

/// What a service is built of.
#[derive(Clone)]
pub struct Parts {
    /// What survives a crash.
    pub store: Store,
    /// The chains.
    pub chains: Chains,
    /// Every key: locked, or open under their passphrase.
    pub keys: Vault,
    /// The RSA key that clients encrypt to.
    pub transport: Transport,
    /// The proving keys.
    pub circuits: KeySet,
    /// Compiled witness calculators.
    pub modules: Arc<ModuleCache>,
    /// The compiled official contracts; without them nothing can be deployed.
    pub contracts: Option<Artifacts>,
    /// The operator's own list of contracts that may be used again.
    pub listed: OperatorList,
    /// Where relayed messages are found.
    pub relayed: Arc<dyn RelayedBatches>,
    /// Where content is read from beside here, and who keeps it too.
    pub ipfs: IpfsSettings,
    /// What all proofs together may take.
    pub proving: ProvingLimits,
    /// How transactions are priced and followed.
    pub sending: SendSettings,
    /// Who sends them.
    pub senders: SendersSettings,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How rounds are run.
    pub rounds: RoundSettings,
    /// The relayer, unless this service relays nothing.
    pub relayer: Option<RelaySettings>,
}

/// How rounds are run.
#[derive(Debug, Clone, Copy)]
pub struct RoundSettings {
    /// Seconds between a poll's end and its merge; at least one second is kept.
    pub margin: u64,
    /// Wait between two looks at an open poll.
    pub look_every: Duration,
    /// Wait before something that an operator has to mend is tried again by itself.
    pub try_again_after: Duration,
    /// How often a failing job is tried before it needs an operator.
    pub attempts: u32,
    /// Whether the history is read and checked while voting is open.
    pub check_open_polls: bool,
}

impl Default for RoundSettings {
    fn default() -> Self {
        Self {
            margin: 15,
            look_every: Duration::from_secs(60),
            try_again_after: Duration::from_secs(600),
            attempts: 12,
            check_open_polls: true,
        }
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("store", &self.store)
            .field("chains", &self.chains)
            .field("keys", &self.keys)
            .field("rounds", &self.rounds)
            .finish_non_exhaustive()
    }
}
