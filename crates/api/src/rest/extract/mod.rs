//! What routes take: parts of a request, read strictly, refused as [`Problem`](crate::problem::Problem)s.
//!
//! - `actor`     who acts, with a role
//! - `body`      a JSON body, checked field by field
//! - `path`      ids in the path
//! - `client`    where a request comes from
//! - `query`     the query
//! - `prefer`    whether the client wants to wait
//! - `work`      a job that a request begins, and its answer

mod actor;
mod body;
mod client;
mod path;
mod prefer;
mod query;
mod work;

pub(crate) use actor::{Admin, Operator, Viewer};
pub(crate) use body::{Body, Document, json_of};
pub(crate) use client::Client;
pub(crate) use path::{IdPath, PollPath, WordPath};
pub(crate) use prefer::Wait;
pub(crate) use query::Query;
pub(crate) use work::{Work, location};
