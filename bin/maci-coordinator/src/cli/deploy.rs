use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde::Deserialize;

use super::{By, ModeName, Size};

#[derive(Debug, Subcommand)]
pub(crate) enum Deploy {
    /// MACI with its policy, libraries, factories, verifier and verifying keys
    Maci {
        #[command(flatten)]
        size: Size,
        /// Say what would be done and what it costs, and send nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
    /// A poll with its own policy and credit proxy
    Poll(DeployPoll),
    /// What applying a description would do and cost; sends nothing
    Plan {
        /// The description, in JSON; its schema is docs/schema/deployment.json
        file: PathBuf,
        #[command(flatten)]
        by: By,
    },
    /// Show an explorer the sources of the contracts that were deployed from this data folder
    VerifySource(VerifySource),
    /// Bring a description about; again, it goes on where it was and does nothing twice
    Apply {
        /// The description, in JSON; its schema is docs/schema/deployment.json
        file: PathBuf,
        /// The same as `plan`
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
}

/// Which explorer, and which contracts.
#[derive(Debug, Args)]
pub(crate) struct VerifySource {
    /// Whose API the explorer has; else as the chain's settings say, else Sourcify's
    #[arg(long, value_enum)]
    pub api: Option<ExplorerApi>,
    /// Where its API is; else as the chain's settings say, else that of sourcify.dev or etherscan.io
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// File whose first line is the API key there; Etherscan's API asks for one
    #[arg(long, env = "MACI_EXPLORER_KEY_FILE", value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,
    /// Only this contract
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ExplorerApi {
    /// Sourcify's, version 2
    Sourcify,
    /// Etherscan's, version 2, which other explorers have too
    Etherscan,
}

/// What kind of poll to deploy.
#[derive(Debug, Args)]
pub(crate) struct DeployPoll {
    /// Address of MACI; else the last one deployed from this data folder
    #[arg(long, value_name = "ADDRESS")]
    pub maci: Option<String>,
    /// Voting mode
    #[arg(long, value_enum, default_value = "qv")]
    pub mode: ModeName,
    /// Start of voting, in Unix seconds; else now
    #[arg(long, value_name = "SECONDS")]
    pub start: Option<u64>,
    /// End of voting, in Unix seconds
    #[arg(long, value_name = "SECONDS", conflicts_with = "duration")]
    pub end: Option<u64>,
    /// Length of voting, in seconds
    #[arg(long, value_name = "SECONDS", required_unless_present = "end")]
    pub duration: Option<u64>,
    /// Vote options
    #[arg(long, default_value_t = 5)]
    pub options: u32,
    /// Voice credits of every voter
    #[arg(long, default_value_t = 100)]
    pub credits: u64,
    /// Messages in a batch; must be that of the circuits
    #[arg(long)]
    pub batch: u8,
    /// Depth of the vote option tree
    #[arg(long)]
    pub vote_option_depth: u8,
    /// Depth of a tally batch
    #[arg(long)]
    pub tally_depth: u8,
    /// Name of the coordinator key
    #[arg(long, default_value = "coordinator")]
    pub key: String,
    /// Say what would be done and what it costs, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub by: By,
}
