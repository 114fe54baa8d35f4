//! Objects: proofs and other things that can be made again, checked when read.
//!
//! - `artifacts`  an object under the hash of what it follows from
//! - `place`      where objects are kept: a local folder or a bucket

mod artifacts;
mod place;

pub use artifacts::{ArtifactKey, Artifacts, BlockingArtifacts, Found};

pub(crate) use place::{expect_bucket, open};
