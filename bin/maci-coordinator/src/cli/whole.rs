use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{Circuits, Deploy, Finalise, Keys, Passphrase, Poll, Publication, Relay, Senders, Verify, Voter};
use crate::settings::Flags;

/// Runs MACI rounds: reads a poll from the chain, processes and tallies it, proves every step, publishes the result.
#[derive(Debug, Parser)]
#[command(name = "maci-coordinator", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command understands. Each overrules the environment and the configuration file.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Print one JSON object per event and result instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Configuration file in TOML; else the one MACI_CONFIG names, else none
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder for the database, keys and results; else MACI_DATA_DIR, else maci-data
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// JSON-RPC endpoints of the chain, tried in this order, separated by commas; else COORDINATOR_RPC_URL
    #[arg(long, global = true, value_delimiter = ',', value_name = "URL")]
    pub rpc_url: Vec<String>,
    /// Artifacts of the official contracts, as their npm package builds them; else MACI_CONTRACTS
    #[arg(long, global = true, value_name = "DIR")]
    pub contracts: Option<PathBuf>,
    /// Circuits with their keys, in the official layout; else COORDINATOR_ZKEY_PATH
    #[arg(long, global = true, value_name = "DIR")]
    pub zkeys: Option<PathBuf>,
}

impl Global {
    /// What of it is a setting.
    pub(crate) fn flags(&self) -> Flags {
        Flags {
            data_dir: self.data_dir.clone(),
            rpc_urls: self.rpc_url.clone(),
            contracts: self.contracts.clone(),
            zkeys: self.zkeys.clone(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the service: rounds by themselves and by the API, until it is told to stop
    Serve(Serve),
    /// Look for what would keep the service from its work, and say what to do about it
    Doctor,
    /// Who can send transactions, with addresses and balances
    #[command(subcommand)]
    Senders(Senders),
    /// Coordinator keys: born here, kept sealed
    #[command(subcommand)]
    Keys(Keys),
    /// Circuits: compile, make development keys, check what is there
    #[command(subcommand)]
    Circuits(Circuits),
    /// Deploy contracts
    #[command(subcommand)]
    Deploy(Deploy),
    /// Look at polls
    #[command(subcommand)]
    Poll(Poll),
    /// Bring an ended poll to its result on chain; safe to stop and start again at any moment
    Finalise(Finalise),
    Verify(Verify),
    /// Everything a final poll's result rests on, under one root
    #[command(subcommand)]
    Publication(Publication),
    /// Relayed messages
    #[command(subcommand)]
    Relay(Relay),
    /// Act as a voter, for demonstrations and tests
    #[command(subcommand)]
    Voter(Voter),
}

/// How the service starts; everything else is in the settings.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub passphrase: Passphrase,
}
