use maci_coordinator_core::access::AuditRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::{AuthSettings, Caller};

/// What a login is made with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NonceAnswer {
    /// A number for one login.
    nonce: String,
    /// How long it is good for, in seconds.
    lifetime_seconds: u64,
    /// This service's name, which signed requests carry.
    service: String,
    /// Names of pages that a login's domain and URI may be of.
    domains: Vec<String>,
    /// Chains a login may name; none is any.
    chain_ids: Vec<u64>,
}

impl NonceAnswer {
    pub(super) fn new(nonce: String, lifetime_seconds: u64, settings: &AuthSettings) -> Self {
        Self {
            nonce,
            lifetime_seconds,
            service: settings.service.clone(),
            domains: settings.domains.clone(),
            chain_ids: settings.chains.iter().map(|chain| chain.0).collect(),
        }
    }
}

/// A signed message of EIP-4361.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginBody {
    /// The message as it was signed, every line of it.
    #[schema(max_length = 4096)]
    pub(super) message: String,
    /// The account's signature: 0x and 130 hexadecimal digits.
    #[schema(pattern = "^0x[0-9a-fA-F]{130}$")]
    pub(super) signature: String,
}

/// A login that is open.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoginAnswer {
    /// What to send with every request, as `Authorization: Bearer …`. It is shown once.
    token: String,
    #[serde(flatten)]
    caller: CallerAnswer,
}

impl LoginAnswer {
    pub(super) fn new(token: &str, caller: &Caller) -> Self {
        Self {
            token: token.to_owned(),
            caller: CallerAnswer::new(caller),
        }
    }
}

/// Who is calling.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallerAnswer {
    /// The account.
    address: String,
    /// What it may do: `viewer`, `operator` or `admin`.
    role: &'static str,
    /// When the login ends, in milliseconds since 1970 (UTC).
    expires_at: i64,
}

impl CallerAnswer {
    pub(super) fn new(caller: &Caller) -> Self {
        Self {
            address: caller.address().to_string(),
            role: caller.role().name(),
            expires_at: caller.expires().0,
        }
    }
}

/// What became of a logout.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogoutAnswer {
    /// False if there was nothing to end: the request was signed on its own.
    pub(super) logged_out: bool,
}

/// Which entries of the record.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// Entries before this one; the newest if absent.
    #[param(minimum = 1)]
    pub(super) before: Option<i64>,
    /// How many.
    #[serde(default = "a_page")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub(super) limit: u32,
    /// Whether to check that the whole record is as it was written, which takes a while for a long one.
    #[serde(default)]
    pub(super) check: bool,
}

fn a_page() -> u32 {
    100
}

/// Entries of the record, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditAnswer {
    pub(super) entries: Vec<AuditEntryAnswer>,
    /// Whether every entry still seals the one before it; only if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) whole: Option<bool>,
    /// The first entry that does not, if one does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) broken_at: Option<i64>,
}

/// Something somebody did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditEntryAnswer {
    /// Its place, from 1 on.
    number: i64,
    /// When, in milliseconds since 1970 (UTC).
    at: i64,
    /// Who, and in which role.
    who: String,
    /// What: a method, or an event.
    action: String,
    /// To what.
    target: String,
    /// How it ended: a status, or `refused`.
    outcome: String,
    /// The request's id.
    request_id: Option<String>,
    /// What seals it, and by it every entry before: hexadecimal SHA-256.
    hash: String,
}

impl From<AuditRow> for AuditEntryAnswer {
    fn from(row: AuditRow) -> Self {
        Self {
            number: row.number,
            at: row.entry.at.0,
            who: row.entry.who,
            action: row.entry.what,
            target: row.entry.target,
            outcome: row.entry.outcome,
            request_id: row.entry.request,
            hash: hex::encode(row.hash),
        }
    }
}
