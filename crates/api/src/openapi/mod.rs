//! The interface's description of itself: OpenAPI at `/api-json`, with a page to try it at `/api`.
//!
//! Routes say what is special about them; what many share (refusals of bad bodies, missing credentials, headers that every
//! acting route takes) is added here, so that no route can forget it.
//!
//! - `head`       what stands at the head of the document
//! - `shared`     what many routes share
//! - `timelines`  the schema of schedule documents, which is published on its own as well
//! - `page`       where it is served

mod head;
mod page;
mod shared;
mod timelines;

pub(crate) use head::base;
pub(crate) use page::serve;

use serde_json::Value;

/// The whole document.
pub(crate) fn finish(routes: &utoipa::openapi::OpenApi) -> Value {
    // A document of texts and numbers; there is JSON for it.
    let mut document = serde_json::to_value(routes).unwrap_or_default();
    timelines::embed(&mut document);
    shared::complete(&mut document);
    document
}
