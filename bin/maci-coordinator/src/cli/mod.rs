//! The command line: what can be asked for, and in which words.
//!
//! - `whole`      the program, its commands, and the options that all of them understand
//! - `authority`  who sends, and where passphrases are read from
//! - `keys`       coordinator keys and senders
//! - `circuits`   sizes, compiling, keys for development, ceremonies
//! - `deploy`     contracts and polls
//! - `round`      which poll, how it stands, bringing it to its result
//! - `content`    what is published, and checking it
//! - `voter`      what a voter does

mod authority;
mod circuits;
mod content;
mod deploy;
mod keys;
mod round;
mod voter;
mod whole;

pub(crate) use authority::{BackupPassphrase, By, Passphrase};
pub(crate) use circuits::{Circuits, KnownSize, ModeName, Size};
pub(crate) use content::{Publication, Relay, Verify};
pub(crate) use deploy::{Deploy, DeployPoll, ExplorerApi, VerifySource};
pub(crate) use keys::{Keys, Senders};
pub(crate) use round::{Finalise, Poll, Which};
pub(crate) use voter::Voter;
pub(crate) use whole::{Cli, Command, Serve};
