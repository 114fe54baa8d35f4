//! The files of a circuit in the layout of the official archives: ours or theirs.
//!
//! - `circuit`    one circuit's files, checked against each other
//! - `profile`    which circuits a key was made for, told by its size
//! - `manifest`   what a set of ours says about itself
//! - `build`      compiles a circuit into the layout and makes its development key
mod build;
mod circuit;
mod error;
mod manifest;
mod profile;

pub use build::{BuildError, build, develop};
pub use circuit::CircuitArtifacts;
pub use error::ArtifactError;
pub use manifest::Manifest;
pub use profile::{ProfileEvidence, profile_of};
