use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use maci_chain::reader::{KeySlot, PollReader};
use maci_chain::relaying::{Guard, RelayCalls};
use maci_crypto::Fr;
use maci_protocol::ids::{PollRef, StateIndex};
use maci_proving::prove::Verifier;
use tokio::sync::Notify;

use super::RelayError;
use super::budget::PollBudget;
use super::checking::Checker;
use crate::perform::Means;
use crate::senders::SenderChoice;

/// Between two questions for the number of leaves.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// How the relayer puts messages on a poll's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// In batches, through the guard.
    Guarded(Guard),
    /// One message per transaction, because the poll names only our account.
    Single,
}

/// A poll that is relayed for.
#[derive(Debug)]
pub(super) struct Venue {
    pub(super) reader: PollReader,
    pub(super) way: Way,
    pub(super) checker: Checker,
    pub(super) budget: Mutex<PollBudget>,
    /// There is something to carry.
    pub(super) nudge: Notify,
    /// What is told about it beside the store.
    pub(super) shown: Mutex<Shown>,
    /// How many leaves there were when that was asked last.
    counted: tokio::sync::Mutex<Option<(Instant, u64)>>,
    /// Roots that the contract checks proofs with; none ever changes.
    roots: Mutex<BTreeMap<StateIndex, Fr>>,
}

/// What is told about a poll's carrier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// Why messages do not get on, if they do not.
    pub(super) trouble: Option<String>,
    /// Messages may miss the end of voting, or have missed it.
    pub(super) late: bool,
}

impl Venue {
    /// Reads what is fixed about a poll, if it can be relayed for.
    ///
    /// # Errors
    /// When it cannot, or its chain or the store cannot be asked.
    pub(super) async fn open(means: &Means, poll: PollRef, payer: &SenderChoice) -> Result<Self, RelayError> {
        let reader = means.looks.reader(poll).await?;
        let account = means.sender(poll.chain, payer).await?.caller();
        let guard = Guard { owner: account };
        let way = if reader.is_relayer(guard.address()).await? {
            Way::Guarded(guard)
        } else if reader.is_relayer(account).await? {
            Way::Single
        } else {
            return Err(RelayError::NotRelayer {
                poll,
                guard: guard.address(),
                account,
            });
        };
        let unusable = |reason: String| RelayError::Unusable { poll, reason };
        let depth = reader.config().depths().state_tree();
        let key = reader.registry().key(KeySlot::PollJoined(depth)).await?;
        let key = key.ok_or_else(|| unusable(format!("no PollJoined key of depth {depth} is registered")))?;
        let verifier = Verifier::new(&key).map_err(|error| unusable(error.to_string()))?;
        let taken = means.parts.store.relay().by_voter(&poll).await?;
        Ok(Self {
            reader,
            way,
            checker: Checker::start(verifier),
            budget: Mutex::new(PollBudget::of(taken)),
            nudge: Notify::new(),
            shown: Mutex::default(),
            counted: tokio::sync::Mutex::default(),
            roots: Mutex::default(),
        })
    }

    /// The poll.
    pub(super) fn poll(&self) -> PollRef {
        self.reader.config().poll()
    }

    /// The poll's calls.
    pub(super) fn calls(&self) -> RelayCalls {
        RelayCalls {
            poll: self.poll(),
            contract: self.reader.addresses().poll,
            batch_size: self.reader.config().message_batch_size(),
        }
    }

    /// The root that a proof about a leaf must have; `leaves` is how many there were a moment ago.
    ///
    /// # Errors
    /// [`RelayError::NoSuchLeaf`], or that the chain cannot be asked.
    pub(super) async fn root(&self, index: StateIndex, leaves: u64) -> Result<Fr, RelayError> {
        let known = || self.roots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(root) = known().get(&index) {
            return Ok(*root);
        }
        // leaf 0 is nobody's
        if index.0 == 0 || (index.0 >= leaves && index.0 >= self.leaves_now().await?) {
            let poll = self.poll();
            return Err(RelayError::NoSuchLeaf { poll, index });
        }
        let root = self.reader.root_on_join(index).await?;
        known().insert(index, root);
        Ok(root)
    }

    /// How many leaves there are by the newest block; the chain is asked once a second at most, whoever asks for leaves
    /// that nobody has.
    async fn leaves_now(&self) -> Result<u64, RelayError> {
        let mut counted = self.counted.lock().await;
        match *counted {
            Some((at, leaves)) if at.elapsed() < COUNT_EVERY => Ok(leaves),
            Some(_) | None => {
                let leaves = self.reader.leaf_count().await?;
                *counted = Some((Instant::now(), leaves));
                Ok(leaves)
            }
        }
    }

    pub(super) fn show<T>(&self, change: impl FnOnce(&mut Shown) -> T) -> T {
        change(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Clones are the same poll.
pub(super) type SharedVenue = Arc<Venue>;
