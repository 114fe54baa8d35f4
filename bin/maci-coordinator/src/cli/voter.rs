use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Passphrase, Which};

/// Files of one voter. A voter's key is read from a file, never from an argument.
#[derive(Debug, Args)]
pub(crate) struct VoterKey {
    /// File with the voter's keypair (JSON); made by `signup` when it is not there
    #[arg(long, value_name = "FILE")]
    pub voter: PathBuf,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Voter {
    /// Sign up with MACI
    Signup {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        voter: VoterKey,
    },
    /// Join a poll, with a proof of having signed up
    Join {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        voter: VoterKey,
    },
    /// Publish one encrypted vote
    Vote {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        voter: VoterKey,
        /// Vote option
        #[arg(long)]
        option: u64,
        /// Weight
        #[arg(long)]
        weight: u64,
        /// Nonce: 1 for the vote published last
        #[arg(long, default_value_t = 1)]
        nonce: u64,
        /// Keypair file to change to
        #[arg(long, value_name = "FILE")]
        new_key: Option<PathBuf>,
    },
}
