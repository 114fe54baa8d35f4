use std::path::PathBuf;

use clap::Args;
use maci_coordinator_core::senders::SenderChoice;

/// Where the passphrase that seals keys is read from. Never an argument: arguments are visible to other users.
#[derive(Debug, Args)]
pub(crate) struct Passphrase {
    /// File whose first line is the passphrase; else MACI_PASSPHRASE_FILE, else MACI_PASSPHRASE, else the terminal is asked
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// Where a backup's own passphrase is read from.
#[derive(Debug, Args)]
pub(crate) struct BackupPassphrase {
    /// File whose first line is the backup's passphrase; else the terminal is asked
    #[arg(long, env = "MACI_BACKUP_PASSPHRASE_FILE", value_name = "FILE")]
    pub backup_passphrase_file: Option<PathBuf>,
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
