use std::path::PathBuf;

use clap::Subcommand;
use maci_coordinator_core::senders::SenderName;

use super::{BackupPassphrase, Passphrase};

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
