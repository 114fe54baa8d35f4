//! Paths and methods that are not there.

use axum::http::{Method, Uri};

use crate::problem::Problem;

/// No route has this path.
pub(crate) async fn no_route(method: Method, uri: Uri) -> Problem {
    Problem::no_route(method.as_str(), &shown(&uri))
}

/// The route is there, the method is not.
pub(crate) async fn no_method(method: Method, uri: Uri) -> Problem {
    Problem::method_not_allowed(method.as_str(), &shown(&uri))
}

fn shown(uri: &Uri) -> String {
    uri.path().chars().take(200).collect()
}
