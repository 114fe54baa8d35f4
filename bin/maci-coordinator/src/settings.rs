//! Everything that is read from the environment beside what the command line declares; read here and nowhere else.
//!
//! The names are those of the existing TypeScript service where it has one.

use zeroize::Zeroizing;

/// The environment's settings. Secrets are erased when dropped; there is no `Debug`.
pub(crate) struct Settings {
    /// `COORDINATOR_MACI_PRIVATE_KEY`: a coordinator key in the clear.
    pub coordinator_key: Option<Zeroizing<String>>,
    /// `PRIVATE_KEY`: an Ethereum key in the clear that pays for gas.
    pub private_key: Option<Zeroizing<String>>,
    /// `MNEMONIC` and `INITIAL_INDEX`: words the gas key is derived from.
    pub mnemonic: Option<(Zeroizing<String>, u32)>,
    /// `MACI_PASSPHRASE`: what seals keys.
    pub passphrase: Option<Zeroizing<String>>,
    /// `MACI_KEY_COST=light`: cheap sealing for development chains.
    pub light_sealing: bool,
    /// `COORDINATOR_MESSAGE_PROCESS_ZKEY_NAME`: the message circuit's name without its mode.
    pub process_zkey: Option<String>,
    /// `COORDINATOR_TALLY_ZKEY_NAME`: the tally circuit's name without its mode.
    pub tally_zkey: Option<String>,
    /// `COORDINATOR_POLL_JOINING_ZKEY_NAME`: the joining circuit's name.
    pub joining_zkey: Option<String>,
    /// `MACI_CIRCUIT_PROFILE`: `september`, `release` or `hardened`, where the key files do not tell.
    pub profile: Option<String>,
    /// `MACI_RELAYED_BATCHES`: folder of backup files of relayed messages.
    pub relayed_batches: Option<std::path::PathBuf>,
    /// `MACI_CIRCUIT_CACHE`: where compiled circuits are kept; else `target/circuits`.
    pub circuit_cache: std::path::PathBuf,
}

impl Settings {
    pub(crate) fn from_environment() -> Self {
        let secret = |name| text(name).map(Zeroizing::new);
        let index = text("INITIAL_INDEX").and_then(|index| index.parse().ok()).unwrap_or(0);
        Self {
            coordinator_key: secret("COORDINATOR_MACI_PRIVATE_KEY"),
            private_key: secret("PRIVATE_KEY"),
            mnemonic: secret("MNEMONIC").map(|words| (words, index)),
            passphrase: secret("MACI_PASSPHRASE"),
            light_sealing: text("MACI_KEY_COST").is_some_and(|cost| cost == "light"),
            process_zkey: text("COORDINATOR_MESSAGE_PROCESS_ZKEY_NAME"),
            tally_zkey: text("COORDINATOR_TALLY_ZKEY_NAME"),
            joining_zkey: text("COORDINATOR_POLL_JOINING_ZKEY_NAME"),
            profile: text("MACI_CIRCUIT_PROFILE"),
            relayed_batches: text("MACI_RELAYED_BATCHES").map(Into::into),
            circuit_cache: text("MACI_CIRCUIT_CACHE").map_or_else(|| "target/circuits".into(), Into::into),
        }
    }
}

/// A variable that is set to something.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment"
)]
fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
