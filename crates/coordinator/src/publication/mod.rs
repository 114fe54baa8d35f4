//! The whole of a poll's result under one root: what anybody needs, beside the chain, to check all of it, for good.
//!
//! The same poll gives the same files and so the same root, whoever publishes it. Start reading at [`Manifest`].
//!
//! - `files`      what each file says, and where it lies
//! - `manifest`   the file that names all others
//! - `gather`     the files of a poll that is final, out of its folder and the chain
//! - `error`      what can be missing

mod error;
mod files;
mod gather;
mod manifest;

pub use error::PublicationError;
pub use files::{PollRecord, PublishedProof, paths};
pub use gather::{Gather, Gathered};
pub use manifest::{Entry, FORMAT, Manifest, ManifestError, RelayedEntry};
