//! What can be deployed through the service: MACI, and polls of it.
//!
//! - `description`  one document for everything, with a published schema
//! - `scalars`      what stands in its fields
//! - `pointer`      places in it
//! - `config`       requests in the shape the existing service takes
//! - `designing`    what a description asks for
//! - `workshop`     designs planned and applied
//! - `outline`      a plan, as it is told
//! - `telling`      the same in words
//! - [`sources`]      sources shown to explorers
//! - `known`        contracts that are there already
//! - `memory`       what was done, in the store

mod config;
mod description;
mod designing;
mod known;
mod memory;
mod outline;
mod pointer;
mod scalars;
pub mod sources;
mod telling;
mod workshop;

pub(crate) use config::body_pointer;
pub use config::{
    CreditsArgs, CreditsConfig, MaciConfig, MaciPart, Number, PolicyConfig, PollConfig, PollShape, RegistryArgs,
    RegistryPart,
};
pub use description::{
    Description, KeysDescription, MaciDescription, PollDescription, PoseidonDescription, Reuse, schema,
};
pub use designing::CoordinatorChoice;
pub use known::{BadList, OperatorList};
pub use outline::{Outline, OutlinedRefusal, OutlinedStep};
pub use scalars::{CreditsDescription, ModeName, PolicyDescription, When};
pub use workshop::{Workshop, keys};
