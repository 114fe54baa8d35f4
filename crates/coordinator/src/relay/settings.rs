use std::num::NonZeroU32;
use std::time::Duration;

use maci_protocol::ids::ChainId;

use crate::senders::SenderChoice;

/// So many messages in so much time; all may come at once, then they come back evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// How many.
    pub count: NonZeroU32,
    /// In how much time.
    pub per: Duration,
}

impl Allowance {
    /// So many a minute; at least one.
    #[must_use]
    pub const fn a_minute(count: u32) -> Self {
        let count = match NonZeroU32::new(count) {
            Some(count) => count,
            None => NonZeroU32::MIN,
        };
        Self {
            count,
            per: Duration::from_secs(60),
        }
    }
}

/// What the relayer promises and allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelaySettings {
    /// Who puts batches on chain and pays for them. Polls name the contract that belongs to this account (or the account).
    pub sender: SenderChoice,
    /// The chain of requests that name none, as the existing service's clients do.
    pub chain: Option<ChainId>,
    /// Messages in one request at most.
    pub per_request: usize,
    /// Messages with one state index's proof in one poll at most.
    pub per_voter: u64,
    /// Messages of one poll at most: what the operator is ready to pay for.
    pub per_poll: u64,
    /// Messages of one network address.
    pub per_address: Allowance,
    /// Proofs of one network address that prove nothing.
    pub bad_proofs: Allowance,
    /// So many waiting messages are sent at once.
    pub flush_at: u64,
    /// A message waits no longer than this before it is sent.
    pub flush_after: Duration,
    /// This long before the end of voting every message is sent as it comes.
    pub hurry_before_end: Duration,
    /// This long before the end of voting no message is taken any more: it might not land.
    pub close_before_end: Duration,
    /// A message is on chain this long after it was taken, or the operator and the voter are told.
    pub promise: Duration,
    /// Messages in one transaction at most.
    pub per_transaction: u32,
    /// Wait before something that failed is tried again.
    pub try_again_after: Duration,
}

impl Default for RelaySettings {
    fn default() -> Self {
        Self {
            sender: SenderChoice::default(),
            chain: None,
            per_request: 20,
            per_voter: 100,
            per_poll: 100_000,
            per_address: Allowance::a_minute(300),
            bad_proofs: Allowance::a_minute(20),
            flush_at: 100,
            flush_after: Duration::from_secs(120),
            hurry_before_end: Duration::from_secs(1_800),
            close_before_end: Duration::from_secs(300),
            promise: Duration::from_secs(900),
            per_transaction: 100,
            try_again_after: Duration::from_secs(15),
        }
    }
}
