use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use maci_protocol::PollRef;
use uuid::Uuid;

use crate::{problem::Problem, wire};

/// `{chain}/{maci}/{poll}`.
#[derive(Debug)]
pub(crate) struct PollPath(pub(crate) PollRef);

/// `{id}` of a job or a schedule.
#[derive(Debug)]
pub(crate) struct IdPath(pub(crate) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for PollPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((chain, maci, poll)) = Path::<(String, String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|_| unreadable())?;
        wire::poll_path(&chain, &maci, &poll).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let WordPath(id) = WordPath::from_request_parts(parts, state).await?;
        wire::job_text(&id).map(Self)
    }
}

/// One part of a path, as text.
#[derive(Debug)]
pub(crate) struct WordPath(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for WordPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(word)| Self(word)).map_err(|_| unreadable())
    }
}

fn unreadable() -> Problem {
    Problem::invalid(vec!["the path is not text".to_owned()])
}
