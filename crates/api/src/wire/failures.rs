//! Why work failed, as it is told.

use maci_coordinator_core::{
    jobs::{Advice, JobFailure},
    service::LegacyCode,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a job or poll does not go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FailureAnswer {
    /// The original service's error number, if it has one for this.
    pub code: Option<u8>,
    /// That number's name.
    pub name: Option<String>,
    /// What failed.
    pub text: String,
    /// What to do about it.
    pub remedy: String,
}

impl From<JobFailure> for FailureAnswer {
    fn from(failure: JobFailure) -> Self {
        Self {
            code: failure.code,
            name: failure.legacy().map(|code: LegacyCode| code.name().to_owned()),
            remedy: remedy(failure.remedy).to_owned(),
            text: failure.message,
        }
    }
}

/// Advice in words.
pub(crate) const fn remedy(advice: Advice) -> &'static str {
    match advice {
        Advice::Retry => "nothing is to be done but to try again",
        Advice::AskOperator => "the operator has to change what the text names; then ask again",
        Advice::Abandon => "asking the same again will fail the same way",
    }
}
