use maci_protocol::Remedy;
use serde::{Deserialize, Serialize};

use crate::service::{LegacyCode, ServiceError, StatusClass};

/// Why a job failed, as it is kept and told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobFailure {
    /// The existing service's number, where it has one for this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u8>,
    /// What failed and why, with ids.
    pub message: String,
    /// What kind of failure it is.
    pub class: StatusClass,
    /// Who acts now.
    pub remedy: Advice,
}

/// Who acts now, as it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// Nobody: it may succeed later.
    Retry,
    /// A person has to change something first.
    AskOperator,
    /// Nothing will help this request.
    Abandon,
}

impl JobFailure {
    /// What is kept of an error.
    #[must_use]
    pub fn of(error: &ServiceError) -> Self {
        if let ServiceError::JobFailed { failure, .. } = error {
            return (**failure).clone();
        }
        Self {
            code: error.code().map(LegacyCode::number),
            message: error.to_string(),
            class: error.status_class(),
            remedy: error.remedy().into(),
        }
    }

    /// The existing service's code.
    #[must_use]
    pub fn legacy(&self) -> Option<LegacyCode> {
        self.code.and_then(LegacyCode::from_number)
    }
}

impl From<Remedy> for Advice {
    fn from(remedy: Remedy) -> Self {
        match remedy {
            Remedy::Retry => Self::Retry,
            Remedy::AskOperator => Self::AskOperator,
            Remedy::Abandon => Self::Abandon,
        }
    }
}

impl From<Advice> for Remedy {
    fn from(advice: Advice) -> Self {
        match advice {
            Advice::Retry => Self::Retry,
            Advice::AskOperator => Self::AskOperator,
            Advice::Abandon => Self::Abandon,
        }
    }
}
