//! Who is calling, as the door in front of the routes found out.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use maci_coordinator_core::actor::{Actor, Role};

use crate::problem::Problem;

/// Somebody who has shown who they are.
#[derive(Debug, Clone)]
pub(crate) struct Caller(pub(crate) Actor);

/// Why somebody is not let in.
#[derive(Debug)]
pub(crate) struct Refusal(Problem);

impl Refusal {
    /// The refusal as clients see it.
    pub(crate) fn problem(&self) -> Problem {
        self.0.clone()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl Caller {
    /// Who, and in which role.
    pub(crate) fn actor(&self) -> &Actor {
        &self.0
    }

    /// Lets pass who has this role or a higher one.
    pub(crate) fn at_least(&self, needed: Role) -> Result<(), Refusal> {
        if self.0.role >= needed {
            Ok(())
        } else {
            Err(Refusal(Problem::forbidden(format!("this needs the role {needed}"))))
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let known = parts.extensions.get::<Caller>().cloned();
        known.ok_or_else(|| Refusal(Problem::unauthorised("this needs a login")))
    }
}
