//! Refusals that several routes share.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, PartialSchema,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder, header::HeaderBuilder},
};

use crate::problem::PROBLEM_JSON;

/// Declares answers that go together.
macro_rules! answers {
    ($(#[$docs:meta])* $name:ident: $($status:literal $text:literal),+ $(,)?) => {
        $(#[$docs])*
        #[derive(Debug)]
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                BTreeMap::from([$(($status.to_string(), RefOr::T(refusal($status, $text)))),+])
            }
        }
    };
}

answers! {
    /// Every route.
    Internal:
        429 "Too many requests from this caller; `Retry-After` says how many seconds to wait",
        500 "Something of the service's failed; the request's id is in its log",
        503 "The service is starting, stopping or overloaded",
}

answers! {
    /// Routes that take a body.
    Bodied:
        400 "The body is not what the route takes; one text per wrong field, with its path",
        408 "The body did not arrive in time",
        413 "The body is longer than this service takes",
        415 "The body is not JSON",
}

answers! {
    /// Routes with ids in their path.
    PathChecked:
        400 "An id is not what it should be",
}

answers! {
    /// Routes with a query.
    QueryChecked:
        400 "The query is not what the route takes",
}

answers! {
    /// Routes that want to know who asks.
    Guarded:
        401 "No credentials, or credentials that prove nothing",
        403 "The caller may not do this",
}

answers! {
    /// Routes about something that may not exist.
    Missing:
        404 "There is nothing with this id",
}

answers! {
    /// Routes that act on polls: what the service may find.
    Acts:
        404 "The poll, contract or key is not known",
        409 "It cannot be done now: the poll is in another state, or somebody did it before",
        412 "Something has to be deployed or set up first",
        422 "The Idempotency-Key was sent before with another request",
}

fn refusal(status: u16, text: &str) -> Response {
    let content = |name: &str| Content::new(Some(RefOr::Ref(Ref::from_schema_name(name))));
    let response = ResponseBuilder::new()
        .description(text)
        .content("application/json", content("ProblemBody"))
        .content(PROBLEM_JSON, content("ProblemDetails"));
    if status == 429 {
        return response
            .header("Retry-After", HeaderBuilder::new().schema(Some(u64::schema())).build())
            .build();
    }
    response.build()
}
