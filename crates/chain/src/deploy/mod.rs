//! MACI, polls and verifying keys, brought onto a chain step by step.
//!
//! A [`Design`] says what is wanted. It is drawn as a graph of steps, each a contract, a clone or a call; [`apply`] walks
//! the graph and sends what has not been done, [`plan`] walks the same graph and tries it out instead. A step is known
//! again by the design's name and by what it calls, so that an interrupted deployment goes on where it was.
//!
//! - `design`      what is wanted
//! - `policy`      who may sign up or join: all policies, as a table
//! - `credits`     how many credits a voter gets
//! - `keys`        verifying keys for several modes and sizes
//! - `check`       what is wrong with a design, seen before anything is sent
//! - `complaint`   one such thing, with its place
//! - `reuse`       contracts that are there already, compared with the artifacts
//! - `origin`      what a contract was compiled from, for explorers
//! - `graph`       the steps
//! - `step`        one step: its call, and what it leaves
//! - `walk`        all steps, in waves
//! - `apply`       walking and sending
//! - `plan`        walking and trying out: `simulate` where the node can, `reckon` where it cannot
//! - `memory`      what was done, kept by somebody else
//! - `record`      what was deployed, as `deployed-contracts.json` wants it
//! - `error`       what can go wrong

mod apply;
mod check;
mod complaint;
mod credits;
mod design;
mod error;
mod graph;
mod keys;
mod memory;
mod origin;
mod plan;
mod policy;
mod reckon;
mod record;
mod reuse;
mod simulate;
mod step;
mod walk;

pub use apply::{Contracts, MaciContracts, PollContracts, Watch, apply};
pub use check::Ground;
pub use complaint::Complaint;
pub use credits::VoiceCredits;
pub use design::{Design, MaciDesign, NewMaci, PolicyDesign, PollDesign, VerifierKind};
pub use error::DeployError;
pub use keys::{KeySet, ModeKeys};
pub use memory::{Forgetful, Memory, MemoryError, Remembered, StepKey};
pub use origin::{NoSource, Sourced, source_of, sourced};
pub use plan::{Fate, Plan, PlannedStep, plan};
pub use policy::{Argument, ArgumentKind, Policy, PolicyName};
pub use record::Deployed;
pub use reuse::{Comparer, Known, Mismatch, Origin, Refusal};
