//! What goes over the wire: bodies read strictly, answers written, and their schemas. Wire values are never stored, and
//! values of the service are never served as they are.
//!
//! - `fields`, `rules`   reading a body, with one complaint per wrong field
//! - `scalars`           schemas of addresses, chains, modes and numbers
//! - `rounds`            bodies about one poll: merge, generate, submit, schedule
//! - `deploy`            bodies that deploy
//! - `answers`           what the original service's routes answer
//! - `paths`             ids in paths

mod answers;
mod deploy;
mod fields;
mod paths;
mod refusals;
mod rounds;
pub(crate) mod rules;
mod scalars;

#[cfg(test)]
mod tests;

pub use answers::{
    Contracts, Deleted, GeneratedProofs, MaciAddress, PollNumber, Proof, PublicKey, Scheduled, SessionKey, SubgraphUrl,
    TallyData,
};
pub use deploy::{DeployMaciBody, DeployPollBody, PolicyBody, SubgraphBody};
pub(crate) use fields::{Fields, FromFields, read};
pub(crate) use paths::{chain_text, job_text, poll_path};
pub use refusals::{MessageBody, ProblemBody, ProblemDetails};
pub use rounds::{GenerateBody, PollBody, RegisterBody, SessionKeyBody, WatchBody};
pub use scalars::{AddressText, BlockHeight, ChainName, Decimal, HexText, ModeNumber, Moment, PollInteger};
