//! What can be deployed through the service: MACI, and polls of it.
//!
//! - `config`   requests in the shape the existing service takes
//! - `run`      a deployment as a step that may die and go on

mod config;

pub use config::{
    CreditsArgs, CreditsConfig, MaciConfig, MaciPart, Number, PolicyConfig, PollConfig, PollShape, RegistryArgs,
    RegistryPart,
};
