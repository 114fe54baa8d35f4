//! What routes take: parts of a request, read strictly, refused as [`Problem`](crate::problem::Problem)s.
//!
//! - `body`    a JSON body, checked field by field
//! - `path`    ids in the path
//! - `query`   the query
//! - `prefer`  whether the client wants to wait

mod body;
mod path;
mod prefer;
mod query;

pub(crate) use body::{Body, read_json};
pub(crate) use path::{IdPath, PollPath};
pub(crate) use prefer::Wait;
pub(crate) use query::Query;
