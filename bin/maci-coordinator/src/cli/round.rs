use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::By;

/// Which poll.
#[derive(Clone, Debug, Args)]
pub(crate) struct Which {
    /// Address of MACI; else the last one deployed from this data folder
    #[arg(long, value_name = "ADDRESS")]
    pub maci: Option<String>,
    /// Number of the poll
    #[arg(long, default_value_t = 0)]
    pub poll: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Poll {
    /// What the chain says of a poll
    Show {
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Finalise {
    #[command(flatten)]
    pub which: Which,
    /// Name of the coordinator key; else the one in COORDINATOR_MACI_PRIVATE_KEY, else the sealed key that fits the poll
    #[arg(long)]
    pub key: Option<String>,
    #[command(flatten)]
    pub by: By,
    /// Wait for the end of voting instead of refusing an open poll
    #[arg(long)]
    pub wait: bool,
    /// Seconds between the end of voting and the merge; else what the settings say
    #[arg(long)]
    pub margin: Option<u64>,
    /// Blocks behind the head at which the ledger calls a block final; else what suits the chain
    #[arg(long)]
    pub confirmations: Option<u64>,
    /// First block to read; else the block MACI was deployed in, which is searched for
    #[arg(long)]
    pub start_block: Option<u64>,
    /// Proof files of another tool that already put batches on chain (`process_<i>.json`, `tally_<i>.json`)
    #[arg(long, value_name = "DIR")]
    pub proof_files: Option<PathBuf>,
    /// Proofs made at the same time; else as many as memory and cores allow
    #[arg(long)]
    pub parallel: Option<usize>,
    /// Memory that proofs may use together, in MiB; else three quarters of what is free
    #[arg(long, value_name = "MIB")]
    pub memory: Option<u64>,
    /// Use development keys on a public main network
    #[arg(long)]
    pub allow_development_keys: bool,
}
