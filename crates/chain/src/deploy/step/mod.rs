//! One step of a deployment: what it needs, what is called for it, what it leaves.
//!
//! - `act`          what a step does
//! - `call`         the call it takes, once everything it needs is there
//! - `left`         what it left on the chain
//! - `constructor`  what MACI's constructor is given, in both generations
//! - `deploy_poll`  what `deployPoll` is given, in both generations

mod act;
mod call;
mod constructor;
mod deploy_poll;
mod left;

pub(super) use act::{Act, Arguments, Site, Step, record_id};
pub(super) use call::Prepared;
pub(super) use left::{Left, Said, Traces};
