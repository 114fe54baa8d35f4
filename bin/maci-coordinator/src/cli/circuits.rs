use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use maci_protocol::circuit::CircuitId;

/// Size of a set of circuits.
#[derive(Clone, Debug, Args)]
pub(crate) struct Size {
    /// A known set
    #[arg(long, value_enum)]
    pub size: Option<KnownSize>,
    /// Depth of the state tree
    #[arg(long, required_unless_present = "size")]
    pub state_depth: Option<u8>,
    /// Messages in a batch
    #[arg(long, required_unless_present = "size")]
    pub batch: Option<u8>,
    /// Depth of the vote option tree (arity 5)
    #[arg(long, required_unless_present = "size")]
    pub vote_option_depth: Option<u8>,
    /// Depth of a tally batch (2^depth ballots)
    #[arg(long, required_unless_present = "size")]
    pub tally_depth: Option<u8>,
    /// Voting modes wanted
    #[arg(long = "mode", value_enum, value_delimiter = ',', default_values_t = [ModeName::Qv, ModeName::NonQv, ModeName::Full])]
    pub modes: Vec<ModeName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KnownSize {
    /// 31 voters, batches of 3, 5 options: compiles in minutes
    Tiny,
    /// 1,023 voters, batches of 20, 25 options: upstream's test size
    #[value(name = "10-20-2")]
    Test,
    /// 16,383 voters, batches of 25, 125 options: the ceremony's size
    #[value(name = "14-25-3")]
    Ceremony,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeName {
    /// Quadratic voting
    Qv,
    /// A vote costs its weight
    NonQv,
    /// All credits on one option
    Full,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Circuits {
    /// Compile circuits of one size with circom
    Build {
        #[command(flatten)]
        size: Size,
        /// Folder with the circom sources and their npm packages
        #[arg(long, env = "MACI_CIRCUITS", default_value = "circuits", value_name = "DIR")]
        sources: PathBuf,
    },
    /// Compile circuits of one size, make development keys for them and compile their calculators for this machine
    Setup {
        #[command(flatten)]
        size: Size,
        /// Folder with the circom sources and their npm packages
        #[arg(long, env = "MACI_CIRCUITS", default_value = "circuits", value_name = "DIR")]
        sources: PathBuf,
    },
    /// Check that keys, calculators and constraint systems belong together
    Check,
    /// Write what a ceremony for production keys starts from: constraints, keys that nobody has contributed to, checksums, instructions
    Export {
        #[command(flatten)]
        size: Size,
        /// Powers of tau, prepared for phase 2 (snarkjs's format)
        #[arg(long, value_name = "FILE")]
        ptau: PathBuf,
        /// Folder to write
        #[arg(long, value_name = "DIR")]
        into: PathBuf,
    },
    /// Check a key that came out of a ceremony: every point, and every contribution
    VerifyKey {
        /// The circuit, such as MessageProcessorQv_14-25-3
        circuit: CircuitId,
        /// The contributed key
        zkey: PathBuf,
        /// Powers of tau that the ceremony started from
        #[arg(long, value_name = "FILE")]
        ptau: PathBuf,
        /// The circuit's constraints; else those that were built
        #[arg(long, value_name = "FILE")]
        r1cs: Option<PathBuf>,
    },
}
