//! The chains a service works on, each connected when it is first asked for.
//!
//! - `settings`    which chains, behind which endpoints
//! - `directory`   names to ids, ids to connections

mod directory;
mod settings;

pub use directory::{Chains, ChainsError};
pub use settings::{ChainSettings, ChainsSettings};
