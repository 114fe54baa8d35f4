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
    guest.acts(event).await.map_err(|refusal| in_the_guards_words(&refusal))
}

/// Whether the guest may see what happens.
///
/// # Errors
/// As for [`operator`].
pub(super) async fn viewer(guest: &Guest, event: &str) -> Result<(), Problem> {
    guest
        .looks(event)
        .await
        .map_err(|refusal| in_the_guards_words(&refusal))
}

fn in_the_guards_words(refusal: &Refusal) -> Problem {
    if matches!(refusal, Refusal::TooMany { .. } | Refusal::Unavailable) {
        refusal.problem()
    } else {
        Problem::forbidden(refusal.to_string())
    }
}
