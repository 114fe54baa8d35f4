//! The routes of logging in, and of the record.
//!
//! - `login`   nonce, login, logout, me
//! - `audit`   who did what
//! - `wire`    their bodies and answers
//!
//! They stand on what the [`Door`](super::Door) put into the request, and on no state of their own.

mod audit;
mod login;
mod wire;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, with their description.
pub fn routes<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::default()
        .routes(routes!(login::nonce))
        .routes(routes!(login::login))
        .routes(routes!(login::logout))
        .routes(routes!(login::me))
        .routes(routes!(audit::list))
}
