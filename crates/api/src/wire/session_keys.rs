//! Session keys and approvals: bodies and answers.

use std::fmt;

use maci_coordinator_core::{
    networks::network_name,
    senders::{Explanation, KeptApproval, SessionKey},
};
use maci_protocol::{ChainId, EthAddress, time::Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    fields::{Fields, FromFields},
    rules,
    scalars::{AddressText, ChainName, HexText},
};

/// The longest approval that is read, in characters.
const LONGEST: usize = 256 * 1024;

/// A session key of this service.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct SessionKeyBody {
    /// Its address.
    #[schema(value_type = AddressText)]
    pub session_key_address: EthAddress,
}

/// What an account's owner allows a session key.
#[derive(Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct ApprovalBody {
    /// The chain.
    #[schema(value_type = ChainName)]
    pub chain: ChainId,
    /// The session key's address.
    #[schema(value_type = AddressText)]
    pub session_key_address: EthAddress,
    /// The text that the owner's wallet made: base64 of JSON.
    #[schema(min_length = 1, max_length = 262_144)]
    pub approval: String,
}

/// A session key that was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewSessionKeyAnswer {
    /// Its address.
    #[schema(value_type = AddressText)]
    pub session_key_address: String,
}

/// The session keys of this service.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionKeysAnswer {
    /// The keys, the oldest first.
    pub keys: Vec<SessionKeyAnswer>,
}

/// A session key, without the key.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionKeyAnswer {
    /// Its address.
    #[schema(value_type = AddressText)]
    pub session_key_address: String,
    /// When it was made, in Unix seconds.
    pub made_at: u64,
    /// Who asked for it.
    pub made_by: String,
    /// From then on it signs nothing, in Unix seconds.
    pub expires_at: u64,
    /// Since when it signs nothing, in Unix seconds, if somebody paused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_since: Option<u64>,
    /// Who paused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_by: Option<String>,
    /// What owners of accounts allowed it, a chain each.
    pub approvals: Vec<KeptApprovalAnswer>,
}

/// What an owner allowed a session key on a chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptApprovalAnswer {
    /// The chain.
    pub chain: String,
    /// Since when it is kept, in Unix seconds.
    pub kept_at: u64,
    /// Who gave it.
    pub kept_by: String,
    /// What it allows; none if it is not used any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<ExplanationAnswer>,
    /// Why it is not used any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// When its owner was found to have taken it back on the chain, in Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<u64>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
}

/// What an approval allows, in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplanationAnswer {
    /// The chain.
    pub chain: String,
    /// The smart account that acts.
    #[schema(value_type = AddressText)]
    pub account: String,
    /// Who may do everything with the account, and approved this.
    #[schema(value_type = AddressText)]
    pub owner: String,
    /// The session key.
    #[schema(value_type = AddressText)]
    pub session_key_address: String,
    /// The permission's name in the account, four bytes.
    #[schema(value_type = HexText)]
    pub permission_id: String,
    /// The first second it may be used in, in Unix seconds; absent from the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<u64>,
    /// The last second; absent without an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<u64>,
    /// Each policy in a sentence; all of them have to hold.
    pub policies: Vec<String>,
    /// What to think about before keeping it.
    pub warnings: Vec<String>,
}

/// An approval that is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptAnswer {
    /// Who sends from now on, as requests name it.
    pub sender: String,
    /// What it allows.
    pub explanation: ExplanationAnswer,
}

impl FromFields for SessionKeyBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let address = fields.need("sessionKeyAddress", rules::address);
        Some(Self {
            session_key_address: address?,
        })
    }
}

impl FromFields for ApprovalBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let chain = fields.need("chain", rules::chain);
        let address = fields.need("sessionKeyAddress", rules::address);
        let approval = fields.need("approval", rules::text_of(1..=LONGEST));
        Some(Self {
            chain: chain?,
            session_key_address: address?,
            approval: approval?,
        })
    }
}

impl fmt::Debug for ApprovalBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApprovalBody")
            .field("chain", &self.chain)
            .field("session_key_address", &self.session_key_address)
            .finish_non_exhaustive()
    }
}

impl From<SessionKey> for SessionKeyAnswer {
    fn from(key: SessionKey) -> Self {
        let (since, by) = key.paused.unzip();
        Self {
            paused_since: since.map(Timestamp::unix_seconds),
            paused_by: by,
            session_key_address: key.address.to_string(),
            made_at: key.made.unix_seconds(),
            made_by: key.by,
            expires_at: key.expires.unix_seconds(),
            approvals: key.approvals.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<KeptApproval> for KeptApprovalAnswer {
    fn from(kept: KeptApproval) -> Self {
        let (explanation, refused) = match kept.explanation {
            Ok(explanation) => (Some(explanation.into()), None),
            Err(reason) => (None, Some(reason)),
        };
        let (revoked_at, revoked) = kept.revoked.unzip();
        Self {
            revoked_at: revoked_at.map(Timestamp::unix_seconds),
            revoked,
            chain: network_name(kept.chain),
            kept_at: kept.kept.unix_seconds(),
            kept_by: kept.by,
            explanation,
            refused,
        }
    }
}

impl From<Explanation> for ExplanationAnswer {
    fn from(explained: Explanation) -> Self {
        Self {
            chain: network_name(explained.chain),
            account: explained.account.to_string(),
            owner: explained.owner.to_string(),
            session_key_address: explained.session.to_string(),
            permission_id: explained.permission.to_string(),
            valid_from: explained.from,
            valid_until: explained.until,
            policies: explained.policies,
            warnings: explained.warnings,
        }
    }
}
