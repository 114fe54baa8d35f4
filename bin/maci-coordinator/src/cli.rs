//! The command line: what can be asked for, and in which words.

mod content;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use maci_coordinator_core::senders::{SenderChoice, SenderName};
use maci_protocol::circuit::CircuitId;
use serde::Deserialize;

use crate::settings::Flags;

pub(crate) use content::{Publication, Relay, Verify};

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

/// Where the passphrase that seals keys is read from. Never an argument: arguments are visible to other users.
#[derive(Debug, Args)]
pub(crate) struct Passphrase {
    /// File whose first line is the passphrase; else MACI_PASSPHRASE_FILE, else MACI_PASSPHRASE, else the terminal is asked
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// How the service starts; everything else is in the settings.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub passphrase: Passphrase,
}

/// Where a backup's own passphrase is read from.
#[derive(Debug, Args)]
pub(crate) struct BackupPassphrase {
    /// File whose first line is the backup's passphrase; else the terminal is asked
    #[arg(long, env = "MACI_BACKUP_PASSPHRASE_FILE", value_name = "FILE")]
    pub backup_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Senders {
    /// Every sender on every chain it may send on, with its balance
    List {
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// The address to fund
    Address {
        /// The sender's name in the settings
        #[arg(default_value = "gas")]
        name: SenderName,
        /// The chain, by name or id; needed if the settings describe several
        #[arg(long)]
        chain: Option<String>,
        #[command(flatten)]
        passphrase: Passphrase,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make a coordinator key and seal it
    New {
        /// Name of the key; also its file's name
        #[arg(default_value = "coordinator")]
        name: String,
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// Seal a coordinator key that was made elsewhere: from a file, COORDINATOR_MACI_PRIVATE_KEY, or the terminal
    Import {
        /// Name of the key; also its file's name
        name: String,
        /// File whose first line is the key, `macisk…`; never an argument: arguments are visible to other users
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// Write every key to one new file, sealed under a passphrase of its own
    Backup {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        backup: BackupPassphrase,
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// Take every key of a backup that is not here yet; none is overwritten
    Restore {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        backup: BackupPassphrase,
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// Show the public keys, and the address that pays for gas
    Show {
        /// Only this key
        name: Option<String>,
    },
}

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

/// Who sends, and what opens its key.
#[derive(Debug, Args)]
pub(crate) struct By {
    /// Who sends: its name in the settings, or `session:` and a session key's address; else as the description says, else
    /// who sends there by the settings, else the gas key
    #[arg(long, value_name = "NAME")]
    pub sender: Option<SenderChoice>,
    #[command(flatten)]
    pub passphrase: Passphrase,
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
