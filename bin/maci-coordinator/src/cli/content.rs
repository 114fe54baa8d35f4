use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Which;

/// Check a result against the chain, with no key and no trust: a tally file, or a whole round
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub which: Which,
    /// The tally file; else the one in the data folder
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    pub tally: Option<PathBuf>,
    /// What was published of the round: a content identifier, a CAR file, or a folder with its files. Everything is
    /// checked again: the history, every proof, every commitment, the result
    #[arg(long, value_name = "CID|FILE.car|DIR")]
    pub from: Option<String>,
    /// Gateways to fetch it from, separated by commas; else those of the settings
    #[arg(long, value_delimiter = ',', value_name = "URL", requires = "from")]
    pub gateway: Vec<String>,
    /// First block to read; else the block the poll was deployed in, which is searched for
    #[arg(long, requires = "from")]
    pub start_block: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Publication {
    /// Put together everything a final poll's result rests on, for anybody to check and keep
    Export {
        #[command(flatten)]
        which: Which,
        /// CAR file to write: everything in one file, to be imported anywhere on IPFS
        #[arg(long, value_name = "FILE", required_unless_present = "into")]
        car: Option<PathBuf>,
        /// Folder to write the files to
        #[arg(long, value_name = "DIR")]
        into: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Relay {
    /// Take in backup files of relayed messages (`0x….json`), check them, and publish them from here
    Import {
        /// Files, or folders of them
        #[arg(required = true, value_name = "FILE|DIR")]
        files: Vec<PathBuf>,
    },
}
