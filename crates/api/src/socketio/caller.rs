use maci_coordinator_core::actor::Actor;

use crate::{
    auth::{Guest, Refusal},
    problem::Problem,
};

/// The guest as an actor, if they may run rounds.
///
/// # Errors
/// In the guard's words, whatever the reason: so it was in the original service.
pub(super) async fn operator(guest: &Guest, event: &str) -> Result<Actor, Problem> {
    guest.acts(event).await.map_err(|refusal| match refusal {
        Refusal::TooMany { .. } | Refusal::Unavailable => refusal.problem(),
        refusal => Problem::forbidden(refusal.to_string()),
    })
}
