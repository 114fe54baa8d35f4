use maci_coordinator_core::senders::SenderChoice;
use serde::Deserialize;

use super::{Rate, Span};

/// `[relayer]`: votes from voters who pay no gas.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RelayerSettings {
    /// Whether messages are taken from voters and put on chain at the operator's cost.
    pub enabled: bool,
    /// Who puts batches on chain and pays for them: the name of a sender, or `default`.
    pub sender: SenderChoice,
    /// The chain of requests that name none, by its id.
    pub chain: Option<u64>,
    /// Messages in one request at most.
    pub per_request: usize,
    /// Messages with one voter's proof in one poll at most.
    pub per_voter: u64,
    /// Messages of one poll at most.
    pub per_poll: u64,
    /// Messages of one network address.
    pub per_address: Rate,
    /// Proofs of one network address that prove nothing.
    pub bad_proofs: Rate,
    /// So many waiting messages are sent at once.
    pub flush_at: u64,
    /// A message waits no longer than this for others.
    pub flush_after: Span,
    /// This long before the end of voting every message is sent as it comes.
    pub hurry_before_end: Span,
    /// This long before the end of voting no message is taken any more.
    pub close_before_end: Span,
    /// A message is on chain this long after it was taken, or it is told that it is not.
    pub promise: Span,
    /// Messages in one transaction at most.
    pub per_transaction: u32,
    /// Time before something that failed is tried again.
    pub try_again_after: Span,
}

impl Default for RelayerSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            sender: SenderChoice::default(),
            chain: None,
            per_request: 20,
            per_voter: 100,
            per_poll: 100_000,
            per_address: Rate::a_minute(300),
            bad_proofs: Rate::a_minute(20),
            flush_at: 100,
            flush_after: Span::seconds(120),
            hurry_before_end: Span::seconds(1_800),
            close_before_end: Span::seconds(300),
            promise: Span::seconds(900),
            per_transaction: 100,
            try_again_after: Span::seconds(15),
        }
    }
}
