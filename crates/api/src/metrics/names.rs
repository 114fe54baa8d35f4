//! Every figure, what it means, and its unit. A name ends in its unit; `_total` counts up and never down.

use metrics::{describe_counter, describe_gauge, describe_histogram};

/// Requests answered, by `method`, `route` and `status`.
pub const HTTP_REQUESTS: &str = "maci_http_requests_total";
/// Time to answer, by `method` and `route`.
pub const HTTP_SECONDS: &str = "maci_http_request_seconds";
/// Requests being answered.
pub const HTTP_IN_FLIGHT: &str = "maci_http_requests_in_flight";
/// Connections closed because there were too many.
pub const HTTP_REFUSED: &str = "maci_http_connections_refused_total";
/// Calls to RPC endpoints, by `endpoint` and `outcome` (`ok`, `overloaded`, `failed`).
pub const RPC_CALLS: &str = "maci_rpc_calls_total";
/// Time RPC endpoints take, by `endpoint`.
pub const RPC_SECONDS: &str = "maci_rpc_call_seconds";
/// Proofs made and checked, by `phase` (`process`, `tally`).
pub const PROOFS: &str = "maci_proofs_total";
/// Time a proof takes, by `phase`.
pub const PROOF_SECONDS: &str = "maci_proof_seconds";
/// Time a proof's witness takes, by `phase`.
pub const WITNESS_SECONDS: &str = "maci_witness_seconds";
/// Jobs, by `state`.
pub const JOBS: &str = "maci_jobs";
/// Proofs, by `state` (`running`, `waiting`).
pub const PROOFS_AT_WORK: &str = "maci_proofs_at_work";
/// Watched polls, by what they are counted `of` (`all`, `in trouble`).
pub const POLLS: &str = "maci_polls";
/// Last block the ledger has read, by `chain` and `poll`.
pub const LEDGER_BLOCK: &str = "maci_ledger_block";
/// Newest block of a chain that was seen, by `chain`.
pub const CHAIN_BLOCK: &str = "maci_chain_block";
/// Ether that the sender has left for gas, by `chain` and `address`.
pub const SENDER_ETHER: &str = "maci_sender_balance_ether";
/// What was published and others are to keep, by `target` and `state` (`waiting`, `requested`, `pinned`).
pub const PINS: &str = "maci_pins";

/// Messages taken from voters.
pub const RELAY_MESSAGES: &str = "maci_relay_messages_total";
/// Requests with messages that were not taken.
pub const RELAY_REFUSED: &str = "maci_relay_refused_total";
/// Proofs of having joined that were checked.
pub const RELAY_PROOFS: &str = "maci_relay_proofs_total";
/// Time a check of all proofs that waited takes.
pub const RELAY_PROOFS_SECONDS: &str = "maci_relay_proofs_seconds";
/// Time until all messages that waited are on the disk.
pub const RELAY_KEEPING_SECONDS: &str = "maci_relay_keeping_seconds";

/// Upper bounds of the time buckets, in seconds: from a cached answer to a proof on a small machine.
pub(super) const SECONDS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0, 120.0, 600.0,
];

/// Tells the recorder what the figures mean.
pub(super) fn describe() {
    describe_counter!(HTTP_REQUESTS, "Requests answered");
    describe_histogram!(HTTP_SECONDS, "Time to answer a request, in seconds");
    describe_gauge!(HTTP_IN_FLIGHT, "Requests being answered");
    describe_counter!(HTTP_REFUSED, "Connections closed because there were too many");
    describe_counter!(RPC_CALLS, "Calls to RPC endpoints");
    describe_histogram!(RPC_SECONDS, "Time of a call to an RPC endpoint, in seconds");
    describe_counter!(PROOFS, "Proofs made and checked");
    describe_histogram!(PROOF_SECONDS, "Time of a proof without its witness, in seconds");
    describe_histogram!(WITNESS_SECONDS, "Time of a proof's witness, in seconds");
    describe_counter!(RELAY_MESSAGES, "Messages taken from voters");
    describe_counter!(RELAY_REFUSED, "Requests with messages that were not taken");
    describe_counter!(RELAY_PROOFS, "Proofs of having joined that were checked");
    describe_histogram!(RELAY_PROOFS_SECONDS, "Time to check all proofs that waited, in seconds");
    describe_histogram!(
        RELAY_KEEPING_SECONDS,
        "Time until all messages that waited are on the disk, in seconds"
    );
    describe_gauge!(JOBS, "Jobs by state");
    describe_gauge!(PROOFS_AT_WORK, "Proofs being made or waiting for their turn");
    describe_gauge!(POLLS, "Watched polls");
    describe_gauge!(LEDGER_BLOCK, "Last block the ledger of a poll has read");
    describe_gauge!(CHAIN_BLOCK, "Newest block of a chain that was seen");
    describe_gauge!(PINS, "What was published and others are to keep");
    describe_gauge!(SENDER_ETHER, "Ether the sender has left for gas");
}
