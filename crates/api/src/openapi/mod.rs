//! The interface's description of itself: OpenAPI at `/api-json`, with a page to try it at `/api`.
//!
//! - `answers`    refusals that several routes share, as responses
//! - `document`   what stands at the head of the document
//! - `page`       where it is served

mod answers;
mod document;
mod page;

pub(crate) use answers::{Acts, Bodied, Guarded, Internal, Missing, PathChecked, QueryChecked};
pub(crate) use document::base;
pub(crate) use page::serve;
