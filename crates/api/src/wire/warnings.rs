//! Warnings, dry runs and checks of results, as they are told.

use maci_coordinator_core::{
    rounds::{DryRun, Warning},
    verify::Report,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::polls::PollRefAnswer;

/// Something to know while a poll can still be mended.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WarningAnswer {
    /// `voter-capacity`, `unprovable-message`, `batch-hashes-broken`, `relayed-messages-missing`, `relayed-messages-late`,
    /// `coordinator-key-missing` or `circuits`.
    pub warning: String,
    /// In words.
    pub text: String,
    /// Its figures, by name.
    #[schema(value_type = Object)]
    pub details: Value,
}

/// What finalising a poll now would come to. Votes are not told: nobody should know them while voting is open.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DryRunAnswer {
    /// Which.
    #[serde(flatten)]
    pub poll: PollRefAnswer,
    /// The block up to which its history was read.
    pub block: u64,
    /// Whose circuits would prove it.
    pub profile: String,
    /// Messages, the placeholder included.
    pub messages: u64,
    /// Leaves, the blank one included.
    pub leaves: u64,
    /// Messages that count; absent while some cannot be proved.
    pub valid: Option<u64>,
    /// Proofs of message batches needed.
    pub process_batches: u64,
    /// Proofs of ballot batches needed.
    pub tally_batches: u64,
    /// Whether it comes out and could be proved.
    pub provable: bool,
    /// Milliseconds it took to work out.
    pub millis: u64,
    /// Everything that stands in the way.
    pub warnings: Vec<WarningAnswer>,
}

/// What is known about a poll while it is open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WarningsAnswer {
    /// The warnings of the last look.
    pub warnings: Vec<WarningAnswer>,
}

/// A poll's result against the chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerificationAnswer {
    /// Whether everything holds.
    pub verified: bool,
    /// Everything that was checked.
    pub findings: Vec<FindingAnswer>,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FindingAnswer {
    /// A sentence.
    pub claim: String,
    /// Whether it is true.
    pub holds: bool,
    /// What was found instead.
    pub detail: Option<String>,
}

impl From<Warning> for WarningAnswer {
    fn from(warning: Warning) -> Self {
        let text = warning.to_string();
        let mut details = serde_json::to_value(&warning).unwrap_or_default();
        let name = details.as_object_mut().and_then(|object| object.remove("warning"));
        Self {
            warning: name.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
            text,
            details,
        }
    }
}

impl From<DryRun> for DryRunAnswer {
    fn from(run: DryRun) -> Self {
        Self {
            poll: run.poll.into(),
            block: run.block.0,
            profile: run.profile.to_string(),
            messages: run.messages,
            leaves: run.leaves,
            valid: run.valid,
            process_batches: run.process_batches,
            tally_batches: run.tally_batches,
            provable: run.provable,
            millis: run.millis,
            warnings: run.warnings.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Report> for VerificationAnswer {
    fn from(report: Report) -> Self {
        let verified = report.verified();
        let findings = report.findings.into_iter().map(|finding| FindingAnswer {
            claim: finding.claim,
            holds: finding.holds,
            detail: finding.detail,
        });
        Self {
            verified,
            findings: findings.collect(),
        }
    }
}
