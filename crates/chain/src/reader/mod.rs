//! Where a poll stands, read from its contracts.
//!
//! - `poll`       a poll's contracts and fixed parameters
//! - `standing`   everything that changes, at one block
//! - `keys`       the verifying keys its contracts will use
//! - `inputs`     public inputs and proofs as the contracts see them
//! - `relaying`   what a relayer asks
//! - `error`      what cannot be read, and why

mod error;
mod inputs;
mod keys;
mod poll;
mod relaying;
mod standing;

pub use error::ReadError;
pub(crate) use keys::to_words;
pub use keys::{KeySlot, RegisteredKeys, Registry};
pub use poll::{ExternalContracts, Period, PollAddresses, PollReader};
pub use relaying::LandedError;
pub use standing::{Merged, Processing, Standing, TallyResult, Tallying};
