//! The four circuits: their names, files, registry slots and the rules they judge messages by.
//!
//! What each of them proves is in [`crate::statement`].
//!
//! - `id`         template and parameters, `MessageProcessorQv_10-20-2`
//! - `profile`    which rules a set of proving keys was made with
//! - `layout`     where the files of a circuit lie in the official folders
//! - `registry`   the numbers under which the contracts' registry keeps verifying keys

mod id;
mod layout;
mod profile;
mod registry;

pub use id::{CircuitId, CircuitIdError, Template};
pub use layout::CircuitFiles;
pub use profile::{Profile, UnknownProfile};
pub use registry::RegistrySignature;

#[cfg(test)]
mod tests;
