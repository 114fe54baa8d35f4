//! MACI, polls and verifying keys, brought onto a chain step by step.
//!
//! Every step is one call with a purpose made of the deployment's label, so that a deployment that
//! was interrupted goes on where it was when it is started again under the same label.
//!
//! - `steps`     one contract, one clone, one policy's target
//! - `policy`    the policies that can be deployed, a row each
//! - `credits`   the voice-credit proxies that can be deployed, a row each
//! - `keys`      verifying keys, set once and compared ever after
//! - `maci`      everything around a MACI contract
//! - `poll`      a poll of it
//! - `record`    what was deployed, as `deployed-contracts.json` wants it
//! - `error`     what can go wrong

mod credits;
mod error;
mod keys;
mod maci;
mod policy;
mod poll;
mod record;
mod steps;

pub use credits::VoiceCredits;
pub use error::DeployError;
pub use keys::{KeySet, ModeKeys, set_verifying_keys};
pub use maci::{MaciContracts, MaciSettings, VerifierKind, deploy_maci};
pub use policy::PolicyKind;
pub use poll::{PollContracts, PollSettings, deploy_poll};
pub use record::Deployed;
pub use steps::Deployer;
