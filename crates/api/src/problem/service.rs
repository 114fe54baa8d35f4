//! What the service below refuses, as clients see it.

use axum::http::StatusCode;
use maci_coordinator_core::{
    jobs::Advice,
    service::{ServiceError, StatusClass},
};

use super::Problem;
use crate::wire;

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        let class = error.status_class();
        let text = error.to_string();
        if class == StatusClass::Internal {
            tracing::error!(%text, "a request failed");
        }
        let problem = match (error.code(), class) {
            (Some(code), _) => Self::new(status(class), code.name(), text).with_code(u16::from(code.number())),
            (None, StatusClass::Invalid) => Self::invalid(texts(&error)),
            (None, StatusClass::Forbidden) => Self::forbidden(text),
            (None, _) => Self::new(status(class), name(class), text),
        };
        let problem = problem.with_remedy(wire::remedy(Advice::from(error.remedy())));
        if class == StatusClass::Busy {
            return problem.with_retry_after(5);
        }
        problem
    }
}

/// One text per rule that is broken.
fn texts(error: &ServiceError) -> Vec<String> {
    if let ServiceError::Refused { complaints } = error {
        return complaints.iter().map(ToString::to_string).collect();
    }
    vec![error.to_string()]
}

const fn status(class: StatusClass) -> StatusCode {
    match class {
        StatusClass::NotFound => StatusCode::NOT_FOUND,
        StatusClass::Invalid => StatusCode::BAD_REQUEST,
        StatusClass::Conflict => StatusCode::CONFLICT,
        StatusClass::Precondition => StatusCode::PRECONDITION_FAILED,
        StatusClass::Forbidden => StatusCode::FORBIDDEN,
        StatusClass::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        StatusClass::Busy => StatusCode::SERVICE_UNAVAILABLE,
    }
}

const fn name(class: StatusClass) -> &'static str {
    match class {
        StatusClass::NotFound => "NOT_FOUND",
        StatusClass::Invalid => "INVALID",
        StatusClass::Conflict => "CONFLICT",
        StatusClass::Precondition => "NOT_READY",
        StatusClass::Forbidden => "FORBIDDEN",
        StatusClass::Internal => "FAILED",
        StatusClass::Busy => "BUSY",
    }
}
