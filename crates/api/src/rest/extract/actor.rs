//! Who acts. The role is looked at before a body is read, so that nobody learns from a complaint what they may not do.

use axum::{extract::FromRequestParts, http::request::Parts};
use maci_coordinator_core::actor::{Actor, Role};

use crate::{auth::Caller, problem::Problem};

/// Somebody who may look at what is not public.
#[derive(Debug)]
pub(crate) struct Viewer;

/// Somebody who may run rounds.
#[derive(Debug)]
pub(crate) struct Operator(pub(crate) Actor);

/// Somebody who may handle keys.
#[derive(Debug)]
pub(crate) struct Admin(pub(crate) Actor);

async fn actor<S: Send + Sync>(parts: &mut Parts, state: &S, needed: Role) -> Result<Actor, Problem> {
    let caller = <Caller as FromRequestParts<S>>::from_request_parts(parts, state)
        .await
        .map_err(|refusal| refusal.problem())?;
    caller.at_least(needed).map_err(|refusal| refusal.problem())?;
    Ok(caller.actor().clone())
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        actor(parts, state, Role::Viewer).await.map(|_| Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        actor(parts, state, Role::Operator).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        actor(parts, state, Role::Admin).await.map(Self)
    }
}
